import type { ExportSpec, Json } from '@datacraft/shared';

export const exportTypes = ['kafka', 'postgres', 's3', 'http', 'email'] as const;
export type ExportType = (typeof exportTypes)[number];
export type ExportKey =
  | 'connection'
  | 'topic'
  | 'table'
  | 'path'
  | 'url'
  | 'token'
  | 'mode'
  | 'key'
  | 'format'
  | 'batch'
  | 'to'
  | 'subject'
  | 'rows'
  | 'attach'
  | 'language'
  | 'send';

/** What a line of the form asks for. `choices`: the first one is what holds when nothing is said. */
export interface ExportField {
  readonly key: ExportKey;
  readonly choices?: readonly string[];
}

export const exportFields: Readonly<Record<ExportType, readonly ExportField[]>> = {
  kafka: [
    { key: 'connection' },
    { key: 'topic' },
    { key: 'mode', choices: ['append', 'upsert', 'mirror'] },
    { key: 'key' },
    { key: 'format', choices: ['json', 'json_schema', 'avro'] },
  ],
  postgres: [
    { key: 'connection' },
    { key: 'table' },
    { key: 'mode', choices: ['replace', 'append', 'upsert'] },
    { key: 'key' },
  ],
  s3: [{ key: 'connection' }, { key: 'path' }, { key: 'format', choices: ['parquet', 'csv', 'json'] }],
  http: [{ key: 'url' }, { key: 'token' }, { key: 'batch' }],
  email: [
    { key: 'connection' },
    { key: 'to' },
    { key: 'subject' },
    { key: 'rows' },
    { key: 'attach', choices: ['csv', 'pdf', 'dashboard', 'none'] },
    { key: 'language', choices: ['en', 'pt'] },
    { key: 'send', choices: ['changed', 'always'] },
  ],
};

export function shownIn(spec: ExportSpec, key: ExportKey): string {
  const value = (spec as Readonly<Record<string, unknown>>)[key];
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The target with what was written in a field; an empty field is not kept. */
export function withField(spec: ExportSpec, key: ExportKey, text: string): ExportSpec {
  const { [key]: _before, ...rest } = spec as unknown as Record<string, Json>;
  const value = valueOf(key, text.trim());
  return (value === undefined ? rest : { ...rest, [key]: value }) as unknown as ExportSpec;
}

function valueOf(key: ExportKey, text: string): Json | undefined {
  if (text === '') return undefined;
  if (key === 'batch' || key === 'rows') return Number.isFinite(Number(text)) ? Number(text) : text;
  if ((key !== 'key' && key !== 'to') || !text.includes(',')) return text;
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** What a connection has to be to send to a target of this type. */
export function connectionTypeOf(type: ExportType): string {
  return type === 'email' ? 'smtp' : type;
}

/** What is still to be said before the target can be written into the cell. */
export function missingIn(spec: ExportSpec): readonly ExportKey[] {
  return needed[spec.type].filter((key) => shownIn(spec, key) === '');
}

const needed: Readonly<Record<ExportType, readonly ExportKey[]>> = {
  kafka: ['connection', 'topic'],
  postgres: ['connection', 'table'],
  s3: ['connection', 'path'],
  http: ['url'],
  email: ['connection', 'to'],
};

/** Another type keeps the connection, nothing else. */
export function withType(spec: ExportSpec, type: ExportType): ExportSpec {
  const connection = shownIn(spec, 'connection');
  const hasConnection = exportFields[type].some(({ key }) => key === 'connection');
  return { type, ...(hasConnection && connection !== '' ? { connection } : {}) } as unknown as ExportSpec;
}
