/** Records of a file as the values of messages. */
import avro from 'avsc';
import { Fault, say } from '@datacraft/shared';
import type { AvroBlock } from '../../avro/container.ts';
import { exactly } from './exact-long.ts';
import { framed } from './envelope.ts';

export interface FileRecord {
  readonly key: string | null;
  readonly value: Buffer | string;
}

interface AvroRecords {
  /** The schema that is registered: the one that is asked for, else the file's own. */
  readonly schema: string;
  records(block: AvroBlock, schemaId: number): Generator<FileRecord>;
}

/** Throws `bad-request` where the file cannot be read by the schema that is asked for, or has no such field. */
export function avroRecords(written: string, asked: string | null, key: string | null): AvroRecords {
  const writer = typeOf(written);
  const type = asked === null ? writer : typeOf(asked);
  const resolver = resolverOf(type, writer);
  if (key !== null && !(type instanceof avro.types.RecordType && type.field(key)))
    throw new Fault('bad-request', say('--key names {key}, which is no field of the schema', { key }));
  return {
    schema: asked ?? written,
    *records({ count, bytes }, schemaId) {
      for (let at = 0, n = 0; n < count; n += 1) {
        const { value, offset } = type.decode(bytes, at, resolver) as { value: unknown; offset: number };
        if (offset < 0) throw new Fault('bad-request', 'a block of the file ends within a record; write it again');
        yield { key: keyIn(value, key), value: framed(schemaId, type.toBuffer(value)) };
        at = offset;
      }
    },
  };
}

/** A line is a value as it stands. */
export function jsonRecord(line: string, number: number, key: string | null): FileRecord {
  try {
    return { key: keyIn(JSON.parse(line), key), value: line };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('bad-request', say('line {number} is no JSON: {reason}', { number, reason }), {}, { cause: error });
  }
}

function keyIn(value: unknown, key: string | null): string | null {
  const found = key === null ? null : (value as Readonly<Record<string, unknown>> | null)?.[key];
  if (found === null || found === undefined) return null;
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}

function typeOf(schema: string): avro.Type {
  try {
    return avro.Type.forSchema(JSON.parse(schema) as avro.Schema, { typeHook: exactly, wrapUnions: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('bad-request', say('the Avro schema cannot be read: {reason}', { reason }), {}, { cause: error });
  }
}

function resolverOf(type: avro.Type, writer: avro.Type): ReturnType<avro.Type['createResolver']> {
  try {
    return type.createResolver(writer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('bad-request', say('the file does not fit the schema: {reason}', { reason }), {}, { cause: error });
  }
}
