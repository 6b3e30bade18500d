import type { KafkaSource } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { KafkaMessage } from 'kafkajs';
import type { RecordFile } from '../extract/record-file.ts';
import { parseExactJson } from '../http/exact-json.ts';

/** The fields of the message, and where it was: `_key`, `_partition`, `_offset`, `_timestamp`. */
export async function writeMessage(
  file: RecordFile,
  message: KafkaMessage,
  partition: number,
  spec: KafkaSource,
): Promise<void> {
  const place = {
    _key: message.key?.toString('utf8') ?? null,
    _partition: partition,
    _offset: (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(message.offset),
    _timestamp: new Date(Number(message.timestamp)).toISOString(),
  };
  const text = message.value?.toString('utf8') ?? null;
  if (spec.format === 'raw' || text === null) return file.write({ value: text, ...place });
  try {
    const value = parseExactJson(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    await file.write({ ...(isObject ? value : { value }), ...place });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (spec.rejects === 'table') return file.writeBroken(text);
    throw new Fault(
      'source-rows-rejected',
      `message ${message.offset} of partition ${partition} of ${spec.topic} is not JSON: ${text.slice(0, 80)}; mend the producer, or set rejects: table to set such messages aside`,
      { file: spec.topic, partition, offset: message.offset },
    );
  }
}
