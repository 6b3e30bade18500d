import { z } from 'zod';
import { count, names, word } from './schema-parts.ts';

const expressions = z.record(word, word);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const oneOrMore = z.union([word, z.array(word).min(1, 'expected at least one')]);
const keysOf = z.union([names, expressions]);

export const standards = [
  'cpf',
  'cnpj',
  'phone',
  'cep',
  'date',
  'number',
  'boolean',
  'email',
  'mojibake',
  'lower',
  'upper',
  'title',
  'digits',
  'spaces',
  'no_accents',
] as const;
export type Standard = (typeof standards)[number];

/** One schema for each step, by its key; keys stand in canonical order. */
export const stepSchemas = {
  filter: z.strictObject({ filter: word }),
  select: z.strictObject({ select: names }),
  drop: z.strictObject({ drop: names }),
  rename: z.strictObject({ rename: expressions }),
  cast: z.strictObject({ cast: expressions, on_error: z.enum(['fail', 'null']).exactOptional() }),
  derive: z.strictObject({ derive: z.record(word, scalar) }),
  split: z.strictObject({ split: z.strictObject({ column: word, by: z.string(), into: names }) }),
  flatten: z.strictObject({ flatten: word, into: z.enum(['columns', 'rows']).exactOptional() }),
  deduplicate: z.strictObject({
    deduplicate: z.union([z.literal('all'), names]),
    order_by: oneOrMore.exactOptional(),
  }),
  fill: z.strictObject({ fill: z.record(word, scalar) }),
  fill_from: z.strictObject({
    fill_from: z.enum(['previous', 'next', 'mean', 'median']),
    columns: names,
    by: names.exactOptional(),
    order_by: oneOrMore.exactOptional(),
  }),
  trim: z.strictObject({ trim: names }),
  standardize: z.strictObject({
    standardize: z.record(word, z.enum(standards)),
    formats: z.array(word).exactOptional(),
    invalid: z.enum(['keep', 'null']).exactOptional(),
  }),
  join: z.strictObject({
    join: word,
    on: keysOf,
    type: z.enum(['left', 'inner', 'right', 'full', 'semi', 'anti']).exactOptional(),
    columns: names.exactOptional(),
  }),
  union: z.strictObject({ union: names, distinct: z.boolean().exactOptional() }),
  aggregate: z.strictObject({ aggregate: expressions, by: names.exactOptional() }),
  pivot: z.strictObject({ pivot: word, values: z.union([scalar, z.array(scalar).min(1)]), using: word, by: names }),
  unpivot: z.strictObject({ unpivot: names, name: word, value: word }),
  window: z.strictObject({
    window: expressions,
    by: names.exactOptional(),
    order_by: oneOrMore.exactOptional(),
    frame: word.exactOptional(),
  }),
  asof_join: z.strictObject({
    asof_join: word,
    on: keysOf.exactOptional(),
    time: word,
    with_time: word.exactOptional(),
    columns: names,
  }),
  predict: z.strictObject({
    predict: z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected the name of a model, as its cell is called'),
  }),
  sample: z.strictObject({ sample: z.int().min(1), seed: count.exactOptional() }),
  sort: z.strictObject({ sort: oneOrMore }),
  limit: z.strictObject({ limit: count }),
  validate: z.strictObject({ validate: oneOrMore, message: word.exactOptional() }),
  quarantine: z.strictObject({ quarantine: word }),
};

export type StepKind = keyof typeof stepSchemas;
export const stepKinds = Object.keys(stepSchemas) as StepKind[];
export type StepOf<Kind extends StepKind> = z.infer<(typeof stepSchemas)[Kind]>;
export type Step = { [Kind in StepKind]: StepOf<Kind> }[StepKind];

const { filter, select, ...others } = stepSchemas;
export const stepSchema = z.union([filter, select, ...Object.values(others)]) as unknown as z.ZodType<Step>;

/** Which step it is: the first key of the kinds that it has. */
export function stepKindOf(step: object): StepKind | null {
  return stepKinds.find((kind) => Object.hasOwn(step, kind)) ?? null;
}
