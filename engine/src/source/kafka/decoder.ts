import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { parseExactJson } from '../http/exact-json.ts';

/** Makes a record of the bytes of a message. Throws `Undecodable`. */
export interface Decoder {
  decode(bytes: Buffer): object | Promise<object>;
  /** Types of the columns, as far as they are known by now. */
  readonly types: ReadonlyMap<string, string>;
}

/** The message is at fault, not the world: it is set aside. */
export class Undecodable extends Error {}

export function openDecoder({ format = 'json' }: KafkaSource): Decoder {
  switch (format) {
    case 'json':
      return { decode: decodeJson, types: new Map() };
    case 'raw':
      return { decode: (bytes) => ({ value: escaped(bytes) }), types: new Map([['value', 'BLOB']]) };
    default:
      throw new Fault('unsupported', 'messages of this format are not read yet; use json or raw');
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
    throw new Undecodable(`not valid JSON: ${error.message}`);
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`);

/** Bytes as DuckDB reads a BLOB from text. */
export function escaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte > 31 && byte < 127 && byte !== 92 ? String.fromCharCode(byte) : HEX[byte];
  return text;
}
