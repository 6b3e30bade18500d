/** Snappy as Kafka's producers write it: raw blocks, or blocks in the framing of the Java library. */

const JAVA_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const JAVA_HEADER_BYTES = 16;
/** Of one block, so that a few bytes cannot ask for all memory. */
const BLOCK_BYTES_MAX = 256 * 1024 ** 2;

export function unsnap(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, JAVA_MAGIC.length).equals(JAVA_MAGIC)) return unsnapBlock(bytes);
  const blocks: Buffer[] = [];
  for (let at = JAVA_HEADER_BYTES; at < bytes.length;) {
    const size = bytes.readUInt32BE(at);
    blocks.push(unsnapBlock(bytes.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return Buffer.concat(blocks);
}

function unsnapBlock(bytes: Buffer): Buffer {
  const { value: length, next } = varint(bytes);
  if (length > BLOCK_BYTES_MAX) throw broken();
  const out = Buffer.allocUnsafe(length);
  let [at, put] = [next, 0];
  while (at < bytes.length) {
    const tag = byteAt(bytes, at++);
    if ((tag & 3) === 0) {
      const { size, after } = literalSize(bytes, tag >> 2, at);
      if (after + size > bytes.length || put + size > length) throw broken();
      bytes.copy(out, put, after, after + size);
      [at, put] = [after + size, put + size];
      continue;
    }
    const copy = copyOf(bytes, tag, at);
    at = copy.after;
    if (copy.offset === 0 || copy.offset > put || put + copy.size > length) throw broken();
    // It may read what it has just written: byte by byte.
    for (let done = 0; done < copy.size; done += 1, put += 1) out[put] = byteAt(out, put - copy.offset);
  }
  if (put !== length) throw broken();
  return out;
}

function literalSize(bytes: Buffer, short: number, at: number): { size: number; after: number } {
  if (short < 60) return { size: short + 1, after: at };
  const width = short - 59;
  if (at + width > bytes.length) throw broken();
  return { size: bytes.readUIntLE(at, width) + 1, after: at + width };
}

function copyOf(bytes: Buffer, tag: number, at: number): { offset: number; size: number; after: number } {
  const kind = tag & 3;
  if (kind === 1) return { offset: ((tag >> 5) << 8) | byteAt(bytes, at), size: ((tag >> 2) & 7) + 4, after: at + 1 };
  const width = kind === 2 ? 2 : 4;
  if (at + width > bytes.length) throw broken();
  return { offset: bytes.readUIntLE(at, width), size: (tag >> 2) + 1, after: at + width };
}

function varint(bytes: Buffer): { value: number; next: number } {
  let value = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = byteAt(bytes, at);
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw broken();
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw broken();
  return byte;
}

const broken = () => new Error('a batch compressed with snappy is damaged');
