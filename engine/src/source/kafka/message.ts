import type { KafkaSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Origin } from '../extract/letter-file.ts';
import { lineWith, placeText } from '../extract/letter-line.ts';
import type { RecordFile } from '../extract/record-file.ts';
import type { Decoder } from './format/decoder.ts';
import { fieldsAsTheyStand } from './format/json.ts';
import { Undecodable } from './format/undecodable.ts';
import { laneOf, readsMany } from './lanes.ts';
import { isPlace, originOf, placeColumnsOf, timeTeller } from './origin.ts';
import { PlaceBytes } from './place-bytes.ts';
import { RecordBytes } from './record-bytes.ts';
import type { Messages } from './reader/messages.ts';

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
export async function writeMessages(place: Place, messages: Messages, writer: MessageWriter): Promise<void> {
  if (messages.length === 0) return;
  writer.file.took({ ...place, lane: laneOf(writer.spec, place.topic, place.partition) }, messages.length);
  if (writer.decoder.json) writer.file.knownBy(contentOf(place, messages, writer.spec));
  const ends = endsOf(place, messages, writer.spec);
  for (let at = 0; at < messages.length; at += 1) {
    const room = putAsItStands(place, messages, at, ends, writer);
    if (room === 'no') await writeMessage(originOf(place.topic, place.partition, messages.at(at)), writer);
    else if (room !== null) await room;
  }
  if (writer.decoder.json?.hasLong) writer.file.noteLong();
  namePlaces(writer);
  nameTypes(writer);
  writer.file.mayCut();
}

/** Of JSON, whose records nothing decides but the messages: which they are, with what the broker keeps of their batch. */
function contentOf({ topic, partition }: Place, messages: Messages, spec: MessageWriter['spec']): string {
  const to = messages.offsetText(messages.length - 1);
  const { length, checksum } = messages;
  return JSON.stringify([readsMany(spec), topic, partition, messages.offsetText(0), to, length, checksum]);
}

/** What the line of a message says of where it was, behind its fields. A `key` is a text that UTF-8 keeps, or null. */
interface Ends {
  readonly record: RecordBytes;
  readonly bytes: PlaceBytes;
  text(at: number, key: string | null): string;
}

function endsOf(where: Place, messages: Messages, spec: MessageWriter['spec']): Ends {
  const timeOf = timeTeller();
  const shown = shownPlace(where, spec);
  return {
    record: new RecordBytes(),
    bytes: new PlaceBytes(messages, shown),
    text: (at, key) => placeText({ key, ...shown, offset: messages.offsetText(at), time: timeOf(messages.time(at)) }),
  };
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
  messages: Messages,
  at: number,
  ends: Ends,
  { file, decoder, spec }: MessageWriter,
): Promise<void> | null | 'no' {
  const { json } = decoder;
  const [from, to] = [messages.valueFrom(at), messages.valueTo(at)];
  if (from < 0) return 'no';
  if (json === undefined) {
    const room = putAsBytes(messages, at, ends, { file, decoder, spec });
    return room === false ? putAsText(where, messages, at, ends, { file, decoder, spec }) : room;
  }
  const isKept = spec.rejects === 'table';
  if (isKept && (readsMany(spec) || messages.hasHeaders(at) || !hasTextKey(messages, at))) return 'no';
  const letter = isKept ? { topic: where.topic } : undefined;
  const same = json.of(messages.bytes, from, to);
  if (same !== null) return file.putBytes(messages.bytes, from, to, ends.bytes.of(at), same, letter);
  const text = messages.bytes.toString('utf8', from, to);
  const fields = fieldsAsTheyStand(text);
  if (fields === null || fields.some((name) => isPlace(name, spec))) return 'no';
  json.learn(fields);
  return file.put(lineWith(text, ends.text(at, keyText(messages, at))), fields, letter);
}

/** False where that way cannot be gone, also of messages that are kept as they came. */
function putAsBytes(
  messages: Messages,
  at: number,
  ends: Ends,
  { file, decoder, spec }: MessageWriter,
): Promise<void> | null | false {
  if (spec.rejects === 'table') return false;
  const { bytes } = messages;
  const [from, to] = [messages.valueFrom(at), messages.valueTo(at)];
  const decoded = decoder.bytes?.(bytes, from, to) ?? null;
  if (decoded === null || decoded.fields.some((name) => isPlace(name, spec))) return false;
  file.noteLong();
  return file.putMade(ends.record.of(decoded, bytes, from, to), ends.bytes.of(at), decoded.fields);
}

function keyText(messages: Messages, at: number): string | null {
  return messages.key(at)?.toString('utf8') ?? null;
}

/** None, or one that is found again in its text. */
function hasTextKey(messages: Messages, at: number): boolean {
  return messages.keyFrom(at) < 0 || keyText(messages, at)?.includes('\ufffd') === false;
}

/** Of a source that reads one topic, no row says which. */
function shownPlace({ topic, partition }: Place, spec: MessageWriter['spec']): { partition: number; topic?: string } {
  return readsMany(spec) ? { partition, topic } : { partition };
}

function putAsText(
  where: Place,
  messages: Messages,
  at: number,
  ends: Ends,
  { file, decoder, spec }: MessageWriter,
): Promise<void> | null | 'no' {
  const value = messages.value(at);
  const decoded = value && decoder.text?.(value);
  if (!decoded || decoded.fields.some((name) => isPlace(name, spec))) return 'no';
  const letter = spec.rejects === 'table' ? originOf(where.topic, where.partition, messages.at(at)) : undefined;
  return file.put(lineWith(decoded.text, ends.text(at, keyText(messages, at))), decoded.fields, letter);
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
      lineWith(JSON.stringify(fields), placeText(placeIn(origin, spec))),
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
          reason: error.words,
        },
      ),
      { file: origin.topic, partition: origin.partition, offset: origin.offset ?? '' },
    );
  }
}

function placeIn({ key, offset, timestamp, ...place }: Origin, spec: MessageWriter['spec']) {
  const time = new Date(Number(timestamp)).toISOString();
  return { key: key?.toString('utf8') ?? null, ...shownPlace(place, spec), offset, time };
}

/** Where it was is what the broker says. */
function withoutPlace(record: object, spec: MessageWriter['spec']): object {
  const names = Object.keys(record).filter((name) => isPlace(name, spec));
  if (names.length === 0) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
