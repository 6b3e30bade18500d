/**
 * Real processes, killed at random moments of a run and of its publish. What must hold afterwards: each published table
 * is the complete result of one run (I1), one fingerprint has one set of rows (I4), and nothing stays undecided.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withQuery } from '@datacraft/engine';
import type { QueryDeps } from '@datacraft/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datacraft, startProgram } from '../testing/datacraft.ts';
import type { KillWorkspace } from '../testing/kill-workspace.ts';
import { createKillWorkspace } from '../testing/kill-workspace.ts';
import { randomOf } from '../testing/random.ts';
import { serve } from '../testing/serve.ts';

const ROWS = 200_000;
const CYCLES = 12;
const SERVER_CYCLES = 10;
let workspace: KillWorkspace;
let folder: string;
let deps: QueryDeps;
let env: Record<string, string>;

beforeAll(async () => {
  workspace = await createKillWorkspace();
  ({ folder, deps, env } = workspace);
});
afterAll(() => workspace.close());

/** Every table of version `v` says so in each of its rows. */
const notebook = (v: number) => `---
datacraft: 1
title: Killed
---

\`\`\`sql kill_a
select range as id, ${v} as v from range(${ROWS})
\`\`\`

\`\`\`sql kill_b
---
layer: gold
---
select id, v, id * v as w from kill_a
\`\`\`

\`\`\`sql kill_c
---
materialize: incremental
strategy: append
---
select ${v} as v, count(*) as n from kill_b
\`\`\`
`;

async function rows(sql: string): Promise<readonly (readonly unknown[])[]> {
  return withQuery({ sql }, deps, async ({ session, select }) => (await session.rows(select)).rows);
}

/** I1: whole, of one version, and all tables of one and the same run. */
async function versionOfTables(): Promise<number | null> {
  const { rows: relations } = await workspace.database.pool.query(
    `select run_id, fingerprint, name from relations where name like 'kill_%'`,
  );
  if (relations.length === 0) return null;
  expect(new Set(relations.map((row: { run_id: string }) => row.run_id)).size).toBe(1);
  const [found] = await rows(
    `select (select count(*) from silver.kill_a), (select count(distinct v) from silver.kill_a), (select any_value(v) from silver.kill_a),
       (select count(*) from gold.kill_b), (select count(distinct v) from gold.kill_b), (select any_value(v) from gold.kill_b),
       (select sum(w) = sum(id) * any_value(v) from gold.kill_b), (select bool_and(n = ${ROWS}) from silver.kill_c)`,
  );
  const v = Number(found?.[2]);
  expect(found?.map((value) => (typeof value === 'boolean' ? value : Number(value)))).toEqual([
    ROWS,
    1,
    v,
    ROWS,
    1,
    v,
    true,
    true,
  ]);
  return v;
}

/** I1 of the server's tables: each whole and of one version, which it answers. */
async function wholeVersion(): Promise<number> {
  const [found] = await rows(
    `select (select count(*) from silver.cycle_a)::int, (select count(distinct v) from silver.cycle_a)::int,
       (select count(*) from gold.cycle_b)::int, (select count(distinct v) from gold.cycle_b)::int,
       (select any_value(v) from silver.cycle_a) = (select any_value(v) from gold.cycle_b),
       (select any_value(v)::int from silver.cycle_a)`,
  );
  expect(found?.slice(0, 5)).toEqual([ROWS, 1, ROWS, 1, true]);
  return Number(found?.[5]);
}

