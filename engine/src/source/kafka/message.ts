import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { KafkaMessage } from 'kafkajs';
import type { Origin } from '../extract/letter-file.ts';
import type { RecordFile } from '../extract/record-file.ts';
import type { StoredLetter } from '../source.ts';
import type { Decoder } from './format/decoder.ts';
import { Undecodable } from './format/undecodable.ts';

/** Where a message was: columns of every record. */
export const placeColumns = [
  { name: '_key', type: 'VARCHAR' },
  { name: '_partition', type: 'BIGINT' },
  { name: '_offset', type: 'BIGINT' },
  { name: '_timestamp', type: 'TIMESTAMP' },
] as const;

export function originOf(topic: string, partition: number, message: KafkaMessage): Origin {
  return {
    topic,
    partition,
    offset: message.offset,
    timestamp: message.timestamp,
    key: message.key ?? null,
    bytes: message.value ?? null,
    headers: headersOf(message.headers),
  };
}

export function originOfLetter({ letter, attempts, ...place }: StoredLetter): Origin {
  return { ...place, again: { letter, attempts } };
}

function headersOf(headers: KafkaMessage['headers']): string | null {
  const entries = Object.entries(headers ?? {});
  if (entries.length === 0) return null;
  const text = (value: unknown) => (Buffer.isBuffer(value) ? value.toString('utf8') : value);
  return JSON.stringify(
    Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.map(text) : text(value)])),
  );
}

function exactNumber(text: string): unknown {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

/** The fields of the message, and where it was: `_key`, `_partition`, `_offset`, `_timestamp`. */
export async function writeMessage(
  file: RecordFile,
  origin: Origin,
  decoder: Decoder,
  spec: Pick<KafkaSource, 'rejects'>,
): Promise<void> {
  const place = {
    _key: origin.key?.toString('utf8') ?? null,
    _partition: origin.partition,
    _offset: origin.offset === null ? null : exactNumber(origin.offset),
    _timestamp: new Date(Number(origin.timestamp)).toISOString(),
  };
  const isKept = spec.rejects === 'table';
  try {
    const fields = origin.bytes === null ? { value: null } : await decoder.decode(origin.bytes);
    for (const [name, type] of decoder.types) file.types.set(name, type);
    await file.write({ ...fields, ...place }, isKept ? origin : undefined);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    if (isKept) return file.setAside(origin, error.message);
    throw new Fault(
      'source-rows-rejected',
      `message ${origin.offset} of partition ${origin.partition} of ${origin.topic} is ${error.message}; mend the producer, or set rejects: table to set such messages aside`,
      { file: origin.topic, partition: origin.partition, offset: origin.offset ?? '' },
    );
  }
}
