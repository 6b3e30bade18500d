import type { Json, ModelInput } from '@datacraft/shared';
import { Fault, nearest } from '@datacraft/shared';
import type { Feature } from './feature.ts';
import type { ModelFile } from './model-file.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows as the model wants them. A row that does not fit is a `bad-request` that names its number and field (M3). */
export function encodeRows(file: ModelFile, rows: readonly unknown[]): Float64Array[] {
  const also = new Set([...file.keys, ...(file.target === null ? [] : [file.target.name])]);
  const known = new Set([...file.features.map(({ name }) => name), ...also]);
  const columns = file.features.map(() => new Float64Array(rows.length));
  for (const [at, row] of rows.entries()) {
    const fields = asRow(row, at);
    refuseUnknown(fields, at, known, file.features);
    for (const [feature, column] of columns.entries()) {
      const wanted = file.features[feature];
      if (wanted !== undefined) column[at] = valueOf(wanted, fields, at);
    }
  }
  return columns;
}

export function asRow(row: unknown, at: number): Row {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row;
  throw new Fault('bad-request', `row ${at + 1}: expected a map of fields, got ${said(row)}`, { row: at + 1 });
}

function refuseUnknown(fields: Row, at: number, known: ReadonlySet<string>, features: readonly Feature[]): void {
  const unknown = Object.keys(fields).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const names = features.map(({ name }) => name);
  const meant = nearest(unknown, names);
  const hint = meant === null ? `it knows ${names.join(', ')}` : `did you mean "${meant}"?`;
  throw refusal(unknown, at, `the model has no field "${unknown}": ${hint}`);
}

function valueOf(feature: Feature, fields: Row, at: number): number {
  const { name, nullable } = feature;
  if (!Object.hasOwn(fields, name)) {
    const orNull = nullable ? ', or null when it is not known' : '';
    throw refusal(name, at, `the field "${name}" is missing: give ${expected(feature)}${orNull}`);
  }
  const value = fields[name];
  if (value === null) {
    if (nullable) return NaN;
    throw refusal(name, at, `"${name}" may not be null: it was known in every row the model learned from`);
  }
  const found = encoded(feature, value);
  if (Number.isNaN(found)) throw refusal(name, at, `"${name}" expects ${expected(feature)}, got ${said(value)}`);
  return found;
}

/** NaN for what does not fit. */
function encoded({ kind, levels, pooled }: Feature, value: unknown): number {
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
  if (kind === 'boolean') return typeof value === 'boolean' ? Number(value) : NaN;
  if (typeof value !== 'string') return NaN;
  if (kind === 'time') return timeOf(value);
  const code = levels.indexOf(value);
  return code >= 0 ? code : pooled ? levels.length - 1 : NaN;
}

/** Seconds; a text without a zone is UTC, as in the tables. */
export function timeOf(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return NaN;
  const zoned = text.length === 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) ? text : `${text}Z`;
  return Date.parse(zoned.replace(' ', 'T')) / 1000;
}

const SHOWN = 10;

function expected({ kind, levels }: Feature): string {
  if (kind === 'number') return 'a number';
  if (kind === 'boolean') return 'true or false';
  if (kind === 'time') return 'a time such as 2024-01-31 or 2024-01-31T12:00:00Z';
  const more = levels.length > SHOWN ? ` and ${levels.length - SHOWN} more` : '';
  return `one of ${levels
    .slice(0, SHOWN)
    .map((level) => JSON.stringify(level))
    .join(', ')}${more}`;
}

function said(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function refusal(field: string, at: number, message: string): Fault {
  return new Fault('bad-request', `row ${at + 1}: ${message}`, { row: at + 1, field });
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
