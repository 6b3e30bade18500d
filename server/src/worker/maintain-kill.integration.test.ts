/**
 * `datacraft maintain`, killed at random moments while a pipeline publishes: every snapshot that is still named has the
 * rows it was published with (K1, K3), and the maintenance after the last kill ends what the others began (K4).
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryDeps } from '@datacraft/engine';
import { loadTable, snapshotsOf, withQuery } from '@datacraft/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datacraft, startProgram } from '../testing/datacraft.ts';
import type { KillWorkspace } from '../testing/kill-workspace.ts';
import { createKillWorkspace } from '../testing/kill-workspace.ts';

const CYCLES = 5;
const ROWS = 50;
const ref = { layer: 'silver', name: 'kept' } as const;
let workspace: KillWorkspace;
let folder: string;
let deps: QueryDeps;
let env: Record<string, string>;

beforeAll(async () => {
  workspace = await createKillWorkspace();
  ({ folder, deps, env } = workspace);
});
afterAll(() => workspace.close());

const notebook = (v: number) => `---
datacraft: 1
title: Kept
---

\`\`\`sql fresh
select ${v} as v
\`\`\`

\`\`\`sql kept
---
materialize: incremental
strategy: append
---
select v, i from fresh, range(${ROWS}) t(i)
\`\`\`
`;

/** Snapshot n of a table that only grows has n times the rows, of versions that follow one another. */
async function checkEverySnapshot(): Promise<number> {
  const table = await loadTable(deps.db, deps.lake, ref);
  const snapshots = table ? snapshotsOf(table) : [];
  for (const { snapshotId, rows } of snapshots) {
    const sql = `select count(*)::int, count(distinct v)::int, max(v)::int from silver.kept`;
    const request = { sql, asOf: { snapshotId } };
    const [found] = await withQuery(request, deps, async ({ session, select }) => (await session.rows(select)).rows);
    const versions = rows / ROWS;
    expect(found).toEqual([rows, versions, versions - 1]);
  }
  return snapshots.length;
}

it('K1 K4 kill -9 of maintenance at any moment loses no row of any snapshot, and the next one ends it', async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`kill -9 of maintenance: seed ${seed}`);
  let state = seed;
  const random = () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  const file = path.join(folder, 'kept.md');
  let version = 0;
  const publish = async () => {
    await writeFile(file, notebook(version));
    version += 1;
    expect((await datacraft(['run', file], env)).code).toBe(0);
  };
  for (let at = 0; at < 3; at += 1) await publish();
  expect((await datacraft(['tag', 'silver.kept', 'third'], env)).code).toBe(0);
  for (let at = 0; at < 4; at += 1) await publish();
  expect((await datacraft(['retain', 'silver.kept', '--snapshots', '2'], env)).code).toBe(0);
  const startedAt = performance.now();
  expect((await datacraft(['maintain', '--dry-run', '--grace', '1 second'], env)).code).toBe(0);
  const wholeMs = performance.now() - startedAt;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const program = startProgram(['maintain', '--grace', '1 second'], env);
    const publishing = cycle % 2 === 0 ? publish() : Promise.resolve();
    await sleep(wholeMs * (0.3 + random()));
    program.child.kill('SIGKILL');
    await Promise.all([program.outcome, publishing]);
    expect(await checkEverySnapshot()).toBeGreaterThan(0);
  }
  await sleep(1_100);
  const done = await datacraft(['maintain', '--grace', '1 second', '--json'], env);
  expect([done.code, done.err]).toEqual([0, '']);
  await sleep(1_100);
  const last = await datacraft(['maintain', '--grace', '1 second', '--json'], env);
  expect(last.json().tables).toContainEqual(expect.objectContaining({ table: 'silver.kept', compacted: null }));
  expect(await checkEverySnapshot()).toBe(3);
  const tagged = await datacraft(
    ['query', 'select count(*) as n from silver.kept', '--as-of', 'third', '--format', 'json'],
    env,
  );
  expect(tagged.json()).toEqual([{ n: String(3 * ROWS) }]);
}, 240_000);
