import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportedNotebook } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { filesBelow } from '../cli/files-below.ts';
import { writeZip } from '../interchange/zip.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

interface Answer {
  readonly code?: string;
  readonly notebooks: readonly ImportedNotebook[];
}

async function send(visitor: Visitor, files: Readonly<Record<string, string | Uint8Array>>) {
  const body = new FormData();
  for (const [name, content] of Object.entries(files)) body.append('file', new Blob([Buffer.from(content)]), name);
  const headers = { cookie: visitor.cookie, origin: test.origin };
  const answer = await fetch(`${test.origin}/api/v1/imports`, { method: 'POST', body, headers });
  return { status: answer.status, json: (await answer.json()) as Answer };
}

async function ran(id: string) {
  const { json } = await owner.call('POST', `/notebooks/${id}/runs`, {});
  for (;;) {
    const run = await owner.call('GET', `/runs/${json.runId}`);
    if (run.json.finishedAt !== null) return run.json;
    await sleep(50);
  }
}

describe('files that become notebooks', () => {
  it('makes a dbt project in an archive a notebook that runs, with what it leaves out', async () => {
    const project = await filesBelow(resolve('engine/src/dbt/testing/bakery'));
    const zip = writeZip(new Map([...project].map(([path, bytes]) => [`bakery-main/${path}`, bytes])));
    const { status, json } = await send(owner, { 'bakery.zip': zip });
    expect(status).toBe(201);
    const [made] = json.notebooks;
    expect(made?.title).toBe('Bakery');
    expect(made?.cells).toContainEqual({ kind: 'sql', name: 'orders', file: 'models/marts/orders.sql' });
    expect(made?.findings.map(({ message }) => message).join('\n')).toContain('at_least_one');
    const run = await ran(made?.id ?? '');
    expect(run.tasks.filter((task: { state: string }) => task.state !== 'succeeded')).toEqual([]);
    const { json: rows } = await owner.call('POST', '/query', { sql: 'select count(*) as n from gold.orders' });
    expect(rows.rows).toEqual([{ n: '5' }]);
  });

  it('makes a notebook of each script and one of all data, with the files beside it', async () => {
    const { json } = await send(owner, {
      'pasta/a.sql': 'create table t as select 1 as a',
      'pasta/gente.csv': 'nome\nAna\n',
    });
    expect(json.notebooks.map(({ title, cells }) => [title, cells.length])).toEqual([
      ['a', 1],
      ['pasta', 1],
    ]);
    const run = await ran(json.notebooks[1]?.id ?? '');
    expect(run.tasks).toMatchObject([{ cell: 'gente', state: 'succeeded', rowsWritten: 1 }]);
  });

  it('makes all of several notebooks or none, with no file of theirs left', async () => {
    const { pool, config } = test.server.deps;
    await pool.query(`create function refuse_last() returns trigger language plpgsql as $$
      begin raise exception 'the disk is full'; end $$`);
    await pool.query(`create trigger refuse_last before insert on notebooks for each row when (new.title = 'zz')
      execute function refuse_last()`);
    const state = async () => [
      (await owner.call('GET', '/notebooks')).json.length,
      (await readdir(join(config.dataDir, 'files'))).length,
    ];
    const before = await state();
    const files = { 'x/aa.sql': 'select 1 as a', 'x/zz.sql': 'select 1 as b', 'x/gente.csv': 'nome\nAna\n' };
    expect((await send(owner, files)).status).toBe(500);
    expect(await state()).toEqual(before);
    await pool.query('drop trigger refuse_last on notebooks');
    expect((await send(owner, files)).json.notebooks).toHaveLength(3);
  });

  it('makes nothing of hostile archives, and nothing for viewers', async () => {
    const before = (await owner.call('GET', '/notebooks')).json.length;
    const out = await send(owner, { 'x.zip': writeZip(new Map([['../../evil.sql', 'select 1']])) });
    expect([out.status, out.json.code]).toEqual([400, 'bad-request']);
    expect((await send(owner, { '../../evil.sql': 'select 1' })).status).toBe(400);
    expect((await send(owner, { 'x.zip': 'no archive' })).status).toBe(400);
    const viewer = await test.member('viewer');
    expect((await send(viewer, { 'a.sql': 'select 1' })).status).toBe(403);
    expect((await owner.call('GET', '/notebooks')).json.length).toBe(before);
  });
});
