import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@datacraft/migrations/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../server/src/database/cluster.ts';
import { openCluster } from '../../../../server/src/database/cluster.ts';
import { createPool } from '../../../../server/src/database/pool.ts';
import type { Workshop } from '../../run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../../run/testing/workshop.ts';
import { remoteAccess } from '../testing/remote-database.ts';

let shop: Workshop;
let dir: string;
let cluster: Cluster;
let there: pg.Pool;

beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  dir = await mkdtemp(join(tmpdir(), 'datacraft-cdc-'));
  await chmod(dir, 0o755); // the server may run as another user
  const settings = { wal_level: 'logical', fsync: 'off', max_replication_slots: '20', max_wal_senders: '20' };
  cluster = await openCluster({ dataDir: join(dir, 'pg'), settings, privateRoot: join(dir, 'private') });
  there = createPool(cluster.url('postgres'), { max: 4 });
});
afterAll(async () => {
  await there.end();
  await cluster.release();
  await rm(dir, { recursive: true, force: true });
  await shop.close();
});

const sql = (text: string) => there.query(text);

function report(name: string, request: object = {}) {
  const url = cluster.url('postgres');
  const remote = remoteAccess([new URL(url).hostname], { there: url });
  const text = `\`\`\`source ${name}\ntype: postgres\nurl: secret://there\ntable: ${name}\nmode: cdc\n\`\`\`\n`;
  return shop.run(text, { deps: { remote }, owner: name, ...request });
}

const run = async (name: string, request: object = {}) => taskOf(await report(name, request), name);

const here = (name: string) => shop.rows(`select * from bronze.${name} order by all`);

describe('a table that follows another', () => {
  it('L1 L2 has inserts, updates, deletes, new keys and truncates, in their order', async () => {
    await sql(`create table orders (id int primary key, name text, amount numeric(10,2), tags text[], raw bytea)`);
    await sql(`insert into orders select g, 'n' || g, g, array['a', 'b,c'], '\\x01' from generate_series(1, 4) g`);
    expect(await run('orders')).toMatchObject({ state: 'succeeded', rowsWritten: 4 });
    expect(await run('orders')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    await sql(`insert into orders values (5, 'five, "5"', 5.5, array['x"y', null], '\\xff00')`);
    await sql(`begin; update orders set name = 'two' where id = 2; update orders set amount = 22 where id = 2; commit`);
    await sql(`delete from orders where id = 1`);
    await sql(`update orders set id = 40 where id = 4`);
    await sql(`begin; insert into orders (id) values (99); rollback`);
    expect(await run('orders')).toMatchObject({ state: 'succeeded', rowsWritten: 4 });
    const rows = await shop.rows(
      'select id, name, amount::varchar, tags::varchar, hex(raw) from bronze.orders order by id',
    );
    expect(rows).toEqual([
      [2, 'two', '22.00', "[a, 'b,c']", '01'],
      [3, 'n3', '3.00', "[a, 'b,c']", '01'],
      [5, 'five, "5"', '5.50', expect.stringContaining('NULL') as string, 'FF00'],
      [40, 'n4', '4.00', "[a, 'b,c']", '01'],
    ]);
    await sql(`insert into orders (id) values (6); truncate orders; insert into orders (id, name) values (7, 'after')`);
    await run('orders');
    expect(await shop.rows('select id, name from bronze.orders')).toEqual([[7, 'after']]);
  });

  it('keeps large values that an update did not send', async () => {
    await sql(
      `create table large (id int primary key, n int, body text); alter table large alter body set storage external`,
    );
    await sql(`insert into large values (1, 1, repeat('x', 100000)), (2, 1, repeat('y', 100000))`);
    await run('large');
    await sql(`update large set n = 2 where id = 1`);
    await sql(`insert into large values (3, 1, repeat('z', 100000)); update large set n = 9 where id = 3`);
    await run('large');
    expect(await shop.rows('select id, n, left(body, 1), length(body) from bronze.large order by id')).toEqual([
      [1, 2, 'x', '100000'],
      [2, 1, 'y', '100000'],
      [3, 9, 'z', '100000'],
    ]);
    await sql(`update large set id = 30 where id = 3`);
    await run('large');
    expect(await shop.rows('select id, length(body) from bronze.large where id > 2')).toEqual([[30, '100000']]);
  });

  it('L3 is read anew when its columns change, and says when somebody else read its slot', async () => {
    await sql(`create table drifting (id int primary key); insert into drifting values (1)`);
    await run('drifting');
    await sql(`alter table drifting add column extra int default 7; insert into drifting values (2, 8)`);
    await run('drifting');
    expect(await here('drifting')).toEqual([
      [1, 7],
      [2, 8],
    ]);
    await sql(`insert into drifting values (3, 9)`);
    await sql(`select pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) from pg_replication_slots`);
    const lost = await run('drifting');
    expect(lost.error?.message).toContain('give this cell a slot: of its own');
    expect(await run('drifting', { fullRefresh: true })).toMatchObject({ state: 'succeeded', rowsWritten: 3 });
  });

  it('says what a table over there needs', async () => {
    await sql(`create table keyless (id int)`);
    expect((await run('keyless')).error?.message).toContain('has no primary key');
  });
});
