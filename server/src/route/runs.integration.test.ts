import { setTimeout as sleep } from 'node:timers/promises';
import { dataHeaders } from '@datacraft/shared';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { ARROW_TYPE } from './query.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

const cell = (name: string, text: string) => `\`\`\`sql ${name}\n${text}\n\`\`\`\n`;
const notebook = (...cells: string[]) => `---\ndatacraft: 1\ntitle: T\n---\n\n${cells.join('\n')}`;

async function imported(text: string): Promise<string> {
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  return json.id;
}

async function ended(runId: string) {
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.state !== 'queued' && json.state !== 'running') return json;
    await sleep(50);
  }
}

async function ran(id: string, body: object = {}) {
  const { json, status } = await owner.call('POST', `/notebooks/${id}/runs`, body);
  expect([status, Object.keys(json)]).toEqual([202, ['runId']]);
  return ended(json.runId);
}

async function cellId(id: string, name: string): Promise<string> {
  const rooms = await test.server.deps.rooms.notebook(id);
  return rooms.cells.find((each) => each.name === name)?.id ?? '';
}

const typesSql = `select 9007199254740993::bigint as big, 170141183460469231731687303715884105727::hugeint as huge,
  1234567890123456.78::decimal(20,2) as money, null::int as nothing, '' as empty, timestamp '2025-01-02 03:04:05.123456' as at,
  timestamptz '2025-01-02 03:04:05+00' as zoned, date '2025-01-02' as day, true as yes`;

describe('a run over HTTP', () => {
  it('takes no body, an empty one or a whole one, and ends with its tasks', async () => {
    const input = '```input factor\ntype: number\ndefault: 2\n```\n';
    const id = await imported(
      notebook(input, cell('api_base', 'select 3 as x'), cell('api_scaled', 'select x * $factor as y from api_base')),
    );
    const first = await owner.call('POST', `/notebooks/${id}/runs`);
    expect(await ended(first.json.runId)).toMatchObject({
      state: 'succeeded',
      tasks: [
        { cell: 'api_base', relation: 'silver.api_base', state: 'succeeded', rowsWritten: 1 },
        { cell: 'api_scaled', state: 'succeeded' },
      ],
    });
    const second = await ran(id, { params: { factor: 5 }, select: ['api_scaled'], fullRefresh: true });
    expect(second.tasks.map((task: { state: string; reason: string }) => [task.state, task.reason])).toEqual([
      ['skipped', 'not selected'],
      ['succeeded', 'full refresh'],
    ]);
    const { json } = await owner.call('POST', '/query', { sql: 'select y from silver.api_scaled' });
    expect(json).toEqual({
      columns: [{ name: 'y', type: expect.any(String) }],
      rows: [{ y: expect.anything() }],
      rowCount: 1,
      totalRows: 1,
      truncated: false,
    });
    expect(Number(json.rows[0].y)).toBe(15);
  });

  it('takes over a table whose notebook lies in the bin, and no other', async () => {
    const text = notebook(cell('inherited', 'select 1 as x'));
    const first = await imported(text);
    await ran(first);
    const second = await imported(text);
    expect(await ran(second)).toMatchObject({ state: 'failed', tasks: [{ error: { code: 'table-owned' } }] });
    expect((await owner.call('DELETE', `/notebooks/${first}`)).status).toBe(204);
    expect(await ran(second)).toMatchObject({ state: 'succeeded', tasks: [{ state: 'succeeded', rowsWritten: 1 }] });
  });

  it('is refused before it is recorded when a cell, an input or a key is unknown, and when the text is wrong', async () => {
    const id = await imported(notebook(cell('good', 'select 1 as a'), cell('bad', 'select from where')));
    const refused = async (body: object) => {
      const { status, json } = await owner.call('POST', `/notebooks/${id}/runs`, body);
      return [status, json.code];
    };
    expect(await refused({ select: ['nobody'] })).toEqual([400, 'bad-request']);
    expect(await refused({ params: { nothing: 1 } })).toEqual([400, 'bad-request']);
    expect(await refused({ selekt: [] })).toEqual([400, 'bad-request']);
    const { status, json } = await owner.call('POST', `/notebooks/${id}/runs`, { select: ['bad'] });
    expect([status, json.code, json.diagnostics[0].cell]).toEqual([422, 'notebook-invalid', 'bad']);
    expect((await owner.call('GET', `/notebooks/${id}/runs`)).json).toEqual([]);
    expect((await owner.call('POST', '/notebooks/nb_nothing/runs', {})).status).toBe(404);
  });

  it('runs what is sound when another cell is not', async () => {
    const id = await imported(notebook(cell('sound', 'select 1 as a'), cell('unsound', 'select from where')));
    const run = await ran(id);
    expect(run.state).toBe('failed');
    expect(run.tasks.map((task: { cell: string; state: string }) => [task.cell, task.state])).toEqual([
      ['sound', 'succeeded'],
      ['unsound', 'failed'],
    ]);
  });

  it('can be cancelled, and says so', async () => {
    const endless = 'select count(*) as n from range(100000000) a, range(100000000) b where a.range % 7 = b.range % 3';
    const id = await imported(notebook(cell('endless', endless)));
    const { json } = await owner.call('POST', `/notebooks/${id}/runs`, {});
    while ((await owner.call('GET', `/runs/${json.runId}`)).json.tasks[0]?.state !== 'running') await sleep(50);
    expect((await owner.call('POST', `/runs/${json.runId}/cancel`)).status).toBe(202);
    expect((await ended(json.runId)).state).toBe('cancelled');
  });

  it('is cancelled when its notebook went to the bin before its turn', async () => {
    const slow = 'select count(*) as n from range(100000000) a, range(100000000) b where a.range % 7 = b.range % 3';
    const id = await imported(notebook(cell('slow_first', slow)));
    const first = await owner.call('POST', `/notebooks/${id}/runs`, {});
    while ((await owner.call('GET', `/runs/${first.json.runId}`)).json.state !== 'running') await sleep(50);
    const second = await owner.call('POST', `/notebooks/${id}/runs`, {});
    await owner.call('DELETE', `/notebooks/${id}`);
    await owner.call('POST', `/runs/${first.json.runId}/cancel`);
    expect((await ended(second.json.runId)).state).toBe('cancelled');
  });
});

