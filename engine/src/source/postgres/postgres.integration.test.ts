import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from '../../run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../../run/testing/workshop.ts';
import { postgresAdapter } from './postgres.ts';
import { remoteAccess } from '../testing/remote-database.ts';
import { settled } from '../testing/settled.ts';

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

async function run(name: string, keys: string, request: object = {}, hosts = ['127.0.0.1', 'localhost']) {
  const { username, password, port, pathname } = new URL(there.url);
  const config = {
    host: '127.0.0.1',
    port: Number(port),
    user: username,
    password: 'secret://db',
    database: pathname.slice(1),
  };
  const remote = remoteAccess(
    hosts,
    { db: decodeURIComponent(password), url: there.url },
    { there: { type: 'postgres', config }, other: { type: 'mysql', config } },
  );
  const where = /^(connection|url|host):/m.test(keys) ? '' : 'connection: there\n';
  const report = await shop.run(`\`\`\`source ${name}\ntype: postgres\n${where}${keys}\n\`\`\`\n`, {
    deps: { remote },
    owner: name,
    ...request,
  });
  return taskOf(report, name);
}

const sql = (text: string) => there.pool.query(text);

describe('a table of another PostgreSQL', () => {
  it('keeps every type exactly', async () => {
    await sql(`create table kinds (i2 int2, i4 int4, i8 int8, exact numeric(20,4), free numeric, f8 float8, yes bool, name text,
      code char(3), day date, at timestamp, atz timestamptz, id uuid, doc jsonb, raw bytea, list int[], words text[], odd interval)`);
    await sql(`insert into kinds values (-32768, 2147483647, 9223372036854775807, 1234567890123456.7891, 12345678901234567890.1234567890,
      0.1, true, E'a "quoted", \\n\\\\N line', 'ab', '2024-02-29', '2024-02-29 23:59:59.123456', '2024-02-29 23:59:59.123456-03',
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": [1, null, 12345678901234567890.5]}', '\\x00ff10', '{1,null,3}',
      array['a,b', 'c"d', ''], '1 day 2 hours')`);
    await sql(`insert into kinds (name) values (''), ('\\N'), (null)`);
    expect(await run('kinds', 'table: public.kinds')).toMatchObject({ state: 'succeeded', rowsWritten: 4 });
    const [types] = await shop.rows(
      `select typeof(i2), typeof(i8), typeof(exact), typeof(free), typeof(atz), typeof(id), typeof(raw), typeof(list),
         typeof(words), typeof(day) from bronze.kinds limit 1`,
    );
    expect(types).toEqual([
      'INTEGER',
      'BIGINT',
      'DECIMAL(20,4)',
      'DECIMAL(38,10)',
      'TIMESTAMP WITH TIME ZONE',
      'UUID',
      'BLOB',
      'INTEGER[]',
      'VARCHAR[]',
      'DATE',
    ]);
    const [row] = await shop.rows(
      `select i2, i4, i8, exact::varchar, free::varchar, f8, yes, name, code, day::varchar, "at"::varchar, epoch_us(atz),
         id::varchar, doc::varchar, hex(raw), list::varchar, words[1], len(words), odd from bronze.kinds where i2 is not null`,
    );
    expect(row).toEqual([
      -32768,
      2147483647,
      '9223372036854775807',
      '1234567890123456.7891',
      '12345678901234567890.1234567890',
      0.1,
      true,
      'a "quoted", \n\\N line',
      'ab ',
      '2024-02-29',
      '2024-02-29 23:59:59.123456',
      '1709261999123456',
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      '{"a": [1, null, 12345678901234567890.5]}',
      '00FF10',
      '[1, NULL, 3]',
      'a,b',
      '3',
      'P1DT2H',
    ]);
    expect(
      await shop.rows(`select name, name is null from bronze.kinds where i2 is null order by 1 nulls last`),
    ).toEqual([
      ['', false],
      ['\\N', false],
      [null, true],
    ]);
  });

  it('is fresh while it is the same, and read again when it changed', async () => {
    await sql('create table same as select 1 as id');
    expect(await run('same', 'table: same')).toMatchObject({ state: 'succeeded' });
    expect(await run('same', 'table: same')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    await sql('update same set id = 2');
    expect(await run('same', 'table: same')).toMatchObject({ state: 'succeeded' });
    expect(await shop.rows('select id from bronze.same')).toEqual([[2]]);
  });

  it('may be empty', async () => {
    await sql('create table nothing (id int, "Odd ""name" text)');
    expect(await run('nothing', 'table: nothing')).toMatchObject({ state: 'succeeded', rowsWritten: 0 });
    expect(await shop.rows(`select * from bronze.nothing`)).toEqual([]);
  });

  it('sets aside what its type here cannot hold, with its row and column (I7)', async () => {
    await sql(
      `create table odd as select * from (values (1, 1::numeric), (2, 'NaN'), (3, 0.12345678901), (4, 0.50000000000000)) v(id, amount)`,
    );
    const failed = await run('odd', 'table: odd');
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'source-rows-rejected' } });
    expect(failed.error?.message).toContain('row 2: amount: could not convert NaN to DECIMAL(38,10) (and 1 more row)');
    expect(await run('odd', 'table: odd\nrejects: table')).toMatchObject({ state: 'succeeded', rowsWritten: 2 });
    expect(await shop.rows(`select line, column_name from bronze.odd_rejects order by 1`)).toEqual([
      ['2', 'amount'],
      ['3', 'amount'],
    ]);
    expect(await run('odd', 'table: odd\ncolumns: { amount: double }')).toMatchObject({
      state: 'succeeded',
      rowsWritten: 4,
    });
  });
});

