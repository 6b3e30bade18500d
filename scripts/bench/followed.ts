import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openCluster } from '../../server/src/database/cluster.ts';

/** A PostgreSQL whose table of orders is followed: `fsync` as a server has it. */
export interface FollowedSource {
  readonly url: string;
  readonly client: pg.Client;
  /** One transaction of so many changes: three of four are new rows, the others change one or take one away. */
  write(from: number, changes: number): Promise<void>;
  close(): Promise<void>;
}

export const TABLE = 'bench_followed';

export async function openFollowedSource(rows: number): Promise<FollowedSource> {
  const dir = await mkdtemp(join(tmpdir(), 'datacraft-bench-cdc-'));
  await chmod(dir, 0o755); // the server may run as another user
  const settings = { wal_level: 'logical', max_wal_senders: '10', max_replication_slots: '10' };
  const cluster = await openCluster({ dataDir: join(dir, 'pg'), settings, privateRoot: join(dir, 'private') });
  const url = cluster.url('postgres');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create table ${TABLE} (id bigint primary key, customer integer, day date, at timestamptz,
    channel text, amount numeric(12,2), paid boolean, note text)`);
  await client.query(insertOf('1', String(rows)));
  await client.query(`create publication bench_peer for table ${TABLE}`);
  await client.query(`select pg_create_logical_replication_slot('bench_peer', 'pgoutput')`);
  return {
    url,
    client,
    async write(from, changes) {
      const made = Math.floor((changes * 3) / 4);
      const changed = Math.floor((changes - made) * 0.8);
      await client.query('begin');
      await client.query(insertOf(String(from), String(from + made - 1)));
      await client.query(`update ${TABLE} set amount = amount + 1, paid = not paid
        where id in (select id from ${TABLE} where id < ${from} order by id desc limit ${changed})`);
      await client.query(`delete from ${TABLE}
        where id in (select id from ${TABLE} order by id limit ${changes - made - changed})`);
      await client.query('commit');
    },
    async close() {
      await client.end();
      await cluster.release();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function insertOf(from: string, to: string): string {
  return `insert into ${TABLE} select i, (i * 7919) % 50000, date '2024-01-01' + (i % 365)::integer, now(),
    (array['web', 'store', 'phone'])[i % 3 + 1], ((i * 104729) % 1000000) / 100.0, i % 3 = 0, 'mark-' || i || '-'
    from generate_series(${from}::bigint, ${to}::bigint) i`;
}
