/**
 * A table that follows a table of another PostgreSQL by its logical replication.
 *
 * L1  The first reading makes a slot and reads the table in the snapshot that the slot begins at: no change is between
 *     them, and none is in both.
 * L2  Later readings look at whole transactions from where the published rows end, and leave them in the slot. Only
 *     once the rows are published with their place (I3) does the next reading let go of what lies before it.
 * L3  A slot that moved past the published rows, a server that is another, or columns that changed are never bridged:
 *     the first two are faults, the last reads the table anew.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSource, JsonObject } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';
import type { ExtractRequest } from '../extract/extractor.ts';
import { csvRow } from '../extract/csv-row.ts';
import type { TableFile } from '../extract/table-file.ts';
import type { PostgresColumn } from './catalog.ts';
import { columnsOf } from './catalog.ts';
import { withPostgres } from './connect.ts';
import { copyOut } from './copy.ts';
import { changeColumns, type ChangeWriter, createChangeWriter } from './change-writer.ts';
import { lsnOf, lsnText, parseChange } from './pgoutput.ts';

export interface Followed {
  readonly spec: DatabaseSource;
  readonly relation: string;
  readonly settings: string;
}

interface Place {
  readonly slot: string;
  readonly publication: string;
  readonly system: string;
  readonly oid: string;
  readonly columns: readonly PostgresColumn[];
  readonly key: readonly string[];
}

export async function extractChanges(
  followed: Followed,
  request: ExtractRequest,
  file: TableFile,
): Promise<JsonObject | null> {
  const { spec, settings } = followed;
  const { remote, state, limit, signal } = request;
  const options = signal ? { signal } : {};
  return withPostgres(spec, remote, options, async (client) => {
    await client.query(settings.replaceAll('set local', 'set'));
    const place = await placeIn(client, followed);
    if (limit !== null) return sampled(client, followed, place, limit, file);
    const signature = createHash('sha256')
      .update(JSON.stringify([place.oid, place.columns, place.key]))
      .digest('hex');
    if (state !== null) {
      refuseOther(state, place);
      const end = state['signature'] === signature ? await follow(client, place, String(state['lsn']), file) : null;
      if (end !== null) return { ...state, lsn: end };
      await file.restart();
    }
    const lsn = await withPostgres(spec, remote, { ...options, replication: true }, (walsender) =>
      snapshot(client, walsender, followed, place, file),
    );
    return { lsn, slot: place.slot, system: place.system, signature };
  });
}

async function placeIn(client: pg.Client, { spec, relation }: Followed): Promise<Place> {
  const { rows } = await client.query<{ oid: string; system: string; level: string; base: string }>(
    `select $1::regclass::oid::text as oid, (select system_identifier::text from pg_control_system()) as system,
       current_setting('wal_level') as level, current_database() as base`,
    [relation],
  );
  const [found] = rows;
  if (!found) throw new Fault('internal', 'the catalogue gave no row');
  if (found.level !== 'logical') throw notLogical(found.level);
  const key = await client.query<{ name: string }>(
    `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
     where i.indrelid = $1::oid and i.indexrelid = (select indexrelid from pg_index where indrelid = $1::oid
       and (indisreplident or indisprimary) order by indisreplident desc limit 1) order by 1`,
    [found.oid],
  );
  if (key.rows.length === 0) throw noKey(relation);
  const hash = createHash('sha256').update(`${found.system}\0${found.base}\0${found.oid}`).digest('hex');
  const slot = spec.slot ?? `datacraft_${hash.slice(0, 12)}`;
  const columns = await columnsOf(client, relation);
  return {
    slot,
    publication: spec.publication ?? slot,
    system: found.system,
    oid: found.oid,
    columns,
    key: key.rows.map(({ name }) => name),
  };
}

/** Nothing is made over there for a look at a few rows. */
async function sampled(client: pg.Client, { relation }: Followed, place: Place, limit: number, file: TableFile) {
  file.columns = typed(place.columns);
  await copyRows(client, `${relation} as source_row limit ${limit}`, place, file);
  return null;
}

async function snapshot(
  client: pg.Client,
  walsender: pg.Client,
  { relation }: Followed,
  place: Place,
  file: TableFile,
) {
  file.columns = typed(place.columns);
  await ensurePublication(client, relation, place);
  const name = client.escapeIdentifier(place.slot);
  await client.query(
    'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active',
    [place.slot],
  );
  const made = await walsender.query<{ consistent_point: string; snapshot_name: string }>(
    `CREATE_REPLICATION_SLOT ${name} LOGICAL pgoutput (SNAPSHOT 'export')`,
  );
  const [start] = made.rows;
  if (!start) throw new Fault('internal', 'the server made no slot');
  await client.query('begin transaction isolation level repeatable read, read only');
  await client.query(`set transaction snapshot ${client.escapeLiteral(start.snapshot_name)}`);
  await copyRows(client, `${relation} as source_row`, place, file);
  await client.query('commit');
  return start.consistent_point;
}

