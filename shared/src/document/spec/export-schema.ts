import { z } from 'zod';
import { names, word } from './schema-parts.ts';

const tableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_$]{0,62}(\.[A-Za-z_][A-Za-z0-9_$]{0,62})?$/, 'expected table or schema.table');

const postgres = z.strictObject({
  type: z.literal('postgres'),
  connection: word,
  table: tableName,
  mode: z.enum(['replace', 'append', 'upsert']).exactOptional(),
  key: names.exactOptional(),
});
const s3 = z.strictObject({
  type: z.literal('s3'),
  connection: word,
  path: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9._-]{1,62}\/.+$/, 'expected s3://bucket/folder/ or s3://bucket/file'),
  format: z.enum(['parquet', 'csv', 'json']).exactOptional(),
});
const http = z.strictObject({
  type: z.literal('http'),
  url: word,
  token: z
    .string()
    .regex(/^secret:\/\//, 'expected a stored secret, as secret://name')
    .exactOptional(),
  batch: z.int().min(1).max(100_000).exactOptional(),
});
const kafka = z.strictObject({
  type: z.literal('kafka'),
  connection: word,
  topic: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected the name of a topic'),
  mode: z.enum(['append', 'upsert', 'mirror']).exactOptional(),
  key: names.exactOptional(),
  headers: z.record(z.string().min(1), z.string().min(1)).exactOptional(),
  format: z.enum(['json', 'json_schema', 'avro']).exactOptional(),
});

/** No line break and no list: neither may add headers or readers to a mail. */
const mailbox = z
  .string()
  .max(320)
  .regex(/^[^\s@,;<>"]+@[^\s@,;<>"]+$/, 'expected an address such as ana@example.com');
const email = z.strictObject({
  type: z.literal('email'),
  connection: word,
  to: z.union([mailbox, z.array(mailbox).min(1).max(50)]),
  subject: z
    .string()
    .regex(/^[^\r\n]{1,200}$/, 'expected one line of at most 200 characters')
    .exactOptional(),
  rows: z.int().min(1).max(1_000).exactOptional(),
  attach: z.enum(['csv', 'pdf', 'dashboard', 'none']).exactOptional(),
  language: z.enum(['en', 'pt']).exactOptional(),
  send: z.enum(['changed', 'always']).exactOptional(),
});

/** Where a published table is sent after its run: the keys of `export`. */
export const exportSchema = z.array(z.discriminatedUnion('type', [postgres, s3, http, kafka, email])).max(20);
export type ExportSpec = z.infer<typeof exportSchema>[number];

/** How people and the ledger call a target. */
export function exportTarget(spec: ExportSpec): string {
  if (spec.type === 'postgres') return `postgres ${spec.connection}: ${spec.table}`;
  if (spec.type === 'kafka') return `kafka ${spec.connection}: ${spec.topic}`;
  if (spec.type === 'email') return `email ${spec.connection}: ${readersOf(spec.to).join(', ')}`;
  return spec.type === 's3' ? spec.path : spec.url.replace(/[?#].*$/, '');
}

export function readersOf(to: string | readonly string[]): readonly string[] {
  return typeof to === 'string' ? [to] : to;
}
