import type { KinesisSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { extractAdapter } from '../extract/extract.ts';
import type { ExtractRequest } from '../extract/extractor.ts';
import type { RecordFile } from '../extract/record-file.ts';
import type { Decoder } from '../kafka/format/decoder.ts';
import { openDecoder } from '../kafka/format/decoder.ts';
import { Undecodable } from '../kafka/format/undecodable.ts';
import type { KinesisClient } from './client.ts';
import { isExpired, openKinesis } from './client.ts';
import type { Positions, Shard } from './shards.ts';
import { checkSame, CLOSED, createdAt, nextShard, remembered, shardsOf, stateIn, stateOf } from './shards.ts';

/**
 * Reads the shards of a stream up to where they end when the reading begins.
 *
 * S1  Sequence numbers are published with the rows (I3): a record is in the table once, whatever ends a run.
 * S2  A shard that was split or merged is read to its end before those that came of it: no record is left behind, and
 *     those of one key stay in order.
 * S3  A stream made anew, or a shard gone unread, is an error, never a silent reset.
 */
export const kinesisAdapter = extractAdapter<KinesisSource>({
  shownAs: (spec) => spec.stream,
  isIncremental: () => true,
  alwaysHas: () => [
    { name: '_key', type: 'VARCHAR' },
    { name: '_shard', type: 'VARCHAR' },
    { name: '_sequence', type: 'VARCHAR' },
    { name: '_timestamp', type: 'TIMESTAMP' },
  ],

  async extract(spec, request, file) {
    const client = await openKinesis(spec, request.remote, request.signal);
    const [created, shards] = [await createdAt(client, spec.stream), await shardsOf(client, spec.stream)];
    const last = stateIn(request.state);
    checkSame(spec.stream, created, shards, last);
    const positions = new Map(last?.shards ?? beginning(spec, shards));
    const reading = { client, spec, file, request, decoder: decoderOf(spec, request), until: Date.now() };
    const done = new Set<string>();
    for (;;) {
      const shard = nextShard(shards, positions, done);
      if (shard === null || isEnough(reading)) break;
      await readShard(shard.ShardId, positions, reading);
      done.add(shard.ShardId);
    }
    return stateOf({ created, shards: remembered(shards, positions) });
  },
});

/** Without a position a shard is read from its first record on. */
function beginning({ start = 'earliest' }: KinesisSource, shards: readonly Shard[]): Positions {
  if (start === 'earliest') return new Map();
  const at = start === 'latest' ? Date.now() : Date.parse(start);
  if (Number.isNaN(at))
    throw new Fault(
      'bad-request',
      say('start: expected earliest, latest or a time such as 2026-01-31T12:00:00Z, got {start}', { start }),
    );
  return new Map(shards.map(({ ShardId }) => [ShardId, `@${at}`]));
}

function decoderOf({ format = 'json', columns, stream }: KinesisSource, { remote }: ExtractRequest): Decoder {
  return openDecoder({ type: 'kafka', topic: stream, format, ...(columns ? { columns } : {}) }, remote);
}

interface Reading {
  readonly client: KinesisClient;
  readonly spec: KinesisSource;
  readonly file: RecordFile;
  readonly request: ExtractRequest;
  readonly decoder: Decoder;
  /** Records that arrive later are for the next reading: one that never pauses must not hold this one. */
  readonly until: number;
}

interface Batch {
  readonly Records: readonly StreamRecord[];
  readonly NextShardIterator?: string | null;
  readonly MillisBehindLatest?: number;
}

interface StreamRecord {
  readonly Data: string;
  readonly PartitionKey: string;
  readonly SequenceNumber: string;
  readonly ApproximateArrivalTimestamp: number;
}

const isEnough = ({ request, file }: Reading) => request.limit !== null && file.count >= request.limit;

async function readShard(shard: string, positions: Positions, reading: Reading): Promise<void> {
  const { client, spec, request, until } = reading;
  let iterator: string | null = await iteratorAt(shard, positions.get(shard), client, spec.stream);
  while (!isEnough(reading)) {
    request.signal?.throwIfAborted();
    const batch: Batch | null = await client
      .call<Batch>('GetRecords', { ShardIterator: iterator, Limit: request.limit ?? 10_000 })
      .catch((error: unknown) => {
        if (isExpired(error)) return null;
        throw error;
      });
    if (batch === null) {
      iterator = await iteratorAt(shard, positions.get(shard), client, spec.stream);
      continue;
    }
    for (const record of batch.Records) {
      await write(record, shard, reading);
      positions.set(shard, record.SequenceNumber);
    }
    const latest = batch.Records.at(-1)?.ApproximateArrivalTimestamp ?? 0;
    if (!batch.NextShardIterator) {
      positions.set(shard, CLOSED);
      return;
    }
    if ((batch.MillisBehindLatest ?? 0) === 0 || latest * 1000 > until) return;
    iterator = batch.NextShardIterator;
  }
}

async function iteratorAt(shard: string, position: string | undefined, client: KinesisClient, stream: string) {
  const where =
    position === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' }
      : position.startsWith('@')
        ? { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: Number(position.slice(1)) / 1000 }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position };
  const asked = { StreamName: stream, ShardId: shard, ...where };
  return (await client.call<{ ShardIterator: string }>('GetShardIterator', asked)).ShardIterator;
}

/** How the producer library packs several records into one. */
const AGGREGATED = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);

async function write(record: StreamRecord, shard: string, { decoder, file, spec }: Reading): Promise<void> {
  const { SequenceNumber: sequence, PartitionKey: key, ApproximateArrivalTimestamp: at } = record;
  const bytes = Buffer.from(record.Data, 'base64');
  const place = { _key: key, _shard: shard, _sequence: sequence, _timestamp: new Date(at * 1000).toISOString() };
  const origin = {
    topic: spec.stream,
    partition: Number(/\d+$/.exec(shard)?.[0] ?? 0),
    offset: null,
    timestamp: String(Math.round(at * 1000)),
    key: Buffer.from(key),
    bytes,
    headers: JSON.stringify({ shard, sequence }),
  };
  const isKept = spec.rejects === 'table';
  try {
    if (bytes.subarray(0, 4).equals(AGGREGATED))
      throw new Undecodable(say('several records in one (KPL aggregation), which is not read; turn aggregation off'));
    const fields = await decoder.decode(bytes);
    for (const [name, type] of decoder.types) file.types.set(name, type);
    await file.write({ ...fields, ...place }, isKept ? origin : undefined);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    if (isKept) return file.setAside(origin, error.message);
    throw new Fault(
      'source-rows-rejected',
      say(
        'record {sequence} of {shard} of {stream} is {reason}; mend the producer, or set rejects: table to set such records aside',
        { sequence, shard, stream: spec.stream, reason: error.words },
      ),
      { file: spec.stream },
    );
  }
}
