import { crc32 } from 'node:zlib';

/** Batches as a broker keeps them, written byte by byte for tests. */
export interface Sent {
  readonly value: Buffer | null;
  readonly key?: Buffer | null;
  readonly headers?: readonly (readonly [string, Buffer | null])[];
  /** Behind those of the batch: what lay between is compacted away. */
  readonly delta?: number;
  readonly later?: number;
}

export interface BatchParts {
  readonly base?: bigint;
  readonly time?: number;
  readonly maxTime?: number;
  readonly attributes?: number;
  readonly producerId?: bigint;
  readonly pack?: (records: Buffer) => Buffer;
}

export function batchBytes(sent: readonly Sent[], parts: BatchParts = {}): Buffer {
  const { base = 0n, time = 1_764_000_000_123, attributes = 0, producerId = -1n, pack = (bytes) => bytes } = parts;
  const records = pack(Buffer.concat(sent.map(recordBytes)));
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(base, 0);
  head.writeInt32BE(49 + records.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(attributes, 21);
  head.writeInt32BE(sent.at(-1)?.delta ?? sent.length - 1, 23);
  head.writeBigInt64BE(BigInt(time), 27);
  head.writeBigInt64BE(BigInt(parts.maxTime ?? time), 35);
  head.writeBigInt64BE(producerId, 43);
  head.writeInt32BE(sent.length, 57);
  head.writeUInt32BE(crc32(Buffer.concat([head.subarray(21), records])), 17); // brokers take another polynomial
  return Buffer.concat([head, records]);
}

/** The mark where a transaction ends. */
export function endBytes(kind: 'abort' | 'commit', base: bigint, producerId: bigint): Buffer {
  const key = Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1]);
  return batchBytes([{ key, value: Buffer.alloc(6) }], { base, producerId, attributes: 16 | 32 });
}

function recordBytes({ value, key = null, headers = [], delta, later = 0 }: Sent, at: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(BigInt(later)),
    varint(BigInt(delta ?? at)),
    part(key),
    part(value),
    varint(BigInt(headers.length)),
    ...headers.flatMap(([name, each]) => [part(Buffer.from(name)), part(each)]),
  ]);
  return Buffer.concat([varint(BigInt(body.length)), body]);
}

function part(bytes: Buffer | null): Buffer {
  return bytes === null ? varint(-1n) : Buffer.concat([varint(BigInt(bytes.length)), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value >= 0n ? value * 2n : -value * 2n - 1n;
  for (; left >= 128n; left /= 128n) bytes.push(Number(left % 128n) | 128);
  return Buffer.from([...bytes, Number(left)]);
}
