import type { Column } from '@datacraft/shared';
import type { RemoteAccess } from '../../source.ts';
import { settingsOf } from '../client.ts';
import { avroColumn, avroEncoder } from './avro-writer.ts';
import { jsonRow } from './json-writer.ts';
import { registryOf } from './registry-of.ts';

/** Rows as the values of messages: first a text by SQL, then bytes of it. */
export interface Encoder {
  /** SQL of a row with these columns: a JSON text that keeps every digit. */
  readonly select: string;
  encode(text: string): Buffer | string;
}

export interface EncodingRequest {
  readonly format: 'json' | 'avro';
  readonly connection: string;
  readonly topic: string;
  /** What the rows are called. */
  readonly name: string;
  readonly columns: readonly Column[];
}

export async function openEncoder(request: EncodingRequest, remote: RemoteAccess): Promise<Encoder> {
  const { format, connection, topic, name, columns } = request;
  if (format === 'avro') {
    const registry = registryOf(await settingsOf({ type: 'kafka', connection, topic }, remote), remote);
    const encode = await avroEncoder({ subject: `${topic}-value`, name, columns }, registry);
    return { select: `json_array(${columns.map(avroColumn).join(', ')})::varchar`, encode };
  }
  return { select: jsonRow(columns), encode: (text) => text };
}
