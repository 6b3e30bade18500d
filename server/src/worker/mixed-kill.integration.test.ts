/**
 * A pipeline of a batch, three kinds of increments and checks, killed at random moments of run after run. What must hold
 * each time: all its tables are of one run (I1), what was appended is there once, the ledger has the intervals of that run
 * (I3), and what came in is stored or quarantined (I7). `DATACRAFT_PROOF_RUN_KILLS` makes it as long as wanted.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withQuery } from '@datacraft/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datacraft, startProgram } from '../testing/datacraft.ts';
import type { KillWorkspace } from '../testing/kill-workspace.ts';
import { createKillWorkspace } from '../testing/kill-workspace.ts';
import { randomOf } from '../testing/random.ts';

const KILLS = Number(process.env['DATACRAFT_PROOF_RUN_KILLS'] ?? 12);
const BATCH = 2_000;
/** Every tenth row breaks the rule. */
const BAD = BATCH / 10;
let workspace: KillWorkspace;
beforeAll(async () => {
  workspace = await createKillWorkspace();
});
afterAll(() => workspace.close());

const text = `---
datacraft: 1
title: Mixed
---

\`\`\`source mixed_in
type: csv
path: ./mixed.csv
columns: { id: integer, batch: integer, v: integer, day: date }
\`\`\`

\`\`\`sql mixed_stored
---
materialize: incremental
strategy: merge
unique_key: [batch, id]
sequence_by: batch
expect:
  - not_null: [id, batch]
  - expression: v >= 0
    on_violation: quarantine
---
select * from mixed_in
\`\`\`

\`\`\`sql mixed_latest
---
materialize: incremental
unique_key: id
sequence_by: batch
---
select id, batch, v from mixed_stored
\`\`\`

\`\`\`sql mixed_months
---
materialize: incremental
strategy: replace_interval
time_column: day
interval: month
start: 2024-01-01
lookback: 1000
allow_partials: true
---
select day, count(*) as n, sum(v) as total from mixed_stored group by day
\`\`\`

\`\`\`sql mixed_log
---
materialize: incremental
strategy: append
---
select max(batch) as batch, count(*) as n, sum(v) as total from mixed_stored
\`\`\`
`;

/** All batches up to this one; the last of each ten rows is bad. */
function csv(last: number): string {
  const rows = Array.from({ length: last * BATCH }, (_, at) => {
    const [batch, id] = [Math.floor(at / BATCH) + 1, at % BATCH];
    return `${id},${batch},${id % 10 === 9 ? -1 : batch + id},2024-${String((batch % 12) + 1).padStart(2, '0')}-05`;
  });
  return `id,batch,v,day\n${rows.join('\n')}\n`;
}

/** Of good rows up to this batch. */
function totalOf(last: number): number {
  let total = 0;
  for (let batch = 1; batch <= last; batch += 1)
    for (let id = 0; id < BATCH; id += 1) if (id % 10 !== 9) total += batch + id;
  return total;
}

async function numbers(sql: string): Promise<number[]> {
  const read = withQuery({ sql }, workspace.deps, async ({ session, select }) => (await session.rows(select)).rows);
  return ((await read)[0] ?? []).map(Number);
}

/** The batch up to which everything is there; 0 before the first publish. */
async function wholeUpTo(): Promise<number> {
  const { pool } = workspace.database;
  const { rows: runs } = await pool.query<{ run_id: string }>(
    `select distinct run_id from relations where name like 'mixed\\_%' union select distinct run_id from intervals`,
  );
  if (runs.length === 0) return 0;
  expect(runs).toHaveLength(1);
  const [batch = 0, ...found] = await numbers(
    `select (select max(batch) from silver.mixed_stored),
       (select count(*) from silver.mixed_stored), (select sum(v) from silver.mixed_stored),
       (select count(*) from silver.mixed_stored_quarantine),
       (select count(*) from silver.mixed_latest), (select min(batch) from silver.mixed_latest),
       (select sum(n) from silver.mixed_months), (select sum(total) from silver.mixed_months),
       (select count(*) - count(distinct batch) from silver.mixed_log), (select max(batch) from silver.mixed_log)`,
  );
  const [good, total] = [batch * (BATCH - BAD), totalOf(batch)];
  expect(found).toEqual([good, total, batch * BAD, BATCH - BAD, batch, good, total, 0, batch]);
  return batch;
}

describe('kill -9 of a mixed pipeline', () => {
  it(`I1 I3 I7 leaves tables, ledger and quarantine of one run, ${KILLS} times`, async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of a mixed pipeline: seed ${seed}`);
    const random = randomOf(seed);
    const file = path.join(workspace.folder, 'mixed.md');
    const data = path.join(workspace.folder, 'mixed.csv');
    await writeFile(file, text);
    await writeFile(data, csv(1));
    const startedAt = performance.now();
    const first = await datacraft(['run', file], workspace.env);
    expect(first.code, first.err).toBe(0);
    const wholeMs = performance.now() - startedAt;
    let [last, batch, killed] = [await wholeUpTo(), 1, 0];
    while (killed < KILLS) {
      if (last === batch) await writeFile(data, csv((batch += 1)));
      const program = startProgram(['run', file], workspace.env);
      // Most of a run is the start of the program; the moments that matter lie in its last part.
      await sleep(wholeMs * (0.3 + 0.8 * random()));
      if (program.child.kill('SIGKILL')) killed += 1;
      await program.outcome;
      const now = await wholeUpTo();
      expect([last, batch]).toContain(now);
      last = now;
    }
    const done = await datacraft(['run', file], workspace.env);
    expect(done.code, done.err).toBe(0);
    expect(await wholeUpTo()).toBe(batch);
    console.log(`${killed} kills, ${batch} batches published`);
  }, 3_000_000);
});
