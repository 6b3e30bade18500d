/** Real processes, killed while they follow a table that others write: in the end both tables are equal (L1, L2, I3). */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withQuery } from '@datacraft/engine';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../database/cluster.ts';
import { openCluster } from '../database/cluster.ts';
import { createPool } from '../database/pool.ts';
import { datacraft, startProgram } from '../testing/datacraft.ts';
import type { KillWorkspace } from '../testing/kill-workspace.ts';
import { createKillWorkspace } from '../testing/kill-workspace.ts';
import { randomOf } from '../testing/random.ts';

const KILLS = 20;
const IDS = 3_000;
const PAUSE_MS = 3; // the machine is also that of the runs
let workspace: KillWorkspace;
let dir: string;
let cluster: Cluster;
let there: pg.Pool;
let env: Record<string, string>;

beforeAll(async () => {
  workspace = await createKillWorkspace();
  dir = await mkdtemp(path.join(tmpdir(), 'datacraft-cdc-kill-'));
  await chmod(dir, 0o755); // the server may run as another user
  const settings = { wal_level: 'logical', fsync: 'off' };
  cluster = await openCluster({ dataDir: path.join(dir, 'pg'), settings, privateRoot: path.join(dir, 'private') });
  const url = cluster.url('postgres');
  there = createPool(url, { max: 4 });
  env = {
    ...workspace.env,
    DATACRAFT_ALLOWED_HOSTS: `127.0.0.1,localhost,${new URL(url).hostname}`,
    DATACRAFT_SECRET_THERE: url,
  };
});
afterAll(async () => {
  await there.end();
  await cluster.release();
  await rm(dir, { recursive: true, force: true });
  await workspace.close();
});

/** What PostgreSQL may say to one of several writers: the key was given meanwhile, or each waits for the other. */
const lost = new Set(['23505', '40P01']);

/** Transactions of inserts, updates, deletes, new keys and rollbacks, one after another, until it is told to end. */
async function write(writer: number, random: () => number, isOver: () => boolean): Promise<number> {
  let written = 0;
  for (; !isOver(); written += 1) {
    await sleep(PAUSE_MS);
    const [id, other] = [Math.floor(random() * IDS), Math.floor(random() * IDS)];
    const transaction = `begin;
      insert into busy values (${id}, 1, 'w${writer}') on conflict (id) do update set n = busy.n + 1, body = 'w${writer}';
      delete from busy where id = ${other} and ${written % 4} = 0;
      update busy set id = ${other} where id = ${id} and ${written % 11} = 0 and not exists (select from busy where id = ${other});
      ${written % 5 === 0 ? 'rollback' : 'commit'}`;
    // What a writer before left open in this connection is none of this one's.
    await there.query(`rollback; ${transaction}`).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && lost.has(String(error.code)))) throw error;
    });
  }
  return written;
}

async function here(): Promise<unknown[]> {
  const select = 'select id, n, body from bronze.busy order by id';
  return withQuery({ sql: select }, workspace.deps, async ({ session, select: sql }) => [
    ...(await session.rows(sql, { limit: 2 * IDS })).rows,
  ]);
}

describe('kill -9 while a table of another PostgreSQL is followed', () => {
  it(`leaves a table that ends equal to its source, after ${KILLS} kills and three writers`, async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of followed changes: seed ${seed}`);
    const random = randomOf(seed);
    await there.query(`create table busy (id int primary key, n int, body text);
      insert into busy select g, 0, 'b' from generate_series(1, 500) g`);
    const file = path.join(workspace.folder, 'busy.md');
    const cell = '```source busy\ntype: postgres\nurl: secret://there\ntable: busy\nmode: cdc\n```\n';
    await writeFile(file, `---\ndatacraft: 1\ntitle: Busy\n---\n\n${cell}`);
    await datacraft(['query', 'select 1'], env);
    let over = false;
    const writers = [1, 2, 3].map((writer) => write(writer, randomOf(seed + writer), () => over));
    const startedAt = performance.now();
    const first = await datacraft(['run', file], env);
    expect(first.code, first.err).toBe(0);
    const wholeMs = performance.now() - startedAt;
    let killed = 0;
    for (let cycle = 0; killed < KILLS; cycle += 1) {
      const program = startProgram(['run', file], env);
      const whole = cycle % 7 === 6; // now and then one goes through, so that there is ever more to go on from
      if (!whole) {
        await sleep(wholeMs * (0.4 + 0.6 * random()));
        if (program.child.kill('SIGKILL')) killed += 1;
      }
      const { code, err } = await program.outcome;
      if (code !== null) expect(code, err).toBe(0);
    }
    over = true;
    const written = await Promise.all(writers);
    const last = await datacraft(['run', file], env);
    expect(last.code, last.err).toBe(0);
    const { rows } = await there.query<{ id: number; n: number; body: string }>('select * from busy order by id');
    expect(await here()).toEqual(rows.map(({ id, n, body }) => [id, n, body]));
    console.log(`kill -9 of followed changes: ${written.join(' + ')} transactions, ${rows.length} rows`);
  }, 600_000);
});