describe('kill -9', () => {
  it('I1 I4 of the command leaves the tables of one whole run, and the next run succeeds', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of runs: seed ${seed}`);
    const random = randomOf(seed);
    const file = path.join(folder, 'killed.md');
    await writeFile(file, notebook(0));
    const startedAt = performance.now();
    expect((await datacraft(['run', file], env)).code).toBe(0);
    const wholeMs = performance.now() - startedAt;
    let last = 0;
    for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
      await writeFile(file, notebook(cycle));
      const program = startProgram(['run', file], env);
      // Most of a run is the start of the program; the moments that matter lie in its last part.
      await sleep(wholeMs * (0.35 + 0.65 * random()));
      program.child.kill('SIGKILL');
      await program.outcome;
      const version = await versionOfTables();
      expect([last, cycle]).toContain(version);
      last = version ?? last;
    }
    const done = await datacraft(['run', file, '--json'], env);
    expect([done.code, done.json().status]).toEqual([0, 'succeeded']);
    expect(await versionOfTables()).toBe(CYCLES);
    expect((await workspace.database.pool.query(`select 1 from runs where state = 'running'`)).rowCount).toBe(0);
    const abandoned = await workspace.database.pool.query(
      `select error ->> 'code' as code from runs where state = 'failed'`,
    );
    expect(new Set(abandoned.rows.map((row: { code: string }) => row.code)).size).toBeLessThanOrEqual(1);
  }, 180_000);

  it('I1 of a server at any moment of a run and its publish leaves whole tables, and the next one finishes it', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of servers: seed ${seed}`);
    const random = randomOf(seed);
    const text = notebook(0)
      .replaceAll('kill_', 'cycle_')
      .replaceAll('0 as v', '$version as v')
      .replace('# ', '')
      .concat('\n```input version\ntype: number\ndefault: 0\n```\n');
    await writeFile(path.join(folder, 'cycles.md'), text);
    const id = (await datacraft(['import', path.join(folder, 'cycles.md')], env)).out.trim();
    const stateOf = async (runId: string): Promise<string> =>
      (await workspace.database.pool.query('select state from runs where id = $1', [runId])).rows[0].state;
    const ended = async (runId: string) => {
      while (!['succeeded', 'failed', 'cancelled'].includes(await stateOf(runId))) await sleep(20);
      return stateOf(runId);
    };
    let server = await serve(env);
    const cookie = await signUp(server.url);
    const begin = async (version: number): Promise<string> => {
      const headers = { cookie, 'content-type': 'application/json' };
      const body = JSON.stringify({ params: { version } });
      const answer = await fetch(`${server.url}/api/v1/notebooks/${id}/runs`, { method: 'POST', headers, body });
      expect(answer.status).toBeLessThan(300);
      return ((await answer.json()) as { runId: string }).runId;
    };
    const startedAt = performance.now();
    expect(await ended(await begin(100))).toBe('succeeded');
    const wholeMs = performance.now() - startedAt;
    let last = 100;
    for (let cycle = 101; cycle <= 100 + SERVER_CYCLES; cycle += 1) {
      const runId = await begin(cycle);
      await sleep(wholeMs * 1.2 * random());
      server.program.child.kill('SIGKILL');
      await server.program.outcome;
      expect([last, cycle]).toContain(await wholeVersion());
      server = await serve(env);
      expect(await ended(runId)).toBe('succeeded');
      expect(await wholeVersion()).toBe(cycle);
      last = cycle;
    }
    server.program.child.kill('SIGTERM');
    expect((await server.program.outcome).code).toBe(0);
  }, 240_000);

  it('of a server in the middle of a run lets the next one finish it', async () => {
    await writeFile(
      path.join(folder, 'served.md'),
      notebook(1).replaceAll('kill_', 'served_').replaceAll(String(ROWS), '3000000'),
    );
    const id = (await datacraft(['import', path.join(folder, 'served.md')], env)).out.trim();
    const first = await serve(env);
    const cookie = await signUp(first.url);
    const answer = await fetch(`${first.url}/api/v1/notebooks/${id}/runs`, { method: 'POST', headers: { cookie } });
    const { runId } = (await answer.json()) as { runId: string };
    const stateOf = async () =>
      (await workspace.database.pool.query('select state from runs where id = $1', [runId])).rows[0].state;
    while ((await stateOf()) === 'queued') await sleep(20);
    first.program.child.kill('SIGKILL');
    await first.program.outcome;
    const startedAt = performance.now();
    const second = await serve(env);
    console.log(`ready ${Math.round(performance.now() - startedAt)} ms after the kill`);
    while (!['succeeded', 'failed', 'cancelled'].includes(await stateOf())) await sleep(50);
    expect(await stateOf()).toBe('succeeded');
    expect(await rows('select count(*), count(distinct v) from gold.served_b')).toEqual([['3000000', '1']]);
    second.program.child.kill('SIGTERM');
    expect((await second.program.outcome).code).toBe(0);
  }, 60_000);
});

/** The first test to ask makes the account, the others log in. */
async function signUp(url: string): Promise<string> {
  const account = { email: 'a@example.com', password: 'correct horse' };
  const post = (path: string, body: object) =>
    fetch(`${url}/api/v1/auth/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  const made = await post('signup', { ...account, name: 'Ana' });
  const answer = made.ok ? made : await post('login', account);
  expect(answer.ok).toBe(true);
  return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
}
