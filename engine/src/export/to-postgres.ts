import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Column, ExportSpec } from '@datacraft/shared';
import { Fault, quoteIdentifier, relationName, say } from '@datacraft/shared';
import type pg from 'pg';
import { copyIn } from '../source/postgres/copy-in.ts';
import { withPostgres } from '../source/postgres/connect.ts';
import type { OpenShipment, Shipment, Shipped } from './shipment.ts';
import { changeSince, currentSnapshot, remoteOf, withRows } from './shipment.ts';
import { keyOf } from './key-of.ts';
import { pgType, pgValue } from './pg-column.ts';

type PostgresExport = Extract<ExportSpec, { type: 'postgres' }>;

/**
 * Brings a table of another PostgreSQL to what is published now: one transaction with the ledger, under a lock of the
 * table's name, so that whoever comes second finds what the first has done.
 */
export function sendToPostgres(spec: PostgresExport, shipment: Shipment): Promise<Shipped> {
  const remote = remoteOf(shipment);
  const { connection, table } = spec;
  return withPostgres({ type: 'postgres', connection, table }, remote, { signal: shipment.signal }, async (client) => {
    const place = placeOf(spec.table);
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtextextended('datacraft ' || $1, 0))`, [spec.table]);
    const ledger = await openLedger(client, place);
    const known = await client.query<{ source: string; snapshot_id: string; rows: string }>(
      `select source, snapshot_id, rows::text from ${ledger} where target = $1`,
      [place.table],
    );
    const [before] = known.rows;
    const source = relationName(shipment.ref);
    if (before && before.source !== source)
      throw new Fault(
        'table-owned',
        say('{table} is filled from {source}; export {own} to another table', {
          table: spec.table,
          source: before.source,
          own: source,
        }),
      );
    const snapshotId = await currentSnapshot(shipment);
    if (before?.snapshot_id === snapshotId) {
      await client.query('rollback');
      return { snapshotId, rows: Number(before.rows) };
    }
    const since = spec.mode === 'append' ? (before?.snapshot_id ?? null) : null;
    const change = await changeSince(shipment, snapshotId, since);
    const rows = await withRows(shipment, snapshotId, change, (open) => write(client, spec, place, open, shipment));
    await client.query(
      `insert into ${ledger} (target, source, snapshot_id, rows) values ($1, $2, $3, $4) on conflict (target)
       do update set snapshot_id = excluded.snapshot_id, rows = excluded.rows, delivered_at = now()`,
      [place.table, source, snapshotId, rows],
    );
    await client.query('commit');
    return { snapshotId, rows };
  });
}

interface Place {
  readonly schema: string;
  readonly table: string;
  readonly quoted: string;
}

function placeOf(name: string): Place {
  const [first = '', second] = name.split('.');
  const [schema, table] = second === undefined ? ['public', first] : [first, second];
  return { schema, table, quoted: `${quoteIdentifier(schema)}.${quoteIdentifier(table)}` };
}

async function openLedger(client: pg.Client, { schema }: Place): Promise<string> {
  const ledger = `${quoteIdentifier(schema)}."datacraft_exports"`;
  const { rows } = await client.query<{ known: boolean }>('select to_regclass($1) is not null as known', [ledger]);
  if (rows[0]?.known === true) return ledger;
  await client.query(`create schema if not exists ${quoteIdentifier(schema)}`);
  await client.query(`create table if not exists ${ledger} (target text primary key, source text not null,
    snapshot_id text not null, rows bigint not null, delivered_at timestamptz not null default now())`);
  return ledger;
}

async function write(
  client: pg.Client,
  spec: PostgresExport,
  place: Place,
  { session, dir, select, columns }: OpenShipment,
  { uniqueKey, signal }: Shipment,
): Promise<number> {
  const key = spec.mode === 'upsert' ? keyOf(spec, uniqueKey, columns) : [];
  await makeTable(client, place, columns, key);
  const file = join(dir, 'rows.csv');
  const texts = columns.map(pgValue).join(', ');
  await session.run(
    `copy (select ${texts} from (${select})) to '${file.replaceAll("'", "''")}' (format csv, header false, nullstr '\\N', force_quote *)`,
  );
  const list = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const into = spec.mode === 'upsert' ? '"datacraft_incoming"' : place.quoted;
  if (spec.mode === 'upsert')
    await client.query(
      `create temporary table ${into} on commit drop as select ${list} from ${place.quoted} with no data`,
    );
  if ((spec.mode ?? 'replace') === 'replace') await client.query(`delete from ${place.quoted}`);
  const text = `copy ${into} (${list}) from stdin (format csv, null '\\N')`;
  const rows = await copyIn(client, text, createReadStream(file, { signal }));
  if (spec.mode === 'upsert') await client.query(upsertSql(place, into, columns, key));
  return rows;
}

/** A table that is not there is made; a column that it lacks is added; nothing of it is ever dropped. */
async function makeTable(client: pg.Client, place: Place, columns: readonly Column[], key: readonly string[]) {
  const declared = columns.map((column) => `${quoteIdentifier(column.name)} ${pgType(column)}`);
  const primary = key.length > 0 ? [`primary key (${key.map(quoteIdentifier).join(', ')})`] : [];
  await client.query(`create table if not exists ${place.quoted} (${[...declared, ...primary].join(', ')})`);
  for (const column of declared) await client.query(`alter table ${place.quoted} add column if not exists ${column}`);
}

function upsertSql({ quoted }: Place, from: string, columns: readonly Column[], key: readonly string[]): string {
  const list = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const set = columns
    .filter(({ name }) => !key.includes(name))
    .map(({ name }) => `${quoteIdentifier(name)} = excluded.${quoteIdentifier(name)}`);
  const action = set.length === 0 ? 'do nothing' : `do update set ${set.join(', ')}`;
  return `insert into ${quoted} (${list}) select ${list} from ${from} on conflict (${key.map(quoteIdentifier).join(', ')}) ${action}`;
}
