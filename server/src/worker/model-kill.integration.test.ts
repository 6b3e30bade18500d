/**
 * A training, a promotion by rule and a move of online features, killed at random moments: they are there together with
 * the tables of their run, or not at all.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withQuery } from '@datacraft/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datacraft, startProgram } from '../testing/datacraft.ts';
import type { KillWorkspace } from '../testing/kill-workspace.ts';
import { createKillWorkspace } from '../testing/kill-workspace.ts';
import { randomOf } from '../testing/random.ts';

const CYCLES = 8;
const ENTITIES = 3000;
let workspace: KillWorkspace;
beforeAll(async () => {
  workspace = await createKillWorkspace();
});
afterAll(() => workspace.close());

const notebook = (v: number) => `---
datacraft: 1
title: Killed
---

\`\`\`sql kf_features
---
layer: gold
feature_table: { entity: farmer_id, timestamp: known_at }
---
select f as farmer_id, timestamp '2024-01-01' + to_days(${v}) as known_at, ${v} as v, (hash(f) % 100)::integer as harvest
from range(${ENTITIES}) t(f)
\`\`\`

\`\`\`sql kf_loans
select i as loan_id, i % ${ENTITIES} as farmer_id, timestamp '2025-06-01' as asked_at, ${v} + (hash(i) % 1000)::integer as amount,
  hash(i % ${ENTITIES}) % 100 + hash(i + ${v}) % 30 > 60 as defaulted from range(6000) t(i)
\`\`\`

\`\`\`model kf_risk
task: classification
from: kf_loans
time_column: asked_at
target: defaulted
features: [amount, harvest]
feature_tables: kf_features
algorithm: random_forest
params: { trees: 40, depth: 8 }
promote: { metric: auc }
\`\`\`
`;

async function one(sql: string): Promise<Record<string, unknown>> {
  return (await workspace.database.pool.query(sql)).rows[0] ?? {};
}

/** Which version of the notebook everything is of; null when nothing was published. */
async function wholeVersion(): Promise<number | null> {
  const { runs, run } = await one(
    `select count(distinct run_id)::int as runs, min(run_id) as run from relations where name like 'kf_%'`,
  );
  if (runs === 0) return null;
  expect(runs).toBe(1);
  const online = await one(
    `select count(*)::int as entities, count(distinct features ->> 'v')::int as kinds, min(features ->> 'v')::float::int as v, min(run_id) as run
       from online_features where relation = 'gold.kf_features'`,
  );
  const sql = 'select any_value(v)::int, count(distinct v)::int from gold.kf_features';
  const [table] = await withQuery(
    { sql },
    workspace.deps,
    async ({ session, select }) => (await session.rows(select)).rows,
  );
  expect(online).toEqual({ entities: ENTITIES, kinds: 1, v: table?.[0], run });
  expect(table?.[1]).toBe(1);
  const models = await one(
    `select (select run_id from model_versions order by version desc limit 1) as run,
       (select count(*)::int from model_versions) as versions, (select count(distinct run_id)::int from model_versions) as runs,
       (select version from model_aliases where alias = 'champion') as champion,
       (select version from model_promotions order by id desc limit 1) as promoted,
       (select count(*)::int from model_aliases where alias = 'champion') as champions`,
  );
  expect(models).toMatchObject({ run, champions: 1, versions: models['runs'], champion: models['promoted'] });
  return Number(table?.[0]);
}

it('kill -9 in training, promotion or the move of online features leaves nothing half done', async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`kill -9 of models: seed ${seed}`);
  const random = randomOf(seed);
  const file = path.join(workspace.folder, 'killed-model.md');
  await writeFile(file, notebook(0));
  const startedAt = performance.now();
  expect((await datacraft(['run', file], workspace.env)).code).toBe(0);
  const wholeMs = performance.now() - startedAt;
  expect(await wholeVersion()).toBe(0);
  let last = 0;
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    await writeFile(file, notebook(cycle));
    const program = startProgram(['run', file], workspace.env);
    await sleep(wholeMs * (0.4 + 0.6 * random()));
    program.child.kill('SIGKILL');
    await program.outcome;
    const version = await wholeVersion();
    expect([last, cycle]).toContain(version);
    last = version ?? last;
  }
  expect((await datacraft(['run', file], workspace.env)).code).toBe(0);
  expect(await wholeVersion()).toBe(CYCLES);
}, 240_000);
