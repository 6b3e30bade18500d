/** LZ4 in its frame format, as Kafka's producers write it. Checksums are left to the broker, which has its own over the batch. */

const MAGIC = 0x184d2204;
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 64 * 1024, 5: 256 * 1024, 6: 1024 ** 2, 7: 4 * 1024 ** 2 };
const UNCOMPRESSED = 0x80000000;

export function unlz4(bytes: Buffer): Buffer {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== MAGIC) throw broken();
  const flags = byteAt(bytes, 4);
  const blockBytes = BLOCK_BYTES[(byteAt(bytes, 5) >> 4) & 7];
  if (blockBytes === undefined) throw broken();
  const [hasSize, hasDictionary, hasBlockChecksum] = [(flags & 8) !== 0, (flags & 1) !== 0, (flags & 16) !== 0];
  let at = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
  let out: Buffer = Buffer.alloc(0);
  for (;;) {
    if (at + 4 > bytes.length) throw broken();
    const said = bytes.readUInt32LE(at);
    at += 4;
    if (said === 0) return out;
    const size = said % UNCOMPRESSED;
    if (at + size > bytes.length) throw broken();
    const block = bytes.subarray(at, at + size);
    out = said >= UNCOMPRESSED ? Buffer.concat([out, block]) : unpacked(block, out, blockBytes);
    at += size + (hasBlockChecksum ? 4 : 0);
  }
}

/** `before` and what the block holds; a block may copy from those before it. */
function unpacked(block: Buffer, before: Buffer, blockBytes: number): Buffer {
  const out = Buffer.allocUnsafe(before.length + blockBytes);
  before.copy(out);
  let [at, put] = [0, before.length];
  while (at < block.length) {
    const token = byteAt(block, at++);
    const literal = lengthOf(block, token >> 4, at);
    at = literal.after;
    if (at + literal.length > block.length || put + literal.length > out.length) throw broken();
    block.copy(out, put, at, at + literal.length);
    at += literal.length;
    put += literal.length;
    if (at === block.length) return out.subarray(0, put);
    if (at + 2 > block.length) throw broken();
    const offset = block.readUInt16LE(at);
    const match = lengthOf(block, token & 15, at + 2);
    at = match.after;
    const end = put + match.length + 4;
    if (offset === 0 || offset > put || end > out.length) throw broken();
    // It may read what it has just written: byte by byte.
    for (; put < end; put += 1) out[put] = byteAt(out, put - offset);
  }
  throw broken();
}

function lengthOf(block: Buffer, short: number, at: number): { length: number; after: number } {
  if (short < 15) return { length: short, after: at };
  let [length, after] = [15, at];
  for (;;) {
    const byte = byteAt(block, after++);
    length += byte;
    if (byte < 255) return { length, after };
  }
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw broken();
  return byte;
}

const broken = () => new Error('a batch compressed with lz4 is damaged');
