import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openScorer } from '../model/scorer.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import { loadModelBytes, promoteModel } from '../store/models.ts';
import { createStreamBench } from './testing/stream-bench.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const trainer = (trees: number) => `\`\`\`sql loans
select 1000 + (i * 7919) % 9000 as income, (i * 31) % 4 as debts, (i * 7919) % 9000 < 3000 + 900 * ((i * 31) % 4) as defaulted
from range(900) t(i)
\`\`\`

\`\`\`model risk
task: classification
from: loans
target: defaulted
features: [income, debts]
algorithm: random_forest
params: { trees: ${trees} }
\`\`\`
`;
const stream = `\`\`\`source asked
type: webhook
columns: { n: integer, income: integer, debts: integer }
\`\`\`

\`\`\`sql answered
---
refresh: streaming
---
select n, predict_risk(a).probability as p from asked a
\`\`\`
`;

const rows = Array.from({ length: 20 }, (_, n) => ({ n, income: 1_000 + n * 450, debts: n % 4 }));

async function answersOf(version: number) {
  const scorer = openScorer((await loadModelBytes(shop.deps.db, 'risk', version)) ?? new Uint8Array());
  return scorer
    .predict(rows.map(({ income, debts }) => ({ income, debts })))
    .map(({ probability }, n) => [n, probability]);
}

const answered = (from: number) => shop.rows(`select n, p from silver.answered where n >= ${from} order by n`);

it('a streaming cell asks the champion for each row that came, and the next one once it is promoted, to the last bit', async () => {
  const trained = await shop.run(trainer(10), { owner: 'trainer' });
  expect(trained.tasks.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  const bench = await createStreamBench(shop, 'scoring', stream);
  await bench.push('asked', rows.slice(0, 12));
  expect((await bench.commit('asked', new Date(Date.UTC(2026, 0, 1))))?.failedCells).toEqual({});
  const first = await answersOf(1);
  expect(await answered(0)).toEqual(first.slice(0, 12));

  await shop.run(trainer(30), { owner: 'trainer' });
  await promoteModel(shop.deps.db, 'risk', 2, null);
  await bench.push('asked', rows.slice(12));
  expect((await bench.commit('asked', new Date(Date.UTC(2026, 0, 2))))?.failedCells).toEqual({});
  const next = await answersOf(2);
  expect(next).not.toEqual(first);
  expect(await answered(12)).toEqual(next.slice(12));
}, 120_000);
