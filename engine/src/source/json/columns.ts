import type { JsonSource, Words } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { DuckSession } from '../../duckdb/session.ts';
import { checkedType, declaredTypes } from '../declared-columns.ts';
import { nearNames } from '../near-name.ts';
import { quoteName, quoteText } from '../sql-text.ts';

export interface JsonColumn {
  readonly name: string;
  readonly type: string;
}

export interface JsonColumns {
  readonly columns: readonly JsonColumn[];
  readonly warnings: readonly Words[];
}

/** Types are found out from the first so many records. */
export const SAMPLE_ROWS = 20_480;

/**
 * Decides columns and types from a sample that DuckDB reads. `source` is a `read_json` call up to its options. Whole
 * numbers beyond 64 bits, which DuckDB would read as DOUBLE, stay exact; they are looked for unless `hasLong` is false.
 */
export async function decideColumns(
  source: string,
  spec: JsonSource,
  session: DuckSession,
  shownAs: string,
  hasLong = true,
): Promise<JsonColumns> {
  const found = await session.describe(
    `select * from read_json(${source}, sample_size = ${SAMPLE_ROWS}, union_by_name = true, maximum_depth = 12, map_inference_threshold = -1)`,
  );
  const exact = await exactColumns(source, found, session, hasLong);
  const names = found.map(({ name }) => name);
  const { known, extra, warnings } = splitDeclared(spec.columns ?? {}, names, shownAs);
  const declared = declaredTypes(known, names, shownAs);
  const columns = exact.columns.map(({ name, type }) => ({ name, type: declared.get(name) ?? type }));
  return { columns: [...columns, ...extra], warnings: [...exact.warnings, ...warnings] };
}

/** A declared key that no sampled record has is a column all the same, unless it looks like a slip of the pen. */
function splitDeclared(declared: Readonly<Record<string, string>>, names: readonly string[], shownAs: string) {
  const known: Record<string, string> = {};
  const extra: JsonColumn[] = [];
  const warnings: Words[] = [];
  const spellings = new Set(names.map((name) => name.toLowerCase()));
  for (const [name, type] of Object.entries(declared)) {
    if (spellings.has(name.toLowerCase()) || nearNames(name, names).length > 0) known[name] = type;
    else {
      extra.push({ name, type: checkedType(name, type, shownAs) });
      warnings.push(say('no sampled record has "{name}", which columns: declares', { name }));
    }
  }
  return { known, extra, warnings };
}

async function exactColumns(
  source: string,
  found: readonly JsonColumn[],
  session: DuckSession,
  hasLong: boolean,
): Promise<JsonColumns> {
  const doubtful = found.filter(({ type }) => /\b(DOUBLE|HUGEINT|UBIGINT)\b/.test(type));
  if (doubtful.length === 0 || !hasLong)
    return { columns: found.map(({ name, type }) => ({ name, type: exactType(type, false) })), warnings: [] };
  const asJson = doubtful.map(({ name }) => `${quoteName(name)}: 'JSON'`).join(', ');
  const page = await session.rows(
    `select ${doubtful.map(holdsLargeNumbers).join(', ')} from (select * from read_json(${source}, columns = {${asJson}}) limit ${SAMPLE_ROWS})`,
  );
  const large = new Set(doubtful.flatMap(({ name }, index) => (page.rows[0]?.[index] === true ? [name] : [])));
  const columns = found.map(({ name, type }) => ({ name, type: exactType(type, large.has(name)) }));
  const nested = columns.filter(({ name, type }) => type === 'JSON' && large.has(name));
  return {
    columns,
    warnings: nested.map(({ name }) =>
      say('"{name}" is kept as JSON text, as it holds numbers too large for a DOUBLE', { name }),
    ),
  };
}

/** SQL that asks whether a column has whole numbers that DOUBLE, or for whole columns BIGINT, would not keep. */
function holdsLargeNumbers({ name, type }: JsonColumn): string {
  const value = `${quoteName(name)}::varchar`;
  if (isScalar(type)) {
    const whole = `bool_and(${value} is null or ${value} = 'null' or regexp_full_match(${value}, '-?[0-9]{1,38}'))`;
    return `${whole} and bool_or(try_cast(${value} as bigint) is null and ${value} <> 'null' or ${type === 'DOUBLE' ? `length(${value}) > 15` : 'false'})`;
  }
  return `bool_or(regexp_matches(${value}, '[:,\\[]\\s*-?[0-9]{16,}\\s*[,}\\]]'))`;
}

function exactType(type: string, large: boolean): string {
  // Values of several types in one column: their text says most.
  if (type === 'JSON') return 'VARCHAR';
  if (isScalar(type)) return large ? 'DECIMAL(38,0)' : type.replace(/HUGEINT|UBIGINT/, 'BIGINT');
  return large && /\b(DOUBLE|HUGEINT|UBIGINT)\b/.test(type)
    ? 'JSON'
    : type.replaceAll(/\b(HUGEINT|UBIGINT)\b/g, 'BIGINT');
}

function isScalar(type: string): boolean {
  return /^[A-Z]+$/.test(type);
}

export function columnsOption(columns: readonly JsonColumn[]): string {
  return `columns = {${columns.map(({ name, type }) => `${quoteName(name)}: ${quoteText(type)}`).join(', ')}}`;
}
