import { z } from 'zod';
import { expectationSchema } from './expectation-schema.ts';
import { exportSchema } from './export-schema.ts';
import { limitsKeys } from './limits.ts';
import { columnTypes, duration, layer, names, span, tags, text, word } from './schema-parts.ts';
import { materializations, type SqlSpec, strategies } from './sql.ts';

const contract = z.strictObject({
  mode: z.enum(['evolve', 'freeze', 'discard_row', 'discard_value', 'quarantine']).exactOptional(),
  columns: columnTypes.exactOptional(),
});

const columnDocs = z.strictObject({ description: text.exactOptional(), tags: tags.exactOptional() });

/** In canonical order. */
export const sqlKeys = {
  layer: layer.exactOptional(),
  materialize: z.enum(materializations).exactOptional(),
  scd: z.literal([0, 1, 2]).exactOptional(),
  dimensions: z.record(word, word).exactOptional(),
  hubs: z.record(word, word).exactOptional(),
  hub: word.exactOptional(),
  record_source: word.exactOptional(),
  strategy: z.enum(strategies).exactOptional(),
  unique_key: names.exactOptional(),
  sequence_by: word.exactOptional(),
  insert_only: z.boolean().exactOptional(),
  unmatched: z.enum(['keep', 'delete']).exactOptional(),
  time_column: word.exactOptional(),
  interval: word.exactOptional(),
  lookback: duration.exactOptional(),
  start: word.exactOptional(),
  allow_partials: z.boolean().exactOptional(),
  partition_by: names.exactOptional(),
  refresh: z.enum(['auto', 'full', 'incremental', 'incremental_strict', 'streaming']).exactOptional(),
  lateness: span.exactOptional(),
  output: z.enum(['update', 'final']).exactOptional(),
  expect: z.array(expectationSchema).exactOptional(),
  contract: contract.exactOptional(),
  export: exportSchema.exactOptional(),
  feature_table: z.strictObject({ entity: names, timestamp: word, ttl: span.exactOptional() }).exactOptional(),
  engine: z.enum(['duckdb', 'spark', 'trino']).exactOptional(),
  ...limitsKeys,
  description: text.exactOptional(),
  columns: z.record(word, columnDocs).exactOptional(),
  tags: tags.exactOptional(),
};

export const sqlSchema = z.strictObject(sqlKeys) satisfies z.ZodType<SqlSpec>;
