import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../run/testing/workshop.ts';
import { remoteAccess } from '../source/testing/remote-database.ts';
import { loadExports } from '../store/exports.ts';

let shop: Workshop;
let there: TestDatabase;

beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  there = await createTestDatabase();
});
afterAll(async () => {
  await there.close();
  await shop.close();
});

/** A cell of these rows, sent by these exports; answers what became of them. */
async function send(name: string, rows: string, exports: string, keys = '', hosts = ['127.0.0.1', 'localhost']) {
  const remote = remoteAccess(hosts, { db: there.url }, { bi: { type: 'postgres', config: { url: 'secret://db' } } });
  const text = `\`\`\`sql ${name}\n---\nlayer: gold\n${keys}\nexport:\n${exports}\n---\n${rows}\n\`\`\`\n`;
  const report = await shop.run(text.replaceAll(/\n\n+/g, '\n'), { deps: { remote }, owner: name });
  const sent = await loadExports(shop.deps.db, report.runId);
  const failed = sent.some(({ state }) => state === 'failed');
  expect([report.state, taskOf(report, name).error?.code]).toEqual(
    failed ? ['failed', 'export-failed'] : ['succeeded', undefined],
  );
  expect(taskOf(report, name).snapshotId).toMatch(/^\d+$/);
  return sent;
}

const target = (table: string, rest = '') => `  - { type: postgres, connection: bi, table: ${table}${rest} }`;
const found = async (sql: string) => (await there.pool.query({ text: sql, rowMode: 'array' })).rows;

describe('a gold table in an outside PostgreSQL', () => {
  it('is replaced whole, with every type, and once for one snapshot', async () => {
    const rows = `select 1::bigint as id, 12.50::decimal(12,2) as amount, 'a "q", \\N' as name, '' as empty, null::integer as nothing,
      date '2024-02-29' as day, timestamp '2024-02-29 23:59:59.123456' as at, true as yes, [1, 2] as list, {'a': 1} as doc,
      '\\x00\\xFF'::blob as raw, 340282366920938463463374607431768::hugeint as huge`;
    expect(await send('kinds', rows, target('mart.kinds'))).toMatchObject([
      { target: 'postgres bi: mart.kinds', state: 'delivered', rows: 1, attempts: 1 },
    ]);
    expect(
      await found(`select id::text, amount::text, name, empty, nothing, day::text, at::text, yes, list, doc,
      encode(raw, 'hex'), huge::text from mart.kinds`),
    ).toEqual([
      [
        '1',
        '12.50',
        'a "q", \\N',
        '',
        null,
        '2024-02-29',
        '2024-02-29 23:59:59.123456',
        true,
        [1, 2],
        { a: 1 },
        '00ff',
        '340282366920938463463374607431768',
      ],
    ]);
    await there.pool.query('insert into mart.kinds (id) values (99)');
    await send('kinds', rows, target('mart.kinds'));
    expect(await found('select count(*)::int from mart.kinds')).toEqual([[2]]);
    await send('kinds', `${rows.replace('1::bigint', '2::bigint')}, 'new' as later`, target('mart.kinds'));
    expect(await found('select id::text, later from mart.kinds')).toEqual([['2', 'new']]);
  });

  it('gets what is new, each row once, also after a try that was cut off before or after its commit', async () => {
    const made = (count: number) => `select range as id from range(${count})`;
    await send('added', made(3), target('added', ', mode: append'));
    await send('added', made(5), target('added', ', mode: append'));
    const all = 'select count(*)::int, count(distinct id)::int from added';
    expect(await found(all)).toEqual([[5, 5]]);
    await there.pool.query(`create function stop() returns trigger language plpgsql as $$ begin
      perform pg_terminate_backend(pg_backend_pid()); return new; end $$`);
    await there.pool.query(
      'create trigger cut after insert on added for each row when (new.id = 7) execute function stop()',
    );
    expect(await send('added', made(9), target('added', ', mode: append'))).toMatchObject([{ state: 'failed' }]);
    expect(await found(all)).toEqual([[5, 5]]);
    await there.pool.query('drop trigger cut on added');
    expect(await send('added', made(9), target('added', ', mode: append'))).toMatchObject([{ state: 'delivered' }]);
    await shop.deps.db.query(`update exports set state = 'pending', snapshot_id = null where cell = 'added'`);
    await send('added', made(9), target('added', ', mode: append'));
    expect(await found(all)).toEqual([[9, 9]]);
  });

  it('is merged by its key, and says what is missing', async () => {
    const upsert = target('people', ', mode: upsert');
    await send('people', `select * from (values (1, 'a'), (2, 'b')) t(id, name)`, upsert, 'unique_key: id');
    await send('people', `select * from (values (2, 'B'), (3, 'c')) t(id, name)`, upsert, 'unique_key: id');
    expect(await found('select id, name from people order by id')).toEqual([
      [1, 'a'],
      [2, 'B'],
      [3, 'c'],
    ]);
    const [none] = await send('keyless', 'select 1 as id', target('keyless', ', mode: upsert'));
    expect(none?.error).toContain('key: [column]');
    const [taken] = await send('other', 'select 1 as id', target('people'));
    expect(taken?.error).toContain('is filled from gold.people');
    const [far] = await send('far', 'select 1 as id', target('far'), '', []);
    expect(far).toMatchObject({ state: 'failed' });
  });
});

describe('a gold table sent over HTTP', () => {
  it('comes in batches that are known again, and once for one snapshot', async () => {
    const got: { key: string; token: string; rows: unknown[] }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const rows = JSON.parse(Buffer.concat(chunks).toString()) as unknown[];
        got.push({
          key: String(request.headers['idempotency-key']),
          token: String(request.headers.authorization),
          rows,
        });
        response.writeHead(got.length === 2 ? 500 : 204).end();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const to = `  - { type: http, url: "http://127.0.0.1:${port}/in", token: "secret://db", batch: 2 }`;
    const rows = 'select range::integer as id from range(3)';
    expect(await send('posted', rows, to)).toMatchObject([{ state: 'failed' }]);
    expect(await send('posted', rows, to)).toMatchObject([{ state: 'delivered', rows: 3 }]);
    await send('posted', rows, to);
    server.close();
    expect(got.map((each) => each.rows.length)).toEqual([2, 1, 2, 1]);
    expect(got[0]?.key).toBe(got[2]?.key);
    expect(got[0]?.key).not.toBe(got[1]?.key);
    expect(got[0]?.token).toBe(`Bearer ${there.url}`);
  });
});
