import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  const lines = Array.from({ length: 20_000 }, (_, id) => `${id},${(id * 7919) % 1000},"c ${id % 13}"`);
  await shop.file('orders.csv', `id,amount,channel\n${lines.join('\n')}\nbroken\n`);
});
afterAll(() => shop.close());

const notebook = (seed: number) => `---
datacraft: 1
title: Twice
---

\`\`\`source made
type: simulator
template: ecommerce_orders
rows: 5000
dirt: 5%
seed: ${seed}
\`\`\`

\`\`\`source read
type: csv
path: ./orders.csv
rejects: table
\`\`\`

\`\`\`sql ranked
select *, row_number() over (partition by channel order by amount, id) as place from read where amount > 10
\`\`\`

\`\`\`sql summed
select m.channel, count(*) as orders, sum(m.amount) as amount from made m group by all
\`\`\`
`;

const TABLES = ['bronze.made', 'bronze.read', 'bronze.read_rejects', 'silver.ranked', 'silver.summed'];

async function checksums(): Promise<string[]> {
  const sums = TABLES.map(async (table) => {
    const [row] = await shop.rows(`select count(*), bit_xor(hash(t)) from ${table} t`);
    return `${table}: ${String(row?.[0])} rows, ${String(row?.[1])}`;
  });
  return Promise.all(sums);
}

async function fingerprints(): Promise<Record<string, string>> {
  const { rows } = await shop.deps.db.query<{ name: string; fingerprint: string }>(
    `select layer || '.' || name as name, fingerprint from relations`,
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.fingerprint]));
}

describe('executing a fingerprint twice', () => {
  it('I4 gives the same rows, of sources and of cells, for any seed', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`twice: seed ${seed}`);
    const seen = new Set<string>();
    for (const each of [seed, seed + 1, seed + 2]) {
      const first = await shop.run(notebook(each), { fullRefresh: true });
      expect(first.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
      const before = { fingerprints: await fingerprints(), checksums: await checksums() };
      const second = await shop.run(notebook(each), { fullRefresh: true });
      expect(second.tasks.map((task) => task.state)).not.toContain('skipped');
      expect({ fingerprints: await fingerprints(), checksums: await checksums() }).toEqual(before);
      seen.add(before.fingerprints['bronze.made'] ?? '');
    }
    expect(seen.size).toBe(3);
  });
});
