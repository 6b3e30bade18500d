import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useServices } from '../../../../scripts/services/for-tests.ts';
import type { Workshop } from '../../run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../../run/testing/workshop.ts';
import { conforms } from '../testing/conformance/conforms.ts';
import { mysqlBed } from '../testing/conformance/mysql-bed.ts';
import { remoteAccess } from '../testing/remote-database.ts';

const SETTLED_MS = 1500; // rows younger than a second wait for the next reading
const env = useServices('mariadb');
let shop: Workshop;
let there: Connection;

beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  there = await createConnection({ uri: env['MYSQL_URL'] ?? '', multipleStatements: true });
  await there.query('drop database if exists dc_test; create database dc_test; use dc_test');
});
afterAll(async () => {
  await there.end();
  await shop.close();
});

const url = () => (env['MYSQL_URL'] ?? '').replace(/\/[^/]*$/, '/dc_test');

async function run(name: string, keys: string, hosts = ['127.0.0.1']) {
  const text = `\`\`\`source ${name}\ntype: mysql\nurl: secret://there\n${keys}\n\`\`\`\n`;
  return taskOf(await shop.run(text, { deps: { remote: remoteAccess(hosts, { there: url() }) }, owner: name }), name);
}

describe('a table of a MariaDB', () => {
  it('keeps every type exactly', async () => {
    await there.query(`create table kinds (i1 tinyint, u8 bigint unsigned, exact decimal(20,4), f8 double, name text, day date,
      at datetime(6), ts timestamp(6) null, raw varbinary(10), kind enum('a','b'), gone time)`);
    await there.query(`set time_zone = '-03:00'; insert into kinds values (-128, 18446744073709551615, 1234567890123456.7891, 0.1,
      'a "quoted",\\n\\\\N çã😀', '2024-02-29', '2024-02-29 23:59:59.123456', '2024-02-29 23:59:59.123456', x'00ff', 'b', '-30:00:00'),
      (null, null, null, null, '', null, null, null, null, null, null)`);
    expect(await run('kinds', 'table: kinds')).toMatchObject({ state: 'succeeded', rowsWritten: 2 });
    const rows =
      await shop.rows(`select i1, u8::varchar, exact::varchar, f8, name, day::varchar, "at"::varchar, epoch_us(ts),
      hex(raw), kind, gone, typeof(exact) from bronze.kinds order by i1 nulls last`);
    expect(rows).toEqual([
      [
        -128,
        '18446744073709551615',
        '1234567890123456.7891',
        0.1,
        'a "quoted",\n\\N çã😀',
        '2024-02-29',
        '2024-02-29 23:59:59.123456',
        '1709261999123456',
        '00FF',
        'b',
        '-30:00:00',
        'DECIMAL(20,4)',
      ],
      [null, null, null, null, '', null, null, null, null, null, null, 'DECIMAL(20,4)'],
    ]);
    expect(await run('kinds', 'table: dc_test.kinds')).toMatchObject({ state: 'succeeded' });
  });

  it('is read by one statement that writes nothing, and not from private networks', async () => {
    await there.query('create table facts (id int); insert into facts values (1), (2), (3)');
    expect(await run('some', 'query: select id, id * 2 as twice from facts where id > 1;')).toMatchObject({
      rowsWritten: 2,
    });
    const two = await run('two', 'query: "select 1) q; drop table facts; select * from (select 1"');
    expect(two.error).toMatchObject({ code: 'source-unreadable' });
    expect((await run('private', 'table: facts', [])).error).toMatchObject({ code: 'forbidden' });
    expect(await run('missing', 'table: nowhere')).toMatchObject({
      error: { message: expect.stringContaining('check table:') as string },
    });
  });

  it('adds rows that are new, each once, whenever they commit', async () => {
    await there.query(
      'create table late (id int auto_increment primary key, ts timestamp(6) default current_timestamp(6)) engine=innodb',
    );
    const slow = await createConnection({ uri: url() });
    await there.query('insert into late () values ()');
    await slow.query('start transaction');
    await slow.query('insert into late () values ()');
    await there.query('insert into late () values ()');
    const keys = 'table: late\nincremental: { cursor: ts }';
    await run('late', keys);
    await slow.query('commit');
    await slow.end();
    await sleep(SETTLED_MS);
    await run('late', keys);
    await there.query('insert into late (ts) select max(ts) from late');
    await sleep(SETTLED_MS);
    await run('late', keys);
    expect(await shop.rows('select id from bronze.late order by id')).toEqual([[1], [2], [3], [4]]);
    expect(await run('late', keys)).toMatchObject({ state: 'skipped', reason: 'fresh' });
    expect((await run('ids', 'table: late\nincremental: { cursor: id }')).error?.message).toContain('overlap:');
    expect(await run('ids', 'table: late\nincremental: { cursor: id, overlap: 10 }')).toMatchObject({ rowsWritten: 4 });
    expect(await run('ids', 'table: late\nincremental: { cursor: id, overlap: 10 }')).toMatchObject({
      state: 'skipped',
    });
  });
});

const bed = () => ({ connection: there, url: url() });
conforms('mysql', () => shop, mysqlBed(bed, ''));
conforms('mysql by cursor', () => shop, mysqlBed(bed, '\nincremental: { cursor: id, overlap: 5 }'));
