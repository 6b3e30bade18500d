import type { KafkaSource } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { KafkaMessage } from 'kafkajs';
import type { Origin } from '../extract/letter-file.ts';
import { lineWith, placeText } from '../extract/letter-line.ts';
import type { RecordFile } from '../extract/record-file.ts';
import type { Decoder } from './format/decoder.ts';
import { fieldsAsTheyStand } from './format/json.ts';
import { Undecodable } from './format/undecodable.ts';
import { hasHeaders, isPlace, originOf, placeColumns, timeTeller } from './origin.ts';

/** Where messages go to, and how they are read. */
export interface MessageWriter {
  readonly file: RecordFile;
  readonly decoder: Decoder;
  readonly spec: Pick<KafkaSource, 'rejects' | 'topic'>;
}

/** Messages of one partition, each with its fields and where it was: `_key`, `_partition`, `_offset`, `_timestamp`. */
export async function writeMessages(
  partition: number,
  messages: readonly KafkaMessage[],
  writer: MessageWriter,
): Promise<void> {
  const timeOf = timeTeller();
  for (const message of messages) {
    const room = putAsItStands(partition, message, timeOf, writer);
    if (room === 'no') await writeMessage(originOf(writer.spec.topic, partition, message), writer);
    else if (room !== null) await room;
  }
  if (messages.length === 0) return;
  namePlaces(writer.file);
  nameTypes(writer);
}

function nameTypes({ file, decoder }: MessageWriter): void {
  for (const [name, type] of decoder.types) file.types.set(name, type);
}

function namePlaces({ fields }: RecordFile): void {
  for (const { name } of placeColumns) fields.add(name);
}

/** No: it has to be written anew. */
function putAsItStands(
  partition: number,
  message: KafkaMessage,
  timeOf: (timestamp: string) => string,
  { file, decoder, spec }: MessageWriter,
): Promise<void> | null | 'no' {
  const { json } = decoder;
  if (message.value === null) return 'no';
  if (json === undefined) return putAsText(partition, message, timeOf, { file, decoder, spec });
  const key = message.key?.toString('utf8') ?? null;
  const isKept = spec.rejects === 'table';
  if (isKept && (hasHeaders(message) || key?.includes('\ufffd') === true)) return 'no';
  const place = { key, partition, offset: message.offset, time: timeOf(message.timestamp) };
  const letter = isKept ? { topic: spec.topic } : undefined;
  const same = json.of(message.value);
  if (same !== null) return file.putBytes(message.value, `,${placeText(place)}`, same, letter);
  const text = message.value.toString('utf8');
  const fields = fieldsAsTheyStand(text);
  if (fields === null || fields.some(isPlace)) return 'no';
  json.learn(fields);
  return file.put(lineWith(text, place), fields, letter);
}

function putAsText(
  partition: number,
  message: KafkaMessage,
  timeOf: (timestamp: string) => string,
  { file, decoder, spec }: MessageWriter,
): Promise<void> | null | 'no' {
  const decoded = message.value && decoder.text?.(message.value);
  if (!decoded || decoded.fields.some(isPlace)) return 'no';
  const key = message.key?.toString('utf8') ?? null;
  const place = { key, partition, offset: message.offset, time: timeOf(message.timestamp) };
  const letter = spec.rejects === 'table' ? originOf(spec.topic, partition, message) : undefined;
  return file.put(lineWith(decoded.text, place), decoded.fields, letter);
}

/** A message of any format, one that is read again, or one whose line would not say all of it. */
export async function writeMessage(origin: Origin, { file, decoder, spec }: MessageWriter): Promise<void> {
  const isKept = spec.rejects === 'table';
  try {
    const decoded = origin.bytes === null ? { value: null } : decoder.decode(origin.bytes);
    const fields = withoutPlace(decoded instanceof Promise ? await decoded : decoded);
    nameTypes({ file, decoder, spec });
    namePlaces(file);
    await file.put(lineWith(JSON.stringify(fields), placeOf(origin)), Object.keys(fields), isKept ? origin : undefined);
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

function placeOf({ key, partition, offset, timestamp }: Origin) {
  const time = new Date(Number(timestamp)).toISOString();
  return { key: key?.toString('utf8') ?? null, partition, offset, time };
}

/** Where it was is what the broker says. */
function withoutPlace(record: object): object {
  if (!Object.keys(record).some(isPlace)) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => !isPlace(name)));
}
