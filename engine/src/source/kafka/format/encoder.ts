import type { Column } from '@datacraft/shared';
import type { RemoteAccess } from '../../source.ts';
import { settingsOf } from '../client.ts';
import { avroColumn, avroEncoder, avroSchemaOf } from './avro-writer.ts';
import { framed } from './envelope.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { jsonRow } from './json-writer.ts';
import { registryOf } from './registry-of.ts';

/** Rows as the values of messages: first a text by SQL, then bytes of it. */
export interface Encoder {
  /** SQL of a row with these columns: a JSON text that keeps every digit. */
  readonly select: string;
  encode(text: string): Buffer | string;
}

export type MessageFormat = 'json' | 'json_schema' | 'avro';

export interface EncodingRequest {
  readonly format: MessageFormat;
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
  if (format === 'json_schema') {
    const id = (await registerSchemaOf(request, remote))?.id ?? 0;
    return { select: jsonRow(columns), encode: (text) => framed(id, Buffer.from(text)) };
  }
  return { select: jsonRow(columns), encode: (text) => text };
}

/** The schema that rows of these columns are registered with; null of a format without one. */
export function schemaOf({ format, name, columns }: Pick<EncodingRequest, 'format' | 'name' | 'columns'>) {
  if (format === 'json') return null;
  return format === 'avro'
    ? { schemaType: 'AVRO' as const, schema: avroSchemaOf(name, columns) }
    : { schemaType: 'JSON' as const, schema: jsonSchemaOf(name, columns) };
}

/** Registers it under `<topic>-value`. Throws `export-failed` when the registry refuses it. */
export async function registerSchemaOf(
  request: EncodingRequest,
  remote: RemoteAccess,
): Promise<{ readonly subject: string; readonly id: number } | null> {
  const { connection, topic } = request;
  const made = schemaOf(request);
  if (made === null) return null;
  const registry = registryOf(await settingsOf({ type: 'kafka', connection, topic }, remote), remote);
  const subject = `${topic}-value`;
  return { subject, id: await registry.register(subject, made.schema, made.schemaType) };
}
