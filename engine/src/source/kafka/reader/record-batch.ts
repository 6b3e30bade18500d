/** Batches of records as brokers keep them, of which nothing is unpacked before it is asked for. Pure. */
export interface RecordBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** What its broker keeps of all that is in it. */
  readonly checksum: number;
  /** Of the records, as `codec` says it. */
  readonly codec: number;
  /** Epoch ms that records count from. */
  readonly baseTime: number;
  /** Epoch ms of all records, where the broker said when they came. */
  readonly appendedAt: number | null;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** Of a mark where a transaction ends; no reader sees it. */
  readonly isControl: boolean;
  readonly count: number;
  readonly records: Buffer;
}

const HEAD_BYTES = 61;
const MAGIC_AT = 16;
const [CODEC_BITS, APPEND_TIME, TRANSACTIONAL, CONTROL] = [7, 8, 16, 32];

/** The last one may be cut off: it comes with the next answer. */
export function batchesIn(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    if (bytes[at + MAGIC_AT] !== 2) throw new Error('messages in a format from before Kafka 0.11 are not read');
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end < at + HEAD_BYTES) throw new Error('a batch of messages is damaged');
    if (end > bytes.length) break;
    batches.push(batchAt(bytes, at, end));
    at = end;
  }
  return batches;
}

function batchAt(bytes: Buffer, at: number, end: number): RecordBatch {
  const attributes = bytes.readInt16BE(at + 21);
  const baseOffset = bytes.readBigInt64BE(at);
  return {
    baseOffset,
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(at + 23)),
    checksum: bytes.readUInt32BE(at + 17),
    codec: attributes & CODEC_BITS,
    baseTime: Number(bytes.readBigInt64BE(at + 27)),
    appendedAt: (attributes & APPEND_TIME) === 0 ? null : Number(bytes.readBigInt64BE(at + 35)),
    producerId: bytes.readBigInt64BE(at + 43),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    count: bytes.readInt32BE(at + 57),
    records: bytes.subarray(at + HEAD_BYTES, end),
  };
}
