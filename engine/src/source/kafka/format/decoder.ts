import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { parseExactJson } from '../../http/exact-json.ts';
import type { RemoteAccess } from '../../source.ts';
import { avroOfRegistry, avroOfSchema } from './avro.ts';
import { escaped } from './blob.ts';
import { csvDecoder } from './csv.ts';
import { protobufOfRegistry, protobufOfSchema } from './protobuf.ts';
import { formatOf, registryOf } from './registry-of.ts';
import { Undecodable } from './undecodable.ts';

/** Makes a record of the bytes of a message. Throws `Undecodable`. */
export interface Decoder {
  decode(bytes: Buffer): object | Promise<object>;
  /** Types of the columns, as far as they are known by now. */
  readonly types: ReadonlyMap<string, string>;
}

export function openDecoder(spec: KafkaSource, remote: RemoteAccess): Decoder {
  const { name, options } = formatOf(spec);
  switch (name) {
    case 'json':
      return { decode: decodeJson, types: new Map() };
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
      throw new Fault('bad-request', `format: expected json, avro, protobuf, csv or raw, got ${name}`);
  }
}

function decodeJson(bytes: Buffer): object {
  const text = bytes.toString('utf8');
  try {
    const value = parseExactJson(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? value : { value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Undecodable(`not valid JSON: ${error.message}`, { cause: error });
  }
}
