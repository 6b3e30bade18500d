/**
 * Acceptances that meet: with each other, with an edit of the notebook, and with the end of the process in between.
 * What must hold: the notebook, what the branch is compared with and the tables are of before or of after, together.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import pg from 'pg';
import type { Notebook } from '@datacraft/shared';
import { readNotebook, renameCell, setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { createServerEngine } from '../engine.ts';
import type { Served } from '../testing/serve.ts';
import { serve } from '../testing/serve.ts';
import { stockClient, until } from '../testing/sync-client.ts';
import type { Answer, TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { acceptBranch } from './accept.ts';

type Call = (...request: Parameters<Visitor['call']>) => Promise<Pick<Answer, 'status' | 'json'>>;

const textOf = (name: string) =>
  `---\ndatacraft: 1\ntitle: ${name}\n---\n\n\`\`\`sql ${name}\nselect 1 as a\n\`\`\`\n\n\`\`\`sql ${name}_other\nselect 2 as b\n\`\`\`\n`;

async function published(call: Call, name: string, more = ''): Promise<string> {
  const { json } = await call('POST', '/notebooks/import', textOf(name) + more, { 'content-type': 'text/markdown' });
  await ran(call, json.id as string);
  return json.id as string;
}
async function ran(call: Call, id: string): Promise<void> {
  const { json } = await call('POST', `/notebooks/${id}/runs`, {});
  for (;;) {
    const run = (await call('GET', `/runs/${json.runId}`)).json;
    if (run.state === 'succeeded') return;
    if (run.state === 'failed') throw new Error(JSON.stringify(run));
    await sleep(40);
  }
}
const fork = async (call: Call, id: string, name: string) =>
  (await call('POST', `/notebooks/${id}/branches`, { name })).json.id as string;

describe('acceptances at one instant', () => {
  let test: TestServer;
  let owner: Visitor;
  let made = 0;
  beforeAll(async () => {
    test = await startTestServer({}, { attach: attachEngine });
    owner = await test.owner();
  });
  afterAll(() => test.close());

  const edit = async (id: string, name: string, source: string) => {
    const { rooms } = test.server.deps;
    const cell = (await rooms.notebook(id)).cells.find((each) => each.name === name);
    if (!cell) throw new Error(`there is no ${name}`);
    await rooms.change(id, (doc) => setSource(doc, cell.id, source, 'server'), owner.me?.id ?? null);
  };
  const rename = async (id: string, source: string, name: string) => {
    const { rooms } = test.server.deps;
    const cell = (await rooms.notebook(id)).cells.find((each) => each.source === source);
    if (!cell) throw new Error(`there is no ${source}`);
    await rooms.change(id, (doc) => renameCell(doc, cell.id, name, 'server'), owner.me?.id ?? null);
  };
  const accept = (branch: string) => owner.call('POST', `/notebooks/${branch}/branch/accept`, {});
  const source = async (id: string, name: string) =>
    (await test.server.deps.rooms.notebook(id)).cells.find((cell) => cell.name === name)?.source;

  it('of one branch: one is done, the others are told that there is nothing left', async () => {
    const name = `once_${++made}`;
    const id = await published(owner.call, name);
    const branch = await fork(owner.call, id, 'Try');
    await edit(branch, name, 'select 5 as a');
    await ran(owner.call, branch);
    const answers = await Promise.all(Array.from({ length: 6 }, () => accept(branch)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    const refused = answers.filter((answer) => answer.status === 409);
    for (const { json } of refused) expect(json.detail).toContain('there is nothing to accept');
    expect(answers.find((answer) => answer.status === 200)?.json.promoted).toEqual([`silver.${name}`]);
    expect(await source(id, name)).toBe('select 5 as a');
    const versions = (await owner.call('GET', `/notebooks/${id}/versions`)).json as { name: string }[];
    expect(versions.map((version) => version.name).filter((each) => each.includes('Try'))).toEqual([
      'With “Try”',
      'Before “Try”',
    ]);
  });

  it('of two branches that changed one cell: one wins, the other conflicts in it by name, and nothing is mixed', async () => {
    const name = `clash_${++made}`;
    const id = await published(owner.call, name);
    const branches = [await fork(owner.call, id, 'One'), await fork(owner.call, id, 'Two')];
    for (const [at, branch] of branches.entries()) {
      await edit(branch, name, `select ${at + 10} as a`);
      await ran(owner.call, branch);
    }
    const answers = await Promise.all(branches.map(accept));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const won = answers.findIndex((answer) => answer.status === 200);
    expect(answers[1 - won]?.json.detail).toContain(`${name}: both sides were changed`);
    expect(await source(id, name)).toBe(`select ${won + 10} as a`);
    const { rows } = (await owner.call('POST', '/query', { sql: `select a from silver.${name}` })).json;
    expect(rows).toEqual([{ a: won + 10 }]);
    const left = (await owner.call('GET', `/notebooks/${branches[1 - won] ?? ''}/branch/review`)).json;
    expect(left.cells.map((cell: { state: string }) => cell.state)).toEqual(['conflict']);
  });

  it('of branches that changed different cells are all done', async () => {
    const name = `apart_${++made}`;
    const id = await published(owner.call, name);
    const branches = [await fork(owner.call, id, 'One'), await fork(owner.call, id, 'Two')];
    await edit(branches[0] ?? '', name, 'select 3 as a');
    await edit(branches[1] ?? '', `${name}_other`, 'select 4 as b');
    expect((await Promise.all(branches.map(accept))).map((answer) => answer.status)).toEqual([200, 200]);
    expect([await source(id, name), await source(id, `${name}_other`)]).toEqual(['select 3 as a', 'select 4 as b']);
  });

  it('and edits of the same cell in the notebook: the edit is in the conflict or after the acceptance, never lost', async () => {
    const name = `edits_${++made}`;
    const id = await published(owner.call, name);
    for (let round = 0; round < 6; round++) {
      const branch = await fork(owner.call, id, `Round ${round}`);
      await edit(branch, name, `select ${round} as branch`);
      const [answer] = await Promise.all([accept(branch), edit(id, name, `select ${round} as main`)]);
      const now = await source(id, name);
      if (answer.status === 409) expect(now).toBe(`select ${round} as main`);
      else expect(now).toContain(`${round} as main`);
    }
  });

  /** With a compile that is told of each time before it is done. */
  const acceptOvertaken = async (branch: string, onCompile: () => Promise<void>) => {
    const { deps } = test.server;
    const engine = await createServerEngine({ config: test.config, pool: deps.pool, emit: () => undefined });
    const compile = async (notebook: Notebook) => {
      await onCompile();
      return engine.compile(notebook);
    };
    try {
      return await acceptBranch({ ...deps, engine: { ...engine, compile } }, branch, {}, null);
    } finally {
      await engine.stop();
    }
  };

  it('T4 lets people type in the notebook while it compiles, once, and leaves what reads their text to a run', async () => {
    const name = `typing_${++made}`;
    const below = `\n\`\`\`sql ${name}_below\nselect * from ${name}_other\n\`\`\`\n`;
    const id = await published(owner.call, name, below);
    const branch = await fork(owner.call, id, 'Typed over');
    await edit(branch, name, 'select 7 as a');
    await edit(branch, `${name}_below`, `select b, 7 as c from ${name}_other`);
    await ran(owner.call, branch);
    let compiled = 0;
    const accepted = await acceptOvertaken(branch, () => edit(id, `${name}_other`, `select 1${(compiled += 1)} as b`));
    expect([compiled, accepted.promoted]).toEqual([1, [`silver.${name}`]]);
    expect(await source(id, name)).toBe('select 7 as a');
    expect(await source(id, `${name}_other`)).toBe('select 11 as b');
    expect(await source(id, `${name}_below`)).toBe(`select b, 7 as c from ${name}_other`);
  });

  it('T4 compiles anew when cells are renamed meanwhile, and lets the log wait for who is overtaken always', async () => {
    const name = `renamed_${++made}`;
    const id = await published(owner.call, name);
    for (const times of [2, 4]) {
      const branch = await fork(owner.call, id, `Overtaken ${times}`);
      await edit(branch, name, `select ${times} as a`);
      await ran(owner.call, branch);
      let left = times;
      const accepted = await acceptOvertaken(branch, async () => {
        if (left > 0) await rename(id, `select 2 as b`, `${name}_${times}_${(left -= 1)}`);
      });
      expect([left, accepted.promoted]).toEqual([0, [`silver.${name}`]]);
      expect(await source(id, name)).toBe(`select ${times} as a`);
      expect(await source(id, `${name}_${times}_0`)).toBe('select 2 as b');
    }
  });
});