describe('POST /query', () => {
  const query = (body: object, headers: Record<string, string> = {}) => owner.call('POST', '/query', body, headers);

  it('tells every type exactly', async () => {
    const { json } = await query({ sql: typesSql });
    expect(json.rows).toEqual([
      {
        big: '9007199254740993',
        huge: '170141183460469231731687303715884105727',
        money: '1234567890123456.78',
        nothing: null,
        empty: '',
        at: '2025-01-02T03:04:05.123456',
        zoned: expect.stringMatching(/^2025-01-02T03:04:05/),
        day: '2025-01-02',
        yes: true,
      },
    ]);
  });

  it('limits rows and says how many there are', async () => {
    const { json } = await query({ sql: 'select * from range(50)', limit: 3 });
    expect(json).toMatchObject({ rowCount: 3, totalRows: 50, truncated: true });
  });

  it('binds parameters, and refuses what is not a read of published tables', async () => {
    expect((await query({ sql: 'select $a + 1 as b', params: { a: 2 } })).json.rows[0].b).toEqual(expect.anything());
    for (const sql of [
      'drop table x',
      "select * from read_csv('/etc/passwd')",
      'select 1; select 2',
      "copy (select 1) to '/tmp/x'",
    ]) {
      const { status, json } = await query({ sql });
      expect([400, 403, 422]).toContain(status);
      expect(json.detail).toEqual(expect.any(String));
    }
    expect((await query({ sql: 'select * from silver.nobody' })).status).toBe(404);
    expect((await query({ sql: 'selec 1' })).json).toMatchObject({ code: 'query-failed' });
    expect((await test.anonymous().call('POST', '/query', { sql: 'select 1' })).status).toBe(401);
  });

  it('answers Arrow when asked to', async () => {
    const response = await fetch(`${test.origin}/api/v1/query`, {
      method: 'POST',
      headers: { cookie: owner.cookie, 'content-type': 'application/json', accept: ARROW_TYPE },
      body: JSON.stringify({ sql: 'select range as id from range(5)' }),
    });
    expect(response.headers.get('content-type')).toBe(ARROW_TYPE);
    expect(tableFromIPC(new Uint8Array(await response.arrayBuffer())).numRows).toBe(5);
  });

  it('reads a table as it was, by snapshot and by time', async () => {
    const id = await imported(
      notebook('```input v\ntype: number\ndefault: 1\n```\n', cell('travelled', 'select $v as v')),
    );
    const first = await ran(id);
    const then = new Date();
    await sleep(5);
    await ran(id, { params: { v: 2 } });
    const at = async (asOf?: unknown) =>
      Number(
        (await query({ sql: 'select v from silver.travelled', ...(asOf === undefined ? {} : { asOf }) })).json.rows[0]
          .v,
      );
    expect([await at(), await at(first.tasks[0].snapshotId), await at(then.toISOString())]).toEqual([2, 1, 1]);
    expect((await query({ sql: 'select 1', asOf: 'last week' })).status).toBe(400);
    expect((await query({ sql: 'select 1', asOf: 2 ** 60 })).status).toBe(400);
    expect((await query({ sql: 'select v from silver.travelled', asOf: '2001-01-01' })).status).toBe(404);
  });
});