describe('a query of another PostgreSQL', () => {
  it('is read as one statement that writes nothing', async () => {
    await sql('create table facts as select g as id from generate_series(1, 3) g');
    expect(await run('ok', 'query: select id, id * 2 as twice from facts where id > 1;')).toMatchObject({
      rowsWritten: 2,
    });
    const writes = await run('writes', 'query: "with x as (delete from facts returning id) select * from x"');
    expect(writes.error).toMatchObject({ code: 'source-unreadable' });
    const two = await run('two', 'query: "select 1) q; drop table facts; select * from (select 1"');
    expect(two.error?.message).toContain('multiple commands');
    expect((await sql('select count(*)::int as n from facts')).rows).toEqual([{ n: 3 }]);
  });
});

describe('where a PostgreSQL is', () => {
  it('is said by a connection or a URL, whose password is in no message', async () => {
    await sql('create table here as select 1 as id');
    expect(await run('by_url', 'url: secret://url\ntable: here')).toMatchObject({ state: 'succeeded' });
    const failed = await run('gone', 'url: secret://url\ntable: not_here');
    expect(failed.error?.message).toContain('check table:');
    expect(JSON.stringify(failed)).not.toContain(new URL(there.url).password);
    expect((await run('kind', 'connection: other\ntable: here')).error?.message).toContain('is of type mysql');
  });

  it('is no address of a private network unless the operator allows it', async () => {
    const refused = await run('refused', 'table: here', {}, []);
    expect(refused.error).toMatchObject({ code: 'forbidden' });
    expect(refused.error?.message).toContain('DATACRAFT_ALLOWED_HOSTS');
  });
});

const incremental = 'incremental: { cursor: at }';

/** Rows with the time at which their transaction began, from writers that take their time to commit. */
async function writer() {
  const client = new pg.Client({ connectionString: there.url });
  await client.connect();
  return { query: (text: string) => client.query(text), end: () => client.end() };
}

