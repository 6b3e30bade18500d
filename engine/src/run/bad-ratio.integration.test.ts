import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const cell = (more: string) =>
  `\`\`\`source counted\ntype: csv\npath: ./counted.csv\ncolumns: { n: integer }\nrejects: table\n${more}\`\`\`\n`;

describe('max_bad_ratio of a run', () => {
  it('stops a source too many of whose rows are bad, says so, and keeps the last good table', async () => {
    await shop.file('counted.csv', `n\n${Array.from({ length: 19 }, (_, n) => n).join('\n')}\nx\n`);
    expect(taskOf(await shop.run(cell('max_bad_ratio: 0.05\n')), 'counted')).toMatchObject({ state: 'succeeded' });
    await shop.file('counted.csv', `n\n${Array.from({ length: 17 }, (_, n) => n).join('\n')}\nx\ny\nz\n`);
    const { state, error } = taskOf(await shop.run(cell('max_bad_ratio: 0.05\n')), 'counted');
    expect([state, error?.code]).toEqual(['failed', 'source-rows-rejected']);
    expect(error?.message).toContain('3 of 20 rows (15 %) could not be read, more than max_bad_ratio: 0.05 lets pass');
    expect(await shop.rows('select count(*)::int from bronze.counted')).toEqual([[19]]);
    expect(taskOf(await shop.run(cell('max_bad_ratio: 0.2\n')), 'counted')).toMatchObject({ state: 'succeeded' });
    expect(await shop.rows('select count(*)::int from bronze.counted_rejects')).toEqual([[3]]);
  });

  it('counts rows that are set aside: without rejects: table it is a finding', async () => {
    const { compiled } = await shop.input(cell('max_bad_ratio: 0.2\n').replace('rejects: table\n', ''));
    expect(compiled.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['bad-value', expect.stringContaining('say rejects: table as well')],
    ]);
  });
});