describe('rows of a cell', () => {
  async function data(id: string, name: string, headers: Record<string, string> = {}) {
    const url = `${test.origin}/api/v1/notebooks/${id}/cells/${await cellId(id, name)}/data`;
    return fetch(url, { headers: { cookie: owner.cookie, ...headers } });
  }

  it('come whole with their snapshot, and not again while they are the same', async () => {
    const id = await imported(notebook(cell('few', 'select range as n from range(1000)')));
    const run = await ran(id);
    const answer = await data(id, 'few');
    expect(answer.headers.get(dataHeaders.extent)).toBe('full');
    expect(answer.headers.get(dataHeaders.snapshotId)).toBe(run.tasks[0].snapshotId);
    expect(tableFromIPC(new Uint8Array(await answer.arrayBuffer())).numRows).toBe(1000);
    const etag = answer.headers.get('etag') ?? '';
    expect((await data(id, 'few', { 'if-none-match': etag })).status).toBe(304);
    await ran(id, { fullRefresh: true });
    expect((await data(id, 'few', { 'if-none-match': etag })).status).toBe(200);
  });

  it('come as a sample above a million, the same one each time, and say of how many', async () => {
    const id = await imported(notebook(cell('many', 'select range as n from range(1200000)')));
    await ran(id);
    const sums = [];
    for (const _ of [1, 2]) {
      const answer = await data(id, 'many');
      expect(answer.headers.get(dataHeaders.extent)).toBe('sample');
      expect(answer.headers.get(dataHeaders.totalRows)).toBe('1200000');
      const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
      expect(table.numRows).toBe(120_000);
      let sum = 0n;
      for (const value of table.getChild('n') ?? []) sum += value as bigint;
      sums.push(sum);
    }
    expect(sums[0]).toBe(sums[1]);
  });

  it('are never those of another notebook that publishes the same name', async () => {
    const text = notebook(cell('shared_name', "select 'first' as w"));
    await ran(await imported(text));
    const copy = await imported(text.replace('first', 'second'));
    const table = tableFromIPC(new Uint8Array(await (await data(copy, 'shared_name')).arrayBuffer()));
    expect(table.getChild('w')?.get(0)).toBe('second');
    expect((await ran(copy)).tasks[0].error).toMatchObject({ code: 'table-owned' });
  });
});
