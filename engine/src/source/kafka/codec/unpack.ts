import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { unlz4 } from './lz4.ts';
import { unsnap } from './snappy.ts';

const [gunzipped, unzstd] = [promisify(gunzip), promisify(zstdDecompress)];

type Unpack = (bytes: Buffer) => Buffer | Promise<Buffer>;

/** By the number that a batch has for how it was compressed. */
const unpackers: readonly Unpack[] = [(bytes) => bytes, gunzipped, unsnap, unlz4, unzstd];

export function unpacked(codec: number, bytes: Buffer): Buffer | Promise<Buffer> {
  const unpack = unpackers[codec];
  if (!unpack) throw new Error(`messages are compressed in a way that is not known: ${codec}`);
  return unpack(bytes);
}
