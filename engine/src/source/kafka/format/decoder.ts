import type { KafkaSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { RemoteAccess } from '../../source.ts';
import { avroOfRegistry, avroOfSchema } from './avro.ts';
import { escaped } from './blob.ts';
import { csvDecoder } from './csv.ts';
import { unframed } from './envelope.ts';
import { jsonObject } from './json.ts';
import { protobufOfRegistry, protobufOfSchema } from './protobuf.ts';
import { formatOf, registryOf } from './registry-of.ts';
import type { SameFields } from './same-fields.ts';
import { createSameFields } from './same-fields.ts';

export interface DecodedText {
  readonly text: string;
  readonly fields: readonly string[];
}

/** A record that is written as JSON into bytes, without its last brace. */
export interface DecodedBytes {
  readonly fields: readonly string[];
  mostBytes(size: number): number;
  /** Of the message at `from` up to before `to`; answers behind where it ends in `chunk`, or -1. */
  write(bytes: Buffer, from: number, to: number, chunk: Buffer, at: number): number;
}

/** Makes a record of the bytes of a message. Throws `Undecodable`. */
export interface Decoder {
  decode(bytes: Buffer): object | Promise<object>;
  /** The record as JSON, at once; null where the other way has to be gone. */
  text?(bytes: Buffer): DecodedText | null;
  /** The same without a text; null where the other ways have to be gone. */
  bytes?(bytes: Buffer, from: number, to: number): DecodedBytes | null;
  /** Types of the columns, as far as they are known by now. */
  readonly types: ReadonlyMap<string, string>;
  /** Of messages of JSON, of which an object may go on as it stands. */
  readonly json?: SameFields;
}

export function openDecoder(spec: KafkaSource, remote: RemoteAccess): Decoder {
  const { name, options } = formatOf(spec);
  switch (name) {
    case 'json':
      return {
        decode: (bytes) => jsonObject(unframed(bytes).toString('utf8')),
        types: new Map(),
        json: createSameFields(),
      };
    case 'raw':
      return { decode: (bytes) => ({ value: escaped(bytes) }), types: new Map([['value', 'BLOB']]) };
    case 'csv':
      return csvDecoder(Object.keys(spec.columns ?? {}), options.delimiter ?? ',');
    case 'avro':
      return options.schema === undefined ? avroOfRegistry(registryOf(spec, remote)) : avroOfSchema(options.schema);
    case 'protobuf': {
      const message = options.message ?? null;
      return options.schema === undefined
        ? protobufOfRegistry(registryOf(spec, remote), message)
        : protobufOfSchema(options.schema, message);
    }
    default:
      throw new Fault('bad-request', say('format: expected json, avro, protobuf, csv or raw, got {name}', { name }));
  }
}
