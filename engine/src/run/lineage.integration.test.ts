import { createTestDatabase } from '@datacraft/migrations/testing';
import { indexLineage, lineageGraph } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLineage } from '../store/lineage.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const first = `${sqlCells({
  raw: "select range as id, range * 2.5 as amount, 'c' || range % 2 as channel from range(4)",
  helper: '---\nmaterialize: ephemeral\n---\nselect id, amount, channel from raw where amount >= $low',
  sales: '---\nlayer: gold\n---\nselect channel, sum(amount) as total from helper group by channel',
})}

\`\`\`input low
type: number
default: 0
\`\`\`

\`\`\`chart totals
from: sales
type: bar
x: channel
y: total
\`\`\`
`;

describe('the lineage that a run publishes', () => {
  it('is there after the run, across ephemeral cells, inputs, charts and notebooks', async () => {
    await shop.run(first, { owner: 'one' });
    await shop.run(sqlCells({ report: 'select total * 2 as twice from gold.sales' }), { owner: 'two' });
    const index = indexLineage(lineageGraph(await loadLineage(shop.deps.db)));
    const down = index.reach({ key: 'silver.raw', column: 'amount' }, 'down');
    expect(down.get('gold.sales')?.get('total')).toBe('direct');
    expect(down.get('silver.report')?.get('twice')).toBe('direct');
    const [chart] = [...down.keys()].filter((key) => key.endsWith('/totals'));
    expect([...(down.get(chart ?? '')?.values() ?? [])]).toContain('direct');
    const up = index.reach({ key: 'silver.report', column: 'twice' }, 'up');
    expect(up.get('silver.raw')).toEqual(
      new Map([
        ['amount', 'direct'],
        ['channel', 'indirect'],
      ]),
    );
    expect([...up.keys()].some((key) => key.endsWith('/low'))).toBe(true);
  });

  it('follows the text, and forgets cells that are gone', async () => {
    await shop.run(sqlCells({ a: 'select 1 as x', b: 'select x from a' }), { owner: 'four' });
    await shop.run(sqlCells({ a: 'select 1 as x', c: 'select x + 1 as y from a' }), { owner: 'four' });
    const cells = (await loadLineage(shop.deps.db)).filter(({ owner }) => owner.includes('four'));
    expect(cells.map(({ cell }) => cell)).toEqual(['a', 'c']);
    expect(cells[1]?.columns[0]?.from).toEqual([{ table: 'silver.a', column: 'x', kind: 'direct', how: 'transform' }]);
  });
});
