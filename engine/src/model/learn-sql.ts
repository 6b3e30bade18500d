import type { Column, ModelSpec } from '@datacraft/shared';
import { quoteIdentifier, quoteLiteral } from '@datacraft/shared';
import type { FeatureColumn, Roles } from './role.ts';
import { kindOf } from './role.ts';

/** The rows a model learns from, in an order that is theirs alone: who read them, and how, changes nothing. */
export function learnRows(select: string): string {
  return `select row_number() over () - 1 as "__row", * from (select * from (${select}\n) order by all)`;
}

/** What all below reads. */
export function learnTable(select: string): string {
  return `create temp table "__learn" as ${learnRows(select)}`;
}

/** Columns that may name the row: text, and whole numbers that are called so. What the cell lists names nothing. */
export function identifierCandidates(spec: ModelSpec, columns: readonly Column[]): string[] {
  if (spec.features !== undefined) return [];
  return columns
    .filter(({ name }) => name !== spec.target)
    .filter(
      ({ name, type }) => kindOf(type) === 'category' || (isWhole(type) && /(^|_)(id|key|code|uuid)$/i.test(name)),
    )
    .map(({ name }) => name);
}

function isWhole(type: string): boolean {
  return /INT/.test(type) || /^DECIMAL\(\d+,0\)$/.test(type);
}

/** One row: how many rows there are, and of each candidate how many different values. */
export function distinctCounts(candidates: readonly string[]): string {
  const counts = candidates.map((name) => `count(distinct ${quoteIdentifier(name)})`);
  return `select ${['count(*)', ...counts].join(', ')} from "__learn"`;
}

/** The rows as numbers and words, in order, for a training thread. */
export function learnSelect({ features, target }: Roles, isClass: boolean, by: Column | null): string {
  const columns = features.map((feature, at) => `${encoded(feature)} as f${at}`);
  if (target !== null) columns.push(`${isClass ? word(target) : encoded({ ...target, kind: 'number' })} as target`);
  if (by !== null)
    columns.push(
      `${kindOf(by.type) === 'category' ? word(by) : encoded({ ...by, kind: kindOf(by.type) ?? 'category' })} as "by"`,
    );
  return `select ${columns.join(', ')} from "__learn" order by "__row"`;
}

function word({ name }: Column): string {
  return `${quoteIdentifier(name)}::varchar`;
}

/** What is not finite is missing. */
export function encoded({ name, kind, type }: FeatureColumn): string {
  const column = quoteIdentifier(name);
  if (kind === 'category') return `${column}::varchar`;
  if (kind === 'boolean') return `${column}::integer::double`;
  if (kind === 'time') return `case when isfinite(${column}) then epoch(${column})::double end`;
  const isFloating = type === 'DOUBLE' || type === 'FLOAT';
  return isFloating ? `case when isfinite(${column}) then ${column}::double end` : `${column}::double`;
}

/** The scored rows as people read them: keys, target, prediction, and what goes with it. */
export function scoredSelect(
  roles: Roles,
  { task, decision }: Pick<ModelSpec, 'task' | 'decision'>,
  classes: readonly string[],
  file: string,
): string {
  const { target, keys, features } = roles;
  const shown = [...keys, ...(task === 'clustering' ? features : []), ...(target === null ? [] : [target])];
  const columns = shown.map(({ name }) => `l.${quoteIdentifier(name)}`);
  const label = `list_extract([${classes.map(quoteLiteral).join(', ')}]::varchar[], s.prediction::integer + 1)`;
  if (task === 'classification') {
    columns.push(`cast(${label} as ${target?.type ?? 'varchar'}) as prediction`, 's.second as probability');
    if (decision !== undefined) columns.push('s.decision');
  } else if (task === 'clustering') columns.push('s.prediction::integer as prediction', 's.second as distance');
  else columns.push('s.prediction as prediction');
  return `select ${columns.join(', ')} from "__learn" l
    join ${csvSource(file, "{ 'row': 'BIGINT', 'prediction': 'DOUBLE', 'second': 'DOUBLE', 'decision': 'VARCHAR' }")} s on s."row" = l."__row"
    order by s."row"`;
}

export function csvSource(file: string, columns: string): string {
  return `read_csv(${quoteLiteral(file)}, header = true, delim = ',', columns = ${columns})`;
}
