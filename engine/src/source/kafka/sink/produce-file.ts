/**
 * A file of records sent to a topic, as whatever makes them would: the schema is registered first, then all of it goes in
 * one transaction. The mark of what was sent is the file's hash, so that a file sent again adds nothing (N1, N2).
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Fault, say } from '@datacraft/shared';
import { openContainer } from '../../avro/container.ts';
import type { RemoteAccess } from '../../source.ts';
import { settingsOf } from '../client.ts';
import type { FileRecord } from '../format/file-records.ts';
import { avroRecords, jsonRecord } from '../format/file-records.ts';
import { registryOf } from '../format/registry-of.ts';
import type { SinkMessage } from './sink.ts';
import { openKafkaSink } from './sink.ts';

/** Of one partition a broker takes at most 1 MB at once, unless it is told otherwise. */
const BATCH_BYTES = 700_000;

export interface ProducedFile {
  readonly path: string;
  readonly connection: string;
  readonly topic: string;
  /** The field that is the message's key. */
  readonly key: string | null;
  /** Text of an Avro schema that records are written by; null: the file's own. */
  readonly schema: string | null;
}

export interface Produced {
  readonly messages: number;
  /** It was in the topic before: nothing was sent. */
  readonly isKnown: boolean;
  readonly registered: { readonly subject: string; readonly id: number } | null;
}

export async function produceFile(file: ProducedFile, remote: RemoteAccess): Promise<Produced> {
  const { path, connection, topic } = file;
  const isAvro = path.endsWith('.avro');
  if (!isAvro && !/\.(json|ndjson|jsonl)$/.test(path))
    throw new Fault('bad-request', say('{path} is neither .avro nor .ndjson; write it as one of these', { path }));
  const { records, registered } = isAvro ? await ofAvro(file, remote) : { records: ofLines(file), registered: null };
  const content = await hashOf(path);
  const sink = await openKafkaSink({ connection, topic, id: `file ${basename(path)} ${topic}` }, remote);
  try {
    const isKnown = sink.last?.snapshotId === content;
    const messages = isKnown ? 0 : await sink.commit(inBatches(records), { snapshotId: content });
    return { messages, isKnown, registered };
  } finally {
    await sink.close();
  }
}

async function ofAvro({ path, connection, topic, key, schema }: ProducedFile, remote: RemoteAccess) {
  const { size } = await stat(path);
  const container = await openContainer({ path, shownAs: path, sizeBytes: size, sha256: '' });
  const written = avroRecords(container.schema, schema, key);
  const registry = registryOf(await settingsOf({ type: 'kafka', connection, topic }, remote), remote);
  const subject = `${topic}-value`;
  const id = await registry.register(subject, written.schema).catch(async (error: unknown) => {
    await container.close();
    throw error;
  });
  async function* records() {
    try {
      for await (const block of container.blocks()) yield* written.records(block, id);
    } finally {
      await container.close();
    }
  }
  return { records: records(), registered: { subject, id } };
}

async function* ofLines({ path, key }: ProducedFile): AsyncGenerator<FileRecord> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    number += 1;
    if (line.trim() !== '') yield jsonRecord(line, number, key);
  }
}

async function* inBatches(records: AsyncIterable<FileRecord>): AsyncGenerator<readonly SinkMessage[]> {
  let batch: SinkMessage[] = [];
  let bytes = 0;
  for await (const record of records) {
    batch.push(record);
    bytes += record.value.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
