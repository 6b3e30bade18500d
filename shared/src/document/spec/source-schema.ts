import { z } from 'zod';
import { columnTypes, count, layer, span, tags, text, word } from './schema-parts.ts';
import { databaseKeys, followingKeys } from './database-schema.ts';
import { httpKeys } from './http-schema.ts';
import { kinesisKeys } from './kinesis-schema.ts';
import { limitsKeys } from './limits.ts';
import { topicKeys } from './topic-schema.ts';
import { s3Place } from './s3-schema.ts';
import {
  csvEncodings,
  objectFormats,
  simulatorTemplates,
  type SourceSpec,
  type SourceType,
  sourceTypes,
} from './source.ts';

const before = {
  columns: columnTypes.exactOptional(),
  rejects: z.enum(['table', 'fail']).exactOptional(),
  max_bad_ratio: z.number().min(0).max(1, 'expected a share from 0 to 1, such as 0.05').exactOptional(),
  provenance: z.boolean().exactOptional(),
};
const after = {
  ...limitsKeys,
  layer: layer.exactOptional(),
  description: text.exactOptional(),
  tags: tags.exactOptional(),
};
const base = { ...before, ...after };

const connection = word.exactOptional();
/** What DuckDB's reader takes. */
const delimiter = z
  .string()
  .refine(
    (text) => /^[^\r\n]+$/.test(text) && new TextEncoder().encode(text).length <= 4,
    'expected a delimiter of one to four bytes, such as ; or || or §',
  );
const csvKeys = {
  delimiter: delimiter.exactOptional(),
  quote: text.exactOptional(),
  escape: text.exactOptional(),
  encoding: z.enum(csvEncodings).exactOptional(),
  decimal: z.enum(['.', ',']).exactOptional(),
  date_format: word.exactOptional(),
  timestamp_format: word.exactOptional(),
  header: z.boolean().exactOptional(),
  skip: count.exactOptional(),
  null_values: z.array(text).exactOptional(),
};
const csv = z.strictObject({ type: z.literal('csv'), path: word, ...csvKeys, connection, ...base });

const records = word.exactOptional();
const json = z.strictObject({ type: z.literal('json'), path: word, records, connection, ...base });
const parquet = z.strictObject({ type: z.literal('parquet'), path: word, connection, ...base });
const avro = z.strictObject({ type: z.literal('avro'), path: word, connection, ...base });
const s3 = z.strictObject({
  type: z.literal('s3'),
  path: word,
  format: z.enum(objectFormats).exactOptional(),
  objects: z.enum(['new', 'all']).exactOptional(),
  ...s3Place,
  ...csvKeys,
  records,
  ...base,
});

const rate = z.string().regex(/^\d+(\.\d+)?\/(ms|s|m|min|h|d)$/, 'expected a rate such as 100/s');
const percent = z.string().regex(/^\d{1,3}(\.\d+)?%$/, 'expected a share such as 2%');
const watermark = z.strictObject({ column: word, delay: span, idle: span.exactOptional() }).exactOptional();
const simulator = z.strictObject({
  type: z.literal('simulator'),
  template: z.enum(simulatorTemplates),
  rows: count.exactOptional(),
  rate: rate.exactOptional(),
  dirt: percent.exactOptional(),
  seed: z.int().exactOptional(),
  start: word.exactOptional(),
  watermark,
  ...base,
});

const table = z.strictObject({ type: z.literal('table'), table: word, ...base });

const registryKeys = {
  registry: z.url({ protocol: /^https?$/ }).exactOptional(),
  username: word.exactOptional(),
  password: word.exactOptional(),
};
const position = z.union([z.string(), z.int()]);
const kafka = z.strictObject({
  type: z.literal('kafka'),
  brokers: z.array(word).exactOptional(),
  connection,
  ...topicKeys,
  format: z
    .union([
      z.enum(['json', 'avro', 'protobuf', 'csv', 'raw']),
      z.strictObject({ avro: z.strictObject({ schema: text.exactOptional(), ...registryKeys }) }),
      z.strictObject({
        protobuf: z.strictObject({ schema: text.exactOptional(), message: word.exactOptional(), ...registryKeys }),
      }),
      z.strictObject({ csv: z.strictObject({ delimiter: delimiter.exactOptional() }) }),
    ])
    .exactOptional(),
  start: z.union([position, z.record(word, position)]).exactOptional(),
  ssl: z.boolean().exactOptional(),
  tls: z
    .strictObject({
      ca: text.exactOptional(),
      certificate: text.exactOptional(),
      key: z
        .string()
        .startsWith('secret://', 'store the private key in Sources and write secret://name')
        .exactOptional(),
    })
    .exactOptional(),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).exactOptional(),
      username: word,
      password: word,
    })
    .exactOptional(),
  watermark,
  ...base,
});

const excel = z.strictObject({
  type: z.literal('excel'),
  path: word,
  sheet: z.union([word, z.int().min(1, 'sheets are counted from 1')]).exactOptional(),
  range: z
    .string()
    .regex(/^[A-Za-z]{1,3}[1-9]\d*(:[A-Za-z]{1,3}[1-9]\d*)?$/, 'expected cells such as B2 or A3:F100')
    .exactOptional(),
  header: z.boolean().exactOptional(),
  ...base,
});
const webhook = z.strictObject({ type: z.literal('webhook'), key: word.exactOptional(), watermark, ...base });
const kinesis = z.strictObject({ type: z.literal('kinesis'), ...kinesisKeys, ...base });

/** By type, each in canonical order. */
export const sourceSchemas = {
  csv,
  json,
  parquet,
  avro,
  excel,
  http: z.strictObject({ type: z.literal('http'), ...httpKeys, ...base }),
  postgres: z.strictObject({ type: z.literal('postgres'), ...databaseKeys, ...followingKeys, ...base }),
  mysql: z.strictObject({ type: z.literal('mysql'), ...databaseKeys, ...base }),
  s3,
  kafka,
  kinesis,
  webhook,
  simulator,
  table,
} satisfies Record<SourceType, z.ZodType<SourceSpec>>;

/** What is checked while the type itself is missing or unknown. */
export const untypedSourceSchema = z.looseObject({ type: z.enum(sourceTypes), ...base });
