import avro from 'avsc';
import { Fault, say } from '@datacraft/shared';
import type { AvroRecord, AvroSchema, AvroValue } from './avro-values.ts';
import { avroValue, jsonOf } from './avro-values.ts';
import { avroBytes } from './avro-bytes.ts';
import type { DecodedBytes, DecodedText, Decoder } from './decoder.ts';
import { enveloped, HEAD_BYTES } from './envelope.ts';
import { exactly } from './exact-long.ts';
import type { Registry } from './registry.ts';
import { Undecodable } from './undecodable.ts';
import { createTypes } from './types.ts';

interface Reader {
  readonly type: avro.Type;
  readonly value: AvroValue;
  /** Of a record's fields; null of what is no record. */
  readonly names: readonly string[] | null;
  /** Null where there is no such way. */
  readonly bytes: DecodedBytes | null;
  /** The same, of messages with the id of their schema before them. */
  readonly framedBytes: DecodedBytes | null;
}

/** Messages with the id of their schema before them, as Confluent's serializers write them. */
export function avroOfRegistry(registry: Registry): Decoder {
  const types = createTypes();
  const readers = new Map<number, Promise<Reader>>();
  const learned = new Map<number, Reader>();
  const readerOf = (id: number) => {
    const before = readers.get(id);
    if (before) return before;
    const made = registry.byId(id).then(({ schema, schemaType, references }) => {
      if (schemaType !== 'AVRO')
        throw new Undecodable(say('its schema {id} is of type {type}, not Avro', { id: String(id), type: schemaType }));
      return readerFor(
        schema,
        references.map((each) => each.schema),
      );
    });
    readers.set(id, made);
    made.catch(() => readers.delete(id));
    return made;
  };
  return {
    types: types.known,
    text(bytes) {
      const reader = bytes[0] === 0 && bytes.length >= HEAD_BYTES ? learned.get(bytes.readUInt32BE(1)) : undefined;
      return reader ? textOf(reader, bytes.subarray(HEAD_BYTES)) : null;
    },
    bytes: (bytes, from, to) =>
      bytes[from] === 0 && to - from >= HEAD_BYTES
        ? (learned.get(bytes.readUInt32BE(from + 1))?.framedBytes ?? null)
        : null,
    async decode(bytes) {
      const { id, payload } = enveloped(bytes);
      const reader = await readerOf(id);
      types.learn(id, columnsOf(reader.value));
      learned.set(id, reader);
      return recordOf(reader, payload);
    },
  };
}

/** Messages that are Avro alone, all of one schema. */
export function avroOfSchema(text: string): Decoder {
  const types = createTypes();
  let reader: Reader;
  try {
    reader = readerFor(text, []);
  } catch (error) {
    throw new Fault(
      'bad-request',
      say('format: the Avro schema cannot be read: {reason}', { reason: messageOf(error) }),
      {},
      { cause: error },
    );
  }
  types.learn(0, columnsOf(reader.value));
  return {
    types: types.known,
    bytes: () => reader.bytes,
    text: (bytes) => textOf(reader, bytes),
    decode: (bytes) => recordOf(reader, bytes),
  };
}

/** Records that stand one behind another, as in the blocks of a file. */
export function blockReader(schema: string): {
  readonly columns: ReadonlyMap<string, string>;
  records(bytes: Buffer, count: number): Generator<object>;
} {
  const { type, value } = readerFor(schema, []);
  return {
    columns: columnsOf(value),
    *records(bytes, count) {
      let at = 0;
      for (let left = count; left > 0; left -= 1) {
        const decoded = decodeAt(type, bytes, at);
        at = decoded.offset;
        const plain = plainOf(value, decoded.value);
        yield isRecord(value) ? (plain as object) : { value: plain };
      }
      if (at !== bytes.length)
        throw new Undecodable(say('a block holds more than its {count} records', { count: String(count) }));
    },
  };
}

function decodeAt(type: avro.Type, bytes: Buffer, at: number): { value: unknown; offset: number } {
  let decoded: { value: unknown; offset: number };
  try {
    decoded = type.decode(bytes, at) as typeof decoded;
  } catch (error) {
    throw new Undecodable(say('a record is not of its schema: {why}', { why: messageOf(error) }), { cause: error });
  }
  if (decoded.offset < 0) throw new Undecodable(say('a record is longer than its block'));
  return decoded;
}

function readerFor(text: string, imported: readonly string[]): Reader {
  const options = { registry: {}, wrapUnions: true, typeHook: exactly };
  const names = new Map<string, AvroValue | null>();
  try {
    for (const each of imported) {
      avro.Type.forSchema(JSON.parse(each) as avro.Schema, options);
      avroValue(JSON.parse(each) as AvroSchema, names, '');
    }
    const schema: unknown = parsedSchema(text);
    const type = avro.Type.forSchema(schema as avro.Schema, options);
    const value = avroValue(schema as AvroSchema, names, '');
    const fields = isRecord(value) ? value.fields.map(({ name }) => name) : null;
    const writer = avroBytes(schema as AvroSchema);
    const bytes = writer && fields && { ...writer, fields };
    return { type, value, names: fields, bytes, framedBytes: bytes && behindHead(bytes) };
  } catch (error) {
    throw new Undecodable(say('its Avro schema cannot be read: {why}', { why: messageOf(error) }), { cause: error });
  }
}

function behindHead({ fields, mostBytes, write }: DecodedBytes): DecodedBytes {
  return { fields, mostBytes, write: (bytes, from, to, chunk, at) => write(bytes, from + HEAD_BYTES, to, chunk, at) };
}

/** A name alone, such as `long`, is a schema too. */
function parsedSchema(text: string): unknown {
  return /^\s*[{["]/.test(text) ? JSON.parse(text) : text.trim();
}

function columnsOf(value: AvroValue): ReadonlyMap<string, string> {
  if (isRecord(value)) return new Map(value.fields.map((field) => [field.name, field.value.type]));
  return new Map([['value', value.type]]);
}

function isRecord(value: AvroValue): value is AvroRecord {
  return 'fields' in value;
}

/** Why it cannot be read, whoever reads it the other way says. */
function textOf({ type, value, names }: Reader, bytes: Buffer): DecodedText | null {
  if (names === null) return null;
  try {
    return { text: jsonOf(value, type.fromBuffer(bytes)), fields: names };
  } catch {
    return null;
  }
}

function recordOf({ type, value }: Reader, bytes: Buffer): object {
  let decoded: unknown;
  try {
    decoded = type.fromBuffer(bytes);
  } catch (error) {
    throw new Undecodable(say('not Avro of its schema: {why}', { why: messageOf(error) }), { cause: error });
  }
  const plain = plainOf(value, decoded);
  return isRecord(value) ? (plain as object) : { value: plain };
}

/** A moment may be one that no calendar has. */
function plainOf(value: AvroValue, decoded: unknown): unknown {
  try {
    return value.plain(decoded);
  } catch (error) {
    throw new Undecodable(say('it holds a value that its type cannot be: {why}', { why: messageOf(error) }), {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
