import { z } from 'zod';
import { count, names, span, word } from './schema-parts.ts';
import { type Expectation, statistics } from './sql.ts';

const severity = z.enum(['error', 'warn']).exactOptional();
const share = z.number().gt(0, 'expected a share above 0').max(1, 'expected a share of at most 1, such as 0.95');
const rowRule = {
  severity,
  on_violation: z.enum(['fail', 'drop', 'quarantine', 'warn']).exactOptional(),
  mostly: share.exactOptional(),
};
const tableRule = { severity };
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const band = z
  .strictObject({
    min: z.number().exactOptional(),
    max: z.number().exactOptional(),
    deviations: z.number().positive('expected a number above 0, such as 3').exactOptional(),
    history: z.int().min(2, 'expected at least 2 results').max(500, 'expected at most 500 results').exactOptional(),
  })
  .refine(
    ({ min, max, deviations }) => min !== undefined || max !== undefined || deviations !== undefined,
    'expected `min`, `max` or `deviations`: { min: 10, max: 20 }, or { deviations: 3 } from what the last runs measured',
  )
  .refine(
    ({ deviations, history }) => history === undefined || deviations !== undefined,
    '`history` says over how many results `deviations` looks: add `deviations: 3`',
  );

const quantiles = z.record(
  z.string().regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'expected a share from 0 to 1, such as "0.95"'),
  band,
);

const distribution = z
  .strictObject({
    column: word,
    mean: band.exactOptional(),
    stddev: band.exactOptional(),
    min: band.exactOptional(),
    max: band.exactOptional(),
    median: band.exactOptional(),
    nulls: band.exactOptional(),
    distinct: band.exactOptional(),
    quantiles: quantiles.exactOptional(),
  })
  .refine(
    (given) => statistics.some((name) => given[name] !== undefined) || Object.keys(given.quantiles ?? {}).length > 0,
    `expected what is measured: ${statistics.join(', ')} or quantiles, such as mean: { min: 10, max: 20 }`,
  );

export const expectationSchema = z.union([
  z.strictObject({ not_null: names, ...rowRule }),
  z.strictObject({ unique: names, ...rowRule }),
  z.strictObject({
    accepted_values: z.strictObject({ column: word, values: z.array(scalar).min(1, 'expected at least one value') }),
    ...rowRule,
  }),
  z.strictObject({ relationships: z.strictObject({ column: word, to: word }), ...rowRule }),
  z.strictObject({ expression: word, ...rowRule }),
  z.strictObject({
    row_count: z.strictObject({ min: count.exactOptional(), max: count.exactOptional() }),
    ...tableRule,
  }),
  z.strictObject({ freshness: z.strictObject({ column: word, max_age: span }), ...tableRule }),
  z.strictObject({ distribution, ...tableRule }),
  z.strictObject({ sql: word, ...tableRule }),
]) satisfies z.ZodType<Expectation>;