async function copyRows(client: pg.Client, from: string, { columns }: Place, file: TableFile): Promise<void> {
  const select = `select ${columns.map(({ expression }) => expression).join(', ')} from ${from}`;
  await copyOut(client, `copy (${select}) to stdout (format csv, null '\\N')`, (row) => file.write(row, 1));
}

async function ensurePublication(client: pg.Client, relation: string, { publication }: Place): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_publication where pubname = $1', [publication]);
  if (rowCount === 0)
    await client.query(`create publication ${client.escapeIdentifier(publication)} for table ${relation}`);
  const covered = await client.query(
    `select 1 from pg_publication_tables t where pubname = $1 and format('%I.%I', schemaname, tablename)::regclass = $2::regclass`,
    [publication, relation],
  );
  if (covered.rowCount === 0)
    throw new Fault(
      'source-unreadable',
      say('the publication {publication} does not hold {relation}; add it over there', { publication, relation }),
      {
        field: 'publication',
      },
    );
}

const QUIET_BYTES = 256n * 1024n * 1024n;

/** Up to where the changes were written, or null when the table has other columns than these changes. */
async function follow(client: pg.Client, place: Place, from: string, file: TableFile): Promise<string | null> {
  file.columns = changeColumns(typed(place.columns));
  await letGo(client, place, from);
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
  const until = rows[0]?.lsn ?? from;
  const writer = createChangeWriter(place.oid, place.columns, place.key);
  const end = await peek(client, place, lsnOf(from), until, writer, file);
  if (end === null) return null;
  if (file.count === 0) file.columns = typed(place.columns);
  const reached = end > lsnOf(until) ? end : lsnOf(until);
  if (file.count === 0 && reached - lsnOf(from) < QUIET_BYTES) return from;
  file.columns = changeColumns(typed(place.columns));
  file.mergeKey = place.key;
  return lsnText(reached);
}

async function letGo(client: pg.Client, { slot }: Place, from: string): Promise<void> {
  const { rows } = await client.query<{ confirmed: string | null; lost: boolean }>(
    `select confirmed_flush_lsn::text as confirmed, coalesce(wal_status = 'lost', false) as lost
     from pg_replication_slots where slot_name = $1`,
    [slot],
  );
  const confirmed = rows[0]?.confirmed ?? null;
  if (confirmed === null || rows[0]?.lost === true || lsnOf(confirmed) > lsnOf(from)) throw slotGone(slot);
  if (lsnOf(confirmed) < lsnOf(from))
    await client.query('select pg_replication_slot_advance($1, $2::pg_lsn)', [slot, from]);
}

async function peek(
  client: pg.Client,
  { slot, publication }: Place,
  from: bigint,
  until: string,
  writer: ChangeWriter,
  file: TableFile,
): Promise<bigint | null> {
  const text = (value: string) => client.escapeLiteral(value);
  const changes = `select encode(data, 'hex') from pg_logical_slot_peek_binary_changes(${text(slot)}, ${text(until)}, null,
    'proto_version', '1', 'publication_names', ${text(client.escapeIdentifier(publication))})`;
  let end = from;
  let known = false; // inside a transaction that the published rows hold
  await copyOut(client, `copy (${changes}) to stdout`, (line) => {
    const change = parseChange(Buffer.from(line.toString('latin1').trimEnd(), 'hex'));
    if (change.kind === 'begin') known = change.commitLsn < from;
    if (change.kind === 'commit' && change.endLsn > end) end = change.endLsn;
    if (known && change.kind !== 'relation') return null;
    const rows = writer.rowsOf(change);
    return rows.length === 0 ? null : file.write(Buffer.concat(rows.map(csvRow)), rows.length);
  });
  return writer.isLost() ? null : end;
}

function typed(columns: readonly PostgresColumn[]) {
  return columns.map(({ name, type, form }) => ({ name, type, form }));
}

function refuseOther(state: JsonObject, { slot, system }: Place): void {
  if (state['system'] === system && state['slot'] === slot) return;
  throw new Fault(
    'source-unreadable',
    'this is not the database that was followed so far; run with a full refresh',
    {},
  );
}

function slotGone(slot: string): Fault {
  return new Fault(
    'source-unreadable',
    say(
      'the replication slot {slot} does not hold the changes since the published rows any more: it was dropped, or somebody else reads it; give this cell a slot: of its own and run with a full refresh',
      { slot },
    ),
    { field: 'slot' },
  );
}

function notLogical(level: string): Fault {
  return new Fault(
    'source-unreadable',
    say('mode: cdc needs wal_level = logical over there, it is {level}; have it set, or use incremental:', { level }),
    { field: 'mode' },
  );
}

function noKey(relation: string): Fault {
  return new Fault(
    'source-unreadable',
    say('{relation} has no primary key, by which changes find their row; add one over there, or use incremental:', {
      relation,
    }),
    { field: 'table' },
  );
}
