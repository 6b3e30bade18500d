import type { KafkaSource } from '@datacraft/shared';
import type { Origin } from '../extract/letter-file.ts';
import type { StoredLetter } from '../source.ts';
import { readsMany } from './lanes.ts';
import type { Message } from './reader/messages.ts';

const placeColumns = [
  { name: '_key', type: 'VARCHAR' },
  { name: '_partition', type: 'BIGINT' },
  { name: '_offset', type: 'BIGINT' },
  { name: '_timestamp', type: 'TIMESTAMP' },
] as const;
const withTopic = [...placeColumns, { name: '_topic', type: 'VARCHAR' }] as const;

/** Where a message was: columns of every record. */
export function placeColumnsOf(spec: Pick<KafkaSource, 'topic'>): readonly { name: string; type: string }[] {
  return readsMany(spec) ? withTopic : placeColumns;
}

export function isPlace(name: string, spec: Pick<KafkaSource, 'topic'>): boolean {
  return name.startsWith('_') && placeColumnsOf(spec).some((column) => column.name === name);
}

export function originOf(topic: string, partition: number, message: Message): Origin {
  return {
    topic,
    partition,
    offset: message.offset,
    timestamp: message.timestamp,
    key: message.key,
    bytes: message.value,
    headers: headersOf(message.headers),
  };
}

export function originOfLetter({ letter, attempts, ...place }: StoredLetter): Origin {
  return { ...place, again: { letter, attempts } };
}

function headersOf(headers: Message['headers']): string | null {
  const entries = Object.entries(headers);
  if (entries.length === 0) return null;
  const text = (value: unknown) => (Buffer.isBuffer(value) ? value.toString('utf8') : value);
  return JSON.stringify(
    Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.map(text) : text(value)])),
  );
}

/** Epoch ms as ISO 8601. Many messages in a row are of one moment. */
export function timeTeller(): (ms: number) => string {
  let last = Number.NaN;
  let told = '';
  return (ms) => {
    if (ms !== last) {
      told = new Date(ms).toISOString();
      last = ms;
    }
    return told;
  };
}
