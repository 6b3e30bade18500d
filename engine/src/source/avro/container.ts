import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw, zstdDecompress } from 'node:zlib';
import type { Words } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import { unsnap } from '../kafka/codec/snappy.ts';
import type { ResolvedFile } from '../source.ts';

/** A whole header, and a block as it is packed: what damaged lengths may ask of the memory. */
const HEADER_BYTES_MAX = 16 * 1024 ** 2;
const BLOCK_BYTES_MAX = 256 * 1024 ** 2;
const SYNC_BYTES = 16;
const VARINT_BYTES = 10;

export interface AvroBlock {
  readonly count: number;
  /** Unpacked. */
  readonly bytes: Buffer;
}

/** An Avro object container file, read block by block. */
export interface AvroContainer {
  readonly schema: string;
  blocks(): AsyncGenerator<AvroBlock>;
  close(): Promise<void>;
}

const codecs: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer> | Buffer>> = {
  null: (bytes) => bytes,
  deflate: promisify(inflateRaw),
  snappy: (bytes) => unsnap(bytes.subarray(0, -4)), // a checksum closes each block
  zstandard: promisify(zstdDecompress),
};

export async function openContainer(file: ResolvedFile): Promise<AvroContainer> {
  const handle = await open(file.path, 'r');
  try {
    return { ...(await opened(handle, file)), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function opened(handle: FileHandle, file: ResolvedFile): Promise<Omit<AvroContainer, 'close'>> {
  const head = await bytesAt(handle, 0, Math.min(HEADER_BYTES_MAX, file.sizeBytes));
  const { meta, next } = readHeader(head, file);
  const sync = head.subarray(next, next + SYNC_BYTES);
  const schema = meta.get('avro.schema')?.toString('utf8');
  if (schema === undefined || sync.length < SYNC_BYTES) throw damaged(file, 'it is cut off in its header');
  const codec = meta.get('avro.codec')?.toString('latin1') ?? 'null';
  const unpack = codecs[codec];
  if (unpack === undefined)
    throw new Fault(
      'unsupported',
      say('{file} is packed with {codec}; write it with deflate, snappy, zstandard or null', {
        file: file.shownAs,
        codec,
      }),
      { file: file.shownAs },
    );
  return { schema, blocks: () => blocksOf(handle, file, { start: next + SYNC_BYTES, sync, unpack }) };
}

interface Body {
  readonly start: number;
  readonly sync: Buffer;
  readonly unpack: (bytes: Buffer) => Promise<Buffer> | Buffer;
}

async function* blocksOf(handle: FileHandle, file: ResolvedFile, { start, sync, unpack }: Body) {
  let number = 1;
  for (let at = start; at < file.sizeBytes; number += 1) {
    const lengths = await bytesAt(handle, at, 2 * VARINT_BYTES);
    const count = varint(lengths, 0);
    const size = count && varint(lengths, count.next);
    if (!count || !size || count.value < 0 || size.value < 0 || size.value > BLOCK_BYTES_MAX)
      throw damaged(file, say('block {number} has no length that can be', { number }));
    const packed = await bytesAt(handle, at + size.next, size.value + SYNC_BYTES);
    if (packed.length < size.value + SYNC_BYTES)
      throw damaged(file, say('it is cut off in block {number}', { number }));
    if (!packed.subarray(size.value).equals(sync))
      throw damaged(file, say('block {number} does not end where it says', { number }));
    yield { count: count.value, bytes: await unpacked(packed.subarray(0, size.value), unpack, file, number) };
    at += size.next + size.value + SYNC_BYTES;
  }
}

async function unpacked(packed: Buffer, unpack: Body['unpack'], file: ResolvedFile, number: number): Promise<Buffer> {
  try {
    return await unpack(packed);
  } catch (cause) {
    throw damaged(file, say('block {number} cannot be unpacked', { number }), cause);
  }
}

function readHeader(head: Buffer, file: ResolvedFile): { meta: Map<string, Buffer>; next: number } {
  const meta = new Map<string, Buffer>();
  let at = 4;
  const long = () => {
    const read = varint(head, at);
    if (!read) throw damaged(file, 'it is cut off in its header');
    at = read.next;
    return read.value;
  };
  const bytes = () => {
    const size = long();
    if (size < 0 || at + size > head.length) throw damaged(file, 'it is cut off in its header');
    at += size;
    return head.subarray(at - size, at);
  };
  for (let count = long(); count !== 0; count = long()) {
    if (count < 0) long(); // the bytes of the entries that follow
    for (let left = Math.abs(count); left > 0; left -= 1) meta.set(bytes().toString('utf8'), bytes());
  }
  return { meta, next: at };
}

/** A zigzag number, or null where the bytes end before it does. */
function varint(bytes: Buffer, from: number): { value: number; next: number } | null {
  let value = 0n;
  for (let at = from; at < Math.min(bytes.length, from + VARINT_BYTES); at += 1) {
    const byte = BigInt(bytes[at] ?? 0);
    value |= (byte & 0x7fn) << BigInt(7 * (at - from));
    if (byte < 0x80n) return { value: Number((value >> 1n) ^ -(value & 1n)), next: at + 1 };
  }
  return null;
}

async function bytesAt(handle: FileHandle, at: number, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await handle.read(buffer, done, size - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

export function damaged({ shownAs }: ResolvedFile, why: Words, cause?: unknown): Fault {
  return new Fault(
    'source-unreadable',
    say('{file} is a damaged Avro file: {why}; get it again', { file: shownAs, why: asSaid(why) }),
    { file: shownAs },
    { cause },
  );
}
