import { z } from 'zod';
import { aggregates, type ChartSpec, chartTypes } from './chart.ts';
import { text, word } from './schema-parts.ts';

const encoding = z.union([
  word,
  z.strictObject({
    column: word,
    aggregate: z.enum(aggregates).exactOptional(),
    bucket: z.enum(['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']).exactOptional(),
    label: text.exactOptional(),
    format: word.exactOptional(),
  }),
]);

/** In canonical order. */
export const chartSchema = z.strictObject({
  from: word,
  type: z.enum(chartTypes),
  x: encoding.exactOptional(),
  y: z.union([encoding, z.array(encoding).min(1, 'expected at least one column')]).exactOptional(),
  color: word.exactOptional(),
  size: word.exactOptional(),
  stack: z.boolean().exactOptional(),
  sort: z.enum(['x', '-x', 'y', '-y', 'none']).exactOptional(),
  limit: z.int().min(1, 'expected a whole number of at least 1').exactOptional(),
  bins: z.int().min(1, 'expected a whole number of at least 1').exactOptional(),
  value: encoding.exactOptional(),
  compare: encoding.exactOptional(),
  rows: z.array(word).exactOptional(),
  columns: z.array(word).exactOptional(),
  values: z.array(encoding).exactOptional(),
  title: text.exactOptional(),
  unit: text.exactOptional(),
  description: text.exactOptional(),
}) satisfies z.ZodType<ChartSpec>;
