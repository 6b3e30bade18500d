import { type ParamValue, type QueryParams, scanParameters } from '@datacraft/shared';

/** Names of `$parameters` in their order, each once. */
export function parameterNames(sql: string): string[] {
  return [...new Set(scanParameters(sql).map(({ name }) => name))];
}

/** What a person typed as the value it is bound as: numbers and truth values as themselves, nothing as NULL, the rest as text. */
export function valueOf(text: string): ParamValue {
  if (text === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text)) return Number(text);
  const quoted = /^'(.*)'$/.exec(text);
  return quoted === null ? text : (quoted[1] ?? '').replaceAll("''", "'");
}

/** A value as it is typed: text that would be read as something else stands in quotes. */
export function textOf(value: ParamValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return String(value);
  return valueOf(value) === value ? value : `'${value.replaceAll("'", "''")}'`;
}

/** The values that the text needs. */
export function boundTo(sql: string, params: QueryParams): QueryParams {
  return Object.fromEntries(parameterNames(sql).map((name) => [name, params[name] ?? null]));
}
