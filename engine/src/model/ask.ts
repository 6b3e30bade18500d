import type { Json, ModelInput, Said } from '@datacraft/shared';
import { Fault, nearest, say } from '@datacraft/shared';
import type { Feature } from './feature.ts';
import type { ModelFile } from './model-file.ts';

type Row = Readonly<Record<string, unknown>>;

/** A column of each feature. */
export type Encode = (rows: readonly unknown[]) => Float64Array[];

/** Rows as the model wants them. A row that does not fit is a `bad-request` that names its number and field (M3). */
export function encoderOf({ features, keys, target }: ModelFile): Encode {
  const known = new Set([...features.map(({ name }) => name), ...keys, ...(target === null ? [] : [target.name])]);
  const own = features.map((feature) => ({
    feature,
    codes: new Map(feature.levels.map((level, code) => [level, code])),
  }));
  return (rows) => {
    const columns = own.map(() => new Float64Array(rows.length));
    for (let at = 0; at < rows.length; at += 1) {
      const fields = asRow(rows[at], at);
      for (const name of Object.keys(fields)) if (!known.has(name)) refuse(name, at, features);
      for (let place = 0; place < own.length; place += 1) {
        const wanted = own[place];
        const column = columns[place];
        if (wanted !== undefined && column !== undefined) column[at] = valueOf(wanted, fields, at);
      }
    }
    return columns;
  };
}

export function asRow(row: unknown, at: number): Row {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row;
  throw new Fault(
    'bad-request',
    say('row {row}: expected a map of fields, got {got}', { row: at + 1, got: said(row) }),
    { row: at + 1 },
  );
}

function refuse(unknown: string, at: number, features: readonly Feature[]): never {
  const names = features.map(({ name }) => name);
  const meant = nearest(unknown, names);
  const hint =
    meant === null
      ? say('it knows {names}', { names: names.join(', ') })
      : say('did you mean "{suggestion}"?', { suggestion: meant });
  throw refusal(unknown, at, say('the model has no field "{unknown}": {hint}', { unknown, hint }));
}

interface Wanted {
  readonly feature: Feature;
  readonly codes: ReadonlyMap<string, number>;
}

function valueOf({ feature, codes }: Wanted, fields: Row, at: number): number {
  const { name, nullable } = feature;
  if (!Object.hasOwn(fields, name)) {
    const values = { name, expected: expected(feature) };
    const missing = nullable
      ? say('the field "{name}" is missing: give {expected}, or null when it is not known', values)
      : say('the field "{name}" is missing: give {expected}', values);
    throw refusal(name, at, missing);
  }
  const value = fields[name];
  if (value === null) {
    if (nullable) return NaN;
    throw refusal(
      name,
      at,
      say('"{name}" may not be null: it was known in every row the model learned from', { name }),
    );
  }
  const found = encoded(feature, codes, value);
  if (Number.isNaN(found))
    throw refusal(
      name,
      at,
      say('"{name}" expects {expected}, got {got}', { name, expected: expected(feature), got: said(value) }),
    );
  return found;
}

/** NaN for what does not fit. */
function encoded({ kind, levels, pooled }: Feature, codes: ReadonlyMap<string, number>, value: unknown): number {
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
  if (kind === 'boolean') return typeof value === 'boolean' ? Number(value) : NaN;
  if (typeof value !== 'string') return NaN;
  if (kind === 'time') return timeOf(value);
  return codes.get(value) ?? (pooled ? levels.length - 1 : NaN);
}

/** Seconds; a text without a zone is UTC, as in the tables. */
export function timeOf(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return NaN;
  const zoned = text.length === 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) ? text : `${text}Z`;
  return Date.parse(zoned.replace(' ', 'T')) / 1000;
}

const SHOWN = 10;

function expected({ kind, levels }: Feature): Said {
  if (kind === 'number') return say('a number');
  if (kind === 'boolean') return say('true or false');
  if (kind === 'time') return say('a time such as 2024-01-31 or 2024-01-31T12:00:00Z');
  const names = levels
    .slice(0, SHOWN)
    .map((level) => JSON.stringify(level))
    .join(', ');
  return levels.length > SHOWN
    ? say('one of {names} and {length} more', { names, length: levels.length - SHOWN })
    : say('one of {names}', { names });
}

function said(value: unknown): string {
  const text = (typeof value === 'number' ? undefined : JSON.stringify(value)) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function refusal(field: string, at: number, message: Said): Fault {
  return new Fault('bad-request', say('row {row}: {message}', { row: at + 1, message }), { row: at + 1, field });
}

/** What each row must hold, as JSON Schema. */
export function inputSchema({ features }: Pick<ModelFile, 'features'>): Json {
  const properties = Object.fromEntries(features.map((feature) => [feature.name, propertyOf(feature)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties,
    required: features.map(({ name }) => name),
  };
}

function propertyOf({ kind, nullable, levels, pooled }: Feature): Json {
  const type = { number: 'number', boolean: 'boolean', time: 'string', category: 'string' }[kind];
  const choices = kind === 'category' && !pooled ? { enum: [...levels, ...(nullable ? [null] : [])] } : {};
  const format = kind === 'time' ? { format: 'date-time' } : {};
  return { type: nullable ? [type, 'null'] : type, ...choices, ...format };
}

export function inputsOf({ features }: Pick<ModelFile, 'features'>): ModelInput[] {
  return features.map(({ name, kind, type, nullable, levels, min, max, mean }) => ({
    name,
    kind,
    type,
    nullable,
    levels: levels.slice(0, 254),
    min,
    max,
    mean,
  }));
}
