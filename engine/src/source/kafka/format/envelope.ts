import { say } from '@datacraft/shared';
import { Undecodable } from './undecodable.ts';

export const HEAD_BYTES = 5;

/** JSON as Confluent's serializers write it has a head too, which says nothing of how it is read. */
export function unframed(bytes: Buffer): Buffer {
  return bytes.length > HEAD_BYTES && bytes[0] === 0 ? bytes.subarray(HEAD_BYTES) : bytes;
}

export function framed(id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, payload]);
}

/** A zero, the id of the schema, and the message: the form in which Confluent's serializers write. */
export function enveloped(bytes: Buffer): { readonly id: number; readonly payload: Buffer } {
  if (bytes.length < HEAD_BYTES || bytes[0] !== 0) {
    if (bytes.length === 0)
      throw new Undecodable(
        say('not of a schema registry: expected a first byte 0 and the id of a schema, got nothing'),
      );
    const first = `0x${bytes.subarray(0, 1).toString('hex')}`;
    throw new Undecodable(
      say('not of a schema registry: expected a first byte 0 and the id of a schema, got {first}', { first }),
    );
  }
  return { id: bytes.readUInt32BE(1), payload: bytes.subarray(HEAD_BYTES) };
}
