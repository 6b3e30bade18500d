/**
 * A contract: which columns of which types a table has, whatever its cell gives.
 *
 *   mode           a value that does not fit      a column that is not in it    one that is missing
 *   evolve         the column keeps its own type  is added                      is added, NULL
 *   freeze         fails                          fails                         fails
 *   discard_row    its row is left out            rows with a value are too     is added, NULL
 *   discard_value  is NULL                        is left out                   is added, NULL
 *   quarantine     its row is set aside           rows with a value are too     is added, NULL
 *
 * K1  It is judged as rules are, over the staged rows: what it sets aside or leaves out is counted once (E2).
 * K2  Without `columns:` the contract is what is published; before there is anything it says nothing.
 */
import type { CheckReport, Column, SqlSpec } from '@datacraft/shared';
import { Fault, quoteIdentifier, say } from '@datacraft/shared';
import { isOneType } from '../source/declared-columns.ts';
import type { CompiledRule, Outcome } from './rule.ts';

type Mode = NonNullable<NonNullable<SqlSpec['contract']>['mode']>;

export interface Contract {
  readonly rules: readonly CompiledRule[];
  /** The columns as the contract has them, over rows that stay. `checks` are the reports of its rules. */
  shape(from: string, checks: readonly CheckReport[]): string | null;
}

const outcomes: Readonly<Record<Mode, Outcome>> = {
  evolve: 'warn',
  freeze: 'fail',
  discard_row: 'drop',
  discard_value: 'warn',
  quarantine: 'quarantine',
};

/** `given` are the columns of the cell; `published` those of its table, null when there is none. */
export function contractOf(
  spec: SqlSpec['contract'],
  given: readonly Column[],
  published: readonly Column[] | null,
): Contract | null {
  if (spec === undefined) return null;
  const mode: Mode = spec.mode ?? 'evolve';
  const agreed =
    spec.columns === undefined ? (mode === 'evolve' ? null : published) : Object.entries(spec.columns).map(typed);
  if (agreed === null) return null;
  const named = new Map(given.map((column) => [column.name.toLowerCase(), column]));
  const known = new Set(agreed.map(({ name }) => name.toLowerCase()));
  const casts = agreed.flatMap((column) => {
    const own = named.get(column.name.toLowerCase());
    return own === undefined || sameType(own.type, column.type) ? [] : [{ own, type: column.type }];
  });
  const missing = agreed.filter(({ name }) => !named.has(name.toLowerCase()));
  const extra = given.filter(({ name }) => !known.has(name.toLowerCase()));
  const rules = [
    ...casts.map(({ own, type }) => castRule(own, type, mode)),
    ...(mode === 'freeze' ? missing.map(({ name }) => never(`contract: column ${name} is missing`)) : []),
    ...(mode === 'freeze' ? extra.map(({ name }) => never(`contract: column ${name} is not in it`)) : []),
    ...(mode === 'discard_row' || mode === 'quarantine' ? extra.map(({ name }) => extraRule(name, mode)) : []),
  ];
  return { rules, shape: (from, checks) => shapeSql(from, { mode, casts, missing, extra, checks }) };
}

function typed([name, type]: [string, string]): Column {
  if (isOneType(type)) return { name, type };
  throw new Fault(
    'bad-request',
    say(
      'contract: the column {name} is declared as "{type}", which is not a type: use a DuckDB type such as bigint, decimal(12,2) or date',
      { name, type },
    ),
    {
      field: 'contract',
    },
  );
}

const ALIASES: Readonly<Record<string, string>> = {
  INT: 'INTEGER',
  INT4: 'INTEGER',
  INT8: 'BIGINT',
  LONG: 'BIGINT',
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  BOOL: 'BOOLEAN',
  FLOAT8: 'DOUBLE',
  TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
};

function sameType(a: string, b: string): boolean {
  const plain = (type: string) => {
    const upper = type
      .toUpperCase()
      .replace(/\s*,\s*/g, ',')
      .replace(/^NUMERIC/, 'DECIMAL');
    return ALIASES[upper] ?? upper;
  };
  return plain(a) === plain(b);
}

function labelOf(column: Column, type: string): string {
  return `contract: ${column.name} ${type}`;
}

function castRule(column: Column, type: string, mode: Mode): CompiledRule {
  const name = quoteIdentifier(column.name);
  const violates = `${name} is not null and (try_cast(${name} as ${type}) is null or ${losesSql(name, column.type, type)})`;
  return { kind: 'row', label: labelOf(column, type), outcome: outcomes[mode], violates };
}

/** Whether the cast would round or cut: a number or a moment that does not come back as it was. */
function losesSql(name: string, from: string, to: string): string {
  const isWhole = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|LONG)$/i.test(to.trim());
  if (/^(DOUBLE|FLOAT|REAL|DECIMAL|U?(TINY|SMALL|BIG|HUGE)?INT|TIMESTAMP|TIME)/i.test(from))
    return `try_cast(try_cast(${name} as ${to}) as ${from}) is distinct from ${name}`;
  if (/^VARCHAR/i.test(from) && isWhole)
    return `try_cast(${name} as double) is distinct from try_cast(try_cast(${name} as ${to}) as double)`;
  return 'false';
}

function extraRule(name: string, mode: Mode): CompiledRule {
  const violates = `${quoteIdentifier(name)} is not null`;
  return { kind: 'row', label: `contract: column ${name} is not in it`, outcome: outcomes[mode], violates };
}

function never(label: string): CompiledRule {
  return { kind: 'table', label, outcome: 'fail', check: () => 'select false' };
}

interface Shape {
  readonly mode: Mode;
  readonly casts: readonly { readonly own: Column; readonly type: string }[];
  readonly missing: readonly Column[];
  readonly extra: readonly Column[];
  readonly checks: readonly CheckReport[];
}

function shapeSql(from: string, { mode, casts, missing, extra, checks }: Shape): string | null {
  const broken = new Set(checks.filter(({ violations }) => (violations ?? 0) > 0).map(({ rule }) => rule));
  const cast = casts.filter(({ own, type }) => mode !== 'evolve' || !broken.has(labelOf(own, type)));
  const left = mode === 'evolve' || mode === 'freeze' ? [] : extra;
  if (cast.length + left.length + missing.length === 0) return null;
  const without = left.length === 0 ? '' : ` exclude (${left.map(({ name }) => quoteIdentifier(name)).join(', ')})`;
  const casted = cast.map(
    ({ own, type }) => `try_cast(${quoteIdentifier(own.name)} as ${type}) as ${quoteIdentifier(own.name)}`,
  );
  const replaced = casted.length === 0 ? '' : ` replace (${casted.join(', ')})`;
  const added = missing.map(({ name, type }) => `, null::${type} as ${quoteIdentifier(name)}`).join('');
  return `select *${without}${replaced}${added} from ${from}`;
}
