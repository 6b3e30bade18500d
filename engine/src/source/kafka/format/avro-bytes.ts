/**
 * Records of Avro as JSON, from bytes to bytes: what `jsonOf` writes of what avsc reads, several times as fast. Types that
 * it does not know have no writer, and a message that is not sure is left to the other way, which says why.
 */
import type { AvroObject, AvroSchema, AvroValue } from './avro-values.ts';
import { avroValue } from './avro-values.ts';
import { AvroPen } from './avro-pen.ts';

export interface AvroBytes {
  /** Not fewer than the JSON of a message of so many bytes takes. */
  mostBytes(size: number): number;
  /** Writes it without its last brace; answers behind where it ends, or -1. */
  write(bytes: Buffer, from: number, to: number, chunk: Buffer, at: number): number;
}

/** Of one value: false where it is not sure. */
type Write = (pen: AvroPen) => boolean;

interface Part {
  readonly write: Write;
  /** Beside what the bytes of texts take. */
  readonly mostBytes: number;
}

/** Of one byte of a text: `\u0000`. */
const MOST_BYTES_OF_TEXT = 6;
/** Of a number, a date, a moment. */
const MOST_BYTES_OF_VALUE = 64;

/** Null where there is no writer for it. */
export function avroBytes(schema: AvroSchema): AvroBytes | null {
  const part = isRecord(schema) ? recordPart(schema) : null;
  if (part === null) return null;
  const pen = new AvroPen();
  return {
    mostBytes: (size) => part.mostBytes + MOST_BYTES_OF_TEXT * size,
    write(bytes, from, to, chunk, at) {
      pen.begin(bytes, from, to, chunk, at);
      try {
        return part.write(pen) && pen.isAtEnd ? pen.put : -1;
      } catch {
        return -1; // the other way says why, such as of a time that no calendar has
      }
    },
  };
}

function isRecord(schema: AvroSchema): schema is AvroObject {
  return typeof schema === 'object' && 'type' in schema && schema.type === 'record';
}

/** Without its last brace. */
function recordPart({ fields = [] }: AvroObject): Part | null {
  const parts = fields.map(({ type }) => partOf(type));
  if (fields.length === 0 || parts.includes(null)) return null;
  const own = parts
    .filter((part) => part !== null)
    .map((part, at) => ({ part, head: Buffer.from(`${at === 0 ? '{' : ','}${JSON.stringify(fields[at]?.name)}:`) }));
  const write: Write = (pen) => {
    for (const { part, head } of own) {
      pen.raw(head);
      if (!part.write(pen)) return false;
    }
    return true;
  };
  return { write, mostBytes: sumOf(own.map(({ part, head }) => head.length + part.mostBytes)) };
}

const NULL = Buffer.from('null');
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

function partOf(schema: AvroSchema): Part | null {
  if (Array.isArray(schema)) return unionPart(schema as readonly AvroSchema[]);
  if (typeof schema === 'string') return plainPart(schema);
  const object = schema as AvroObject;
  const made = avroValue(object, new Map(), '');
  if (isLogical(object, made)) return logicalPart(object, made);
  if (object.type === 'enum' && 'symbols' in object) return enumPart(object.symbols as readonly string[]);
  const inner = isRecord(object) ? recordPart(object) : null;
  if (inner === null) return typeof object.type === 'string' ? plainPart(object.type) : partOf(object.type);
  return { write: (pen) => inner.write(pen) && pen.raw(CLOSED), mostBytes: inner.mostBytes + 1 };
}

const CLOSED = Buffer.from('}');

function plainPart(name: string): Part | null {
  const write = plain[name];
  return write ? { write, mostBytes: MOST_BYTES_OF_VALUE } : null;
}

const plain: Readonly<Record<string, Write>> = {
  null: (pen) => pen.raw(NULL),
  boolean: (pen) => {
    const byte = pen.byte();
    return (byte === 0 || byte === 1) && pen.words(byte === 1 ? 'true' : 'false');
  },
  int: (pen) => {
    const value = pen.number();
    return value === (value | 0) && pen.digits(value);
  },
  long: (pen) => {
    const value = pen.number();
    if (!Number.isNaN(value)) return pen.digits(value);
    const long = pen.long();
    return long !== null && pen.words(String(long));
  },
  float: (pen) => floatOf(pen, pen.float(4)),
  double: (pen) => floatOf(pen, pen.float(8)),
  string: (pen) => pen.text(pen.number()),
};

function floatOf(pen: AvroPen, value: number | null): boolean {
  if (value === null) return false;
  return Number.isFinite(value) ? pen.words(String(value)) : pen.json(String(value));
}

function enumPart(symbols: readonly string[]): Part {
  const words = symbols.map((symbol) => Buffer.from(JSON.stringify(symbol)));
  const write: Write = (pen) => {
    const word = words[pen.number()];
    return word !== undefined && pen.raw(word);
  };
  return { write, mostBytes: Math.max(0, ...words.map(({ length }) => length)) };
}

/** Of null and one more. */
function unionPart(branches: readonly AvroSchema[]): Part | null {
  const at = branches.findIndex((each) => each !== 'null');
  const only = branches[at];
  const part = only !== undefined && branches.length === 2 && branches.includes('null') ? partOf(only) : null;
  if (part === null) return null;
  const write: Write = (pen) => {
    const branch = pen.number();
    return branch === at ? part.write(pen) : branch === 1 - at && pen.raw(NULL);
  };
  return { write, mostBytes: part.mostBytes + NULL.length };
}

/** Whether its logical type makes another column of it. */
function isLogical({ type, logicalType }: AvroObject, value: AvroValue): boolean {
  return logicalType !== undefined && value.type !== avroValue(type, new Map(), '').type;
}

function logicalPart({ type }: AvroObject, { plain: plainOf }: AvroValue): Part | null {
  if (type === 'string') return plainPart(type);
  const read = raw[String(type)];
  if (!read) return null;
  const write: Write = (pen) => {
    const value = read(pen);
    return value !== null && pen.json(plainOf(value));
  };
  return { write, mostBytes: MOST_BYTES_OF_VALUE };
}

/** As avsc gives them. */
const raw: Readonly<Record<string, (pen: AvroPen) => unknown>> = {
  int: (pen) => {
    const value = pen.number();
    return value === (value | 0) ? value : null;
  },
  long: (pen) => pen.long(),
  bytes: (pen) => pen.part(pen.number()),
};