describe('a process that ends in the middle of an acceptance', () => {
  let database: TestDatabase;
  let folder: string;
  let served: Served;
  let cookie = '';
  beforeAll(async () => {
    [database, folder] = [await createTestDatabase(), await mkdtemp(path.join(tmpdir(), 'datacraft-accept-'))];
    await start();
  });
  afterAll(async () => {
    served.program.child.kill('SIGKILL');
    await served.program.outcome;
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const dataDir = path.join(folder, 'data');
    const webDir = path.join(folder, 'none');
    served = await serve({ DATABASE_URL: database.url, DATACRAFT_DATA_DIR: dataDir, DATACRAFT_WEB_DIR: webDir });
  }
  const call: Call = async (method, where, body, headers = {}) => {
    const answer = await fetch(`${served.url}/api/v1${where}`, {
      method,
      headers: { origin: served.url, cookie, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? cookie;
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? null : JSON.parse(text) };
  };
  /** By a client, until the log has it. */
  const write = async (id: string, name: string, source: string) => {
    const client = stockClient({ port: Number(new URL(served.url).port) }, { cookie }, id);
    await client.synced();
    const cell = readNotebook(client.doc).cells.find((each) => each.name === name);
    if (!cell) throw new Error(`there is no ${name}`);
    const logged = async () =>
      (await database.pool.query('select 1 from document_updates where notebook_id = $1', [id])).rowCount ?? 0;
    const before = await logged();
    setSource(client.doc, cell.id, source, 'test');
    await until(async () => (await logged()) > before);
    client.provider.destroy();
  };
  const kept = async (branch: string) => ({
    updates: (await database.pool.query('select count(*)::int as n from document_updates')).rows,
    branch: (await database.pool.query('select state, ancestor from branches where id = $1', [branch])).rows,
    tables: (await database.pool.query('select name, fingerprint, snapshot_id from relations order by name')).rows,
  });

  it('leaves notebook, branch and tables as they were, and the acceptance can be made again', async () => {
    await call('POST', '/auth/signup', { email: 'owner@example.com', password: 'owner owner owner', name: 'Owner' });
    const id = await published(call, 'killed');
    const branch = await fork(call, id, 'Try');
    await write(branch, 'killed', 'select 5 as a');
    await ran(call, branch);
    const before = await kept(branch);
    // The table's row in the catalogue is held, so that the acceptance waits with its edit written and its tables not.
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('begin');
    await holder.query(`select 1 from public.relations where name = 'killed' for update`);
    const accepting = call('POST', `/notebooks/${branch}/branch/accept`, {}).catch(() => null);
    await waiting(database.pool);
    served.program.child.kill('SIGKILL');
    await served.program.outcome;
    await accepting;
    await holder.query('rollback');
    await holder.end();
    expect(await kept(branch)).toEqual(before);
    await start();
    const again = await call('POST', `/notebooks/${branch}/branch/accept`, {});
    expect([again.status, again.json.promoted]).toEqual([200, ['silver.killed']]);
    expect((await call('POST', '/query', { sql: 'select a from silver.killed' })).json.rows).toEqual([{ a: 5 }]);
  });
});

/** Until somebody waits for a lock of this database inside a transaction that deletes the table's row. */
async function waiting(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'delete from%relations%'`,
    );
    if ((rowCount ?? 0) > 0) return;
    await sleep(20);
  }
}
