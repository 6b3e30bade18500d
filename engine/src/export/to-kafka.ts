import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Column, ExportSpec } from '@datacraft/shared';
import { Fault, quoteIdentifier, quoteLiteral, relationName, say } from '@datacraft/shared';
import { loadTable } from '../iceberg/load-table.ts';
import type { Encoder } from '../source/kafka/format/encoder.ts';
import { openEncoder } from '../source/kafka/format/encoder.ts';
import type { KafkaSink, SinkMessage } from '../source/kafka/sink/sink.ts';
import { openKafkaSink } from '../source/kafka/sink/sink.ts';
import type { OpenShipment, Shipment, Shipped } from './shipment.ts';
import { changeSince, currentSnapshot, remoteOf, withRows } from './shipment.ts';
import { keyOf } from './key-of.ts';

export type KafkaExport = Extract<ExportSpec, { type: 'kafka' }>;

/** Of one partition a broker takes at most 1 MB at once, unless it is told otherwise. */
const BATCH_BYTES = 700_000;

/** Brings a topic to what is published now, in one transaction that also says so. */
export async function sendToKafka(spec: KafkaExport, shipment: Shipment): Promise<Shipped> {
  const sink = await openSinkOf(spec, shipment);
  try {
    return await sendThrough(sink, spec, shipment);
  } finally {
    await sink.close();
  }
}

/** Whoever opens it is the only one that writes of this table. A table made anew is another one. */
export async function openSinkOf({ connection, topic }: KafkaExport, shipment: Shipment): Promise<KafkaSink> {
  const { db, lake } = shipment.deps;
  const table = await loadTable(db, lake, shipment.ref);
  if (!table)
    throw new Fault('not-found', say('{table} is not published; run its cell', { table: relationName(shipment.ref) }));
  const id = `${relationName(shipment.ref)} ${table.metadata['table-uuid']} ${topic}`;
  return openKafkaSink({ connection, topic, id }, remoteOf(shipment));
}

export async function sendThrough(sink: KafkaSink, spec: KafkaExport, shipment: Shipment): Promise<Shipped> {
  const snapshotId = await currentSnapshot(shipment);
  const { last } = sink;
  if (last?.snapshotId === snapshotId) return { snapshotId, rows: last.messages };
  const change = await changeSince(shipment, snapshotId, last?.snapshotId ?? null);
  const rows = await withRows(shipment, snapshotId, change, async (open) => {
    const key = await messageKey(spec, shipment, open);
    const { columns } = open;
    const name = shipment.ref.name;
    const encoder = await openEncoder({ ...spec, format: spec.format ?? 'json', name, columns }, remoteOf(shipment));
    const file = join(open.dir, 'messages.ndjson');
    const select = messagesSql({ spec, open, key, encoder });
    await open.session.run(`copy (${select}) to '${file.replaceAll("'", "''")}' (format json)`);
    return sink.commit(messagesOf(file, encoder), { snapshotId });
  });
  return { snapshotId, rows };
}

interface Sending {
  readonly spec: KafkaExport;
  readonly open: OpenShipment;
  readonly key: readonly string[];
  readonly encoder: Encoder;
}

/** Columns `k` and `v`, which is null of rows that are gone, and `h` where headers are asked for. */
function messagesSql({ spec, open, key, encoder }: Sending): string {
  const headers = Object.entries(spec.headers ?? {}).map(
    ([name, column]) => `${quoteLiteral(name)}, ${quoteIdentifier(column)}::varchar`,
  );
  const h = headers.length === 0 ? '' : `, json_object(${headers.join(', ')})::varchar as h`;
  const k = keySql(key);
  const rows = `select ${k} as k, ${encoder.select} as v${h} from (${open.select}) as "__row"`;
  if (spec.mode !== 'mirror' || !open.hasBefore) return rows;
  const gone = `select distinct ${k} as k from "__before" except select ${k} from "__now"`;
  return `${rows} union all select k, null as v${h === '' ? '' : ', null as h'} from (${gone})`;
}

function keySql(key: readonly string[]): string {
  const [only] = key;
  if (only === undefined) return 'null';
  if (key.length === 1) return `${quoteIdentifier(only)}::varchar`;
  const parts = key.map((name) => `${quoteLiteral(name)}, ${quoteIdentifier(name)}`);
  return `json_object(${parts.join(', ')})::varchar`;
}

/** The columns of the key. By a key that is to find rows again each row is found: none is without it, no two share it. */
async function messageKey(spec: KafkaExport, { uniqueKey }: Shipment, open: OpenShipment): Promise<readonly string[]> {
  requireColumns(Object.values(spec.headers ?? {}), 'headers', open.columns);
  const isKeyed = spec.mode === 'upsert' || spec.mode === 'mirror';
  if (!isKeyed) return spec.key === undefined ? [] : keyOf(spec, undefined, open.columns);
  const key = keyOf(spec, uniqueKey, open.columns);
  const { rows } = await open.session.rows(
    `select ${keySql(key)} as k, count(*)::int from (${open.hasBefore ? 'select * from "__now"' : open.select}) group by k having k is null or count(*) > 1 limit 1`,
  );
  if (rows.length === 0) return key;
  const [[found] = []] = rows;
  const what = found === null ? say('rows have no key') : say('rows share the key {key}', { key: String(found) });
  throw new Fault(
    'bad-request',
    say('mode: {mode} finds rows by {key}, but {what}; mend the cell', {
      mode: spec.mode ?? '',
      key: key.join(', '),
      what,
    }),
  );
}

function requireColumns(names: readonly string[], option: string, columns: readonly Column[]): void {
  const unknown = names.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new Fault('bad-request', say('export.{option} names {unknown}, which is no column', { option, unknown }));
}

interface Line {
  readonly k: string | null;
  readonly v: string | null;
  readonly h?: string | null;
}

async function* messagesOf(file: string, encoder: Encoder): AsyncGenerator<readonly SinkMessage[]> {
  let batch: SinkMessage[] = [];
  let bytes = 0;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const { k, v, h } = JSON.parse(text) as Line;
    const value = v === null ? null : encoder.encode(v);
    batch.push({ key: k, value, ...(h ? { headers: headersOf(h) } : {}) });
    bytes += text.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function headersOf(text: string): Record<string, string> {
  const all = Object.entries(JSON.parse(text) as Record<string, string | null>);
  return Object.fromEntries(all.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
