import type { KafkaSource } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { KafkaMessage } from 'kafkajs';
import type { Origin } from '../extract/letter-file.ts';
import { lineWith, placeText } from '../extract/letter-line.ts';
import type { RecordFile } from '../extract/record-file.ts';
import type { Decoder } from './format/decoder.ts';
import { fieldsAsTheyStand } from './format/json.ts';
import { Undecodable } from './format/undecodable.ts';
import { readsMany } from './lanes.ts';
import { hasHeaders, isPlace, originOf, placeColumnsOf, timeTeller } from './origin.ts';

/** Where messages go to, and how they are read. */
export interface MessageWriter {
  readonly file: RecordFile;
  readonly decoder: Decoder;
  readonly spec: Pick<KafkaSource, 'rejects' | 'topic'>;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Messages of one partition, each with its fields and where it was: `_key`, `_partition`, `_offset`, `_timestamp`, and
 * `_topic` where several are read.
 */
export async function writeMessages(
  place: Place,
  messages: readonly KafkaMessage[],
  writer: MessageWriter,
): Promise<void> {
  const timeOf = timeTeller();
  for (const message of messages) {
    const room = putAsItStands(place, message, timeOf, writer);
    if (room === 'no') await writeMessage(originOf(place.topic, place.partition, message), writer);
    else if (room !== null) await room;
  }
  if (messages.length === 0) return;
  namePlaces(writer);
  nameTypes(writer);
}

function nameTypes({ file, decoder }: MessageWriter): void {
  for (const [name, type] of decoder.types) file.types.set(name, type);
}

function namePlaces({ file, spec }: Pick<MessageWriter, 'file' | 'spec'>): void {
  for (const { name } of placeColumnsOf(spec)) file.fields.add(name);
}

/** No: it has to be written anew. */
function putAsItStands(
  where: Place,
  message: KafkaMessage,
  timeOf: (timestamp: string) => string,
  { file, decoder, spec }: MessageWriter,
): Promise<void> | null | 'no' {
  const { json } = decoder;
  if (message.value === null) return 'no';
  if (json === undefined) return putAsText(where, message, timeOf, { file, decoder, spec });
  const key = message.key?.toString('utf8') ?? null;
  const isKept = spec.rejects === 'table';
  if (isKept && (readsMany(spec) || hasHeaders(message) || key?.includes('\ufffd') === true)) return 'no';
  const place = { key, ...shownPlace(where, spec), offset: message.offset, time: timeOf(message.timestamp) };
  const letter = isKept ? { topic: where.topic } : undefined;
  const same = json.of(message.value);
  if (same !== null) return file.putBytes(message.value, `,${placeText(place)}`, same, letter);
  const text = message.value.toString('utf8');
  const fields = fieldsAsTheyStand(text);
  if (fields === null || fields.some((name) => isPlace(name, spec))) return 'no';
  json.learn(fields);
  return file.put(lineWith(text, place), fields, letter);
}

/** Of a source that reads one topic, no row says which. */
function shownPlace({ topic, partition }: Place, spec: MessageWriter['spec']): { partition: number; topic?: string } {
  return readsMany(spec) ? { partition, topic } : { partition };
}

function putAsText(
  where: Place,
  message: KafkaMessage,
  timeOf: (timestamp: string) => string,
  { file, decoder, spec }: MessageWriter,
): Promise<void> | null | 'no' {
  const decoded = message.value && decoder.text?.(message.value);
  if (!decoded || decoded.fields.some((name) => isPlace(name, spec))) return 'no';
  const key = message.key?.toString('utf8') ?? null;
  const place = { key, ...shownPlace(where, spec), offset: message.offset, time: timeOf(message.timestamp) };
  const letter = spec.rejects === 'table' ? originOf(where.topic, where.partition, message) : undefined;
  return file.put(lineWith(decoded.text, place), decoded.fields, letter);
}

/** A message of any format, one that is read again, or one whose line would not say all of it. */
export async function writeMessage(origin: Origin, { file, decoder, spec }: MessageWriter): Promise<void> {
  const isKept = spec.rejects === 'table';
  try {
    const decoded = origin.bytes === null ? { value: null } : decoder.decode(origin.bytes);
    const fields = withoutPlace(decoded instanceof Promise ? await decoded : decoded, spec);
    nameTypes({ file, decoder, spec });
    namePlaces({ file, spec });
    await file.put(
      lineWith(JSON.stringify(fields), placeOf(origin, spec)),
      Object.keys(fields),
      isKept ? origin : undefined,
    );
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    if (isKept) return file.setAside(origin, error.message);
    throw new Fault(
      'source-rows-rejected',
      say(
        'message {offset} of partition {partition} of {topic} is {reason}; mend the producer, or set rejects: table to set such messages aside',
        {
          offset: String(origin.offset),
          partition: String(origin.partition),
          topic: origin.topic,
          reason: asSaid(error.message),
        },
      ),
      { file: origin.topic, partition: origin.partition, offset: origin.offset ?? '' },
    );
  }
}

function placeOf({ key, offset, timestamp, ...place }: Origin, spec: MessageWriter['spec']) {
  const time = new Date(Number(timestamp)).toISOString();
  return { key: key?.toString('utf8') ?? null, ...shownPlace(place, spec), offset, time };
}

/** Where it was is what the broker says. */
function withoutPlace(record: object, spec: MessageWriter['spec']): object {
  const names = Object.keys(record).filter((name) => isPlace(name, spec));
  if (names.length === 0) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