describe('rows that are new since the last reading', () => {
  it('B1 are added, each once, whenever they commit', async () => {
    await sql('create table late (id serial, at timestamptz default now())');
    const slow = await writer();
    await slow.query('begin');
    await slow.query('savepoint s');
    await slow.query('insert into late default values');
    await slow.query('release savepoint s');
    await sql('insert into late default values');
    await run('late', `table: late\n${incremental}`);
    await sql('insert into late default values');
    await slow.query('commit');
    await slow.end();
    await settled(there.pool);
    await run('late', `table: late\n${incremental}`);
    expect(await shop.rows('select id from bronze.late order by id')).toEqual([[1], [2], [3]]);
    expect(await run('late', `table: late\n${incremental}`)).toMatchObject({ state: 'skipped', reason: 'fresh' });
  });

  it('B1 are all there, once, whatever writers do meanwhile', async () => {
    await sql('create table busy (id bigserial, at timestamptz default now())');
    let going = true;
    const writers = [1, 2, 3, 4].map(async (n) => {
      const client = await writer();
      for (let round = 0; going && round < 400; round += 1) {
        await client.query('begin');
        if (round % 3 === 0) await client.query('savepoint a');
        await client.query('insert into busy default values');
        await client.query(`select pg_sleep(${(0.02 * ((round * n) % 7)).toFixed(2)})`);
        await client.query(round % 5 === 4 ? 'rollback' : 'commit');
      }
      await client.end();
    });
    for (let reading = 0; reading < 6; reading += 1) await run('busy', `table: busy\n${incremental}`);
    going = false;
    await Promise.all(writers);
    await settled(there.pool);
    await run('busy', `table: busy\n${incremental}`);
    const { rows } = await sql('select count(*)::text as n, sum(id)::text as sum from busy');
    expect(await shop.rows('select count(*)::varchar, sum(id)::varchar from bronze.busy')).toEqual([
      [rows[0].n, rows[0].sum],
    ]);
  });

  it('B1 begin where the cell says, and look only so far back', async () => {
    await sql(`create table begun as select g as id, date '2024-01-01' + g as at from generate_series(1, 10) g`);
    await settled(there.pool);
    const keys = 'table: begun\nincremental: { cursor: at, start: "2024-01-09", overlap: 1 day }';
    expect(await run('begun', keys)).toMatchObject({ rowsWritten: 3 });
    await sql(`insert into begun values (11, '2024-02-01'), (12, '2024-01-02')`);
    await settled(there.pool);
    expect(await run('begun', keys)).toMatchObject({ rowsWritten: 4 });
  });

  it('B1 are not compared with those of another server', async () => {
    const state = { horizon: '9000000000', system: 'another' };
    const identify = postgresAdapter.identify(
      { type: 'postgres', url: there.url, table: 'begun', incremental: { cursor: 'at' } },
      {
        resolve: () => Promise.resolve([]),
        tempDir: tmpdir(),
        remote: remoteAccess([new URL(there.url).hostname]),
        last: { identity: 'x', state, columns: [] },
      },
    );
    await expect(identify).rejects.toThrow('run with a full refresh');
  });

  it('B2 of a query end where the oldest transaction began, and are not read twice at the boundary', async () => {
    await sql('create table events (id serial, at timestamptz default clock_timestamp())');
    const keys = `query: select * from events where id > 0\n${incremental}`;
    const slow = await writer();
    await sql('insert into events default values');
    await slow.query('begin');
    await slow.query('select 1');
    await run('events', keys);
    await slow.query('insert into events default values');
    await sql('insert into events default values');
    await run('events', keys);
    await slow.query('commit');
    await slow.end();
    await settled(there.pool);
    await run('events', keys);
    await sql('insert into events (at) select max(at) from events');
    await settled(there.pool);
    await run('events', keys);
    expect(await shop.rows('select id from bronze.events order by id')).toEqual([[1], [2], [3], [4]]);
    expect(await run('events', keys)).toMatchObject({ state: 'skipped' });
  });

  it('gain the columns that the table gains, and keep those it lost', async () => {
    await sql('create table drift (id int, at timestamptz default now(), old text)');
    await sql(`insert into drift values (1, now(), 'x')`);
    await settled(there.pool);
    await run('drift', `table: drift\n${incremental}`);
    await sql('alter table drift drop column old; alter table drift add column fresh numeric(8,2)');
    await sql('insert into drift values (2, now(), 1.5)');
    await settled(there.pool);
    expect(await run('drift', `table: drift\n${incremental}`)).toMatchObject({ rowsWritten: 2 });
    expect(await shop.rows('select id, old, fresh::varchar from bronze.drift order by id')).toEqual([
      [1, 'x', null],
      [2, null, '1.50'],
    ]);
  });
});
