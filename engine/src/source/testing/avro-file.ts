import { deflateRawSync } from 'node:zlib';
import { avroMessage } from '../kafka/testing/avro-message.ts';

interface Packing {
  readonly codec?: string;
  pack?(bytes: Buffer): Buffer;
  readonly blockRows?: number;
}

const SYNC = Buffer.from('0123456789abcdef');

/** An object container file; longs are bigints, values of unions name their branch, bytes are records as they are. */
export function avroFile(schema: object, records: readonly object[], packing: Packing = {}): Buffer {
  const { codec = 'deflate', pack = deflateRawSync, blockRows = 1_000 } = packing;
  const meta = { 'avro.schema': JSON.stringify(schema), 'avro.codec': codec };
  const entries = Object.entries(meta).flatMap(([key, value]) => [sized(Buffer.from(key)), sized(Buffer.from(value))]);
  const head = [Buffer.from('Obj\x01', 'latin1'), long(2), ...entries, long(0), SYNC];
  const blocks: Buffer[] = [];
  for (let at = 0; at < records.length; at += blockRows) {
    const rows = records.slice(at, at + blockRows);
    const packed = pack(Buffer.concat(rows.map((row) => asBytes(schema, row))));
    blocks.push(long(rows.length), sized(packed), SYNC);
  }
  return Buffer.concat([...head, ...blocks]);
}

function asBytes(schema: object, record: object): Buffer {
  return Buffer.isBuffer(record) ? record : avroMessage(schema, record, { wrapUnions: true });
}

const sized = (bytes: Buffer) => Buffer.concat([long(bytes.length), bytes]);

function long(value: number): Buffer {
  const bytes: number[] = [];
  let left = value * 2;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}
