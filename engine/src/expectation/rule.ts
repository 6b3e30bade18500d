/**
 * Expectations: rules over the rows of a staged relation, judged before it is published.
 *
 * E1  A rule that could not be evaluated counts as failed, never as passed.
 * E2  Row rules count rows; `drop` and `quarantine` take exactly the counted rows out, once each.
 * E3  NULL breaks `not_null` only: other row rules pass over it, as SQL's CHECK does.
 * E4  With `mostly` a rule holds as long as that share of the rows passes. Rows are taken out all the same, and when too
 *     many would be, nothing is published.
 *
 * This room turns rules into SQL and judges the answers. It runs nothing itself.
 */
import type { Band, Expectation } from '@datacraft/shared';
import { quoteIdentifier, quoteLiteral, relationName, isLayer } from '@datacraft/shared';
import { distributionRules } from './distribution.ts';

export type Outcome = 'fail' | 'drop' | 'quarantine' | 'warn';

/** A rule as SQL over the relation `from`, which has every column of the cell. */
export type CompiledRule =
  | {
      readonly kind: 'row';
      readonly label: string;
      readonly outcome: Outcome;
      /** A select-list expression, true on rows that break the rule. */
      readonly violates: string;
      /** The share of rows that must pass; default all. */
      readonly mostly?: number;
    }
  | {
      readonly kind: 'table';
      readonly label: string;
      readonly outcome: 'fail' | 'warn';
      /** A SELECT over `from` with one row `(ok boolean)`. */
      check(from: string): string;
    }
  | {
      readonly kind: 'measure';
      readonly label: string;
      readonly outcome: 'fail' | 'warn';
      readonly band: Band;
      /** A SELECT over `from` with one row `(value double)`. */
      measure(from: string): string;
    }
  | {
      readonly kind: 'query';
      readonly label: string;
      readonly outcome: 'fail' | 'warn';
      /** A SELECT of the rows that must not be. The relation has its own name in it. */
      readonly sql: string;
    };

/** Where a `relationships` rule looks: the SQL name of the relation and its column. */
export interface Target {
  readonly relation: string;
  readonly column: string;
}

interface RuleOptions {
  readonly sequenceBy?: string;
  /** The SQL name of rows that stay beside the judged ones: keys must be unique among both. */
  readonly besides?: string;
  readonly now: Date;
}

/** A rule may be several: one for each statistic of a distribution. */
export function compileRules(rules: readonly Expectation[], options: RuleOptions): CompiledRule[] {
  return rules.flatMap((rule) => ('distribution' in rule ? distributionRules(rule) : [compileRule(rule, options)]));
}

type PlainRule = Exclude<Expectation, { distribution: unknown }>;

function compileRule(rule: PlainRule, options: RuleOptions): CompiledRule {
  if ('not_null' in rule) {
    const columns = listOf(rule.not_null);
    return row(
      rule,
      `not_null ${columns.join(', ')}`,
      columns.map((name) => `${quoteIdentifier(name)} is null`).join(' or '),
    );
  }
  if ('unique' in rule)
    return row(rule, `unique ${listOf(rule.unique).join(', ')}`, duplicateOf(listOf(rule.unique), options));
  if ('accepted_values' in rule) {
    const { column, values } = rule.accepted_values;
    const allowed = values.map(literal).join(', ') || 'null';
    return row(rule, `accepted_values ${column}`, `${quoteIdentifier(column)} not in (${allowed})`);
  }
  if ('relationships' in rule) {
    const target = relationshipTarget(rule.relationships);
    const column = quoteIdentifier(rule.relationships.column);
    const found = `select 1 from ${target.relation} as "other" where "other".${quoteIdentifier(target.column)} = "checked".${column}`;
    return row(
      rule,
      `relationships ${rule.relationships.column} to ${rule.relationships.to}`,
      `"checked".${column} is not null and not exists (${found})`,
    );
  }
  if ('expression' in rule) return row(rule, rule.expression, `not (${rule.expression}\n)`);
  if ('row_count' in rule) {
    const { min, max } = rule.row_count;
    const bounds = [
      min === undefined ? 'true' : `count(*) >= ${min}`,
      max === undefined ? 'true' : `count(*) <= ${max}`,
    ].join(' and ');
    return table(rule, `row_count ${min ?? ''}..${max ?? ''}`, (from) => `select ${bounds} as ok from ${from}`);
  }
  if ('sql' in rule) {
    const outcome = rule.severity === 'warn' ? 'warn' : 'fail';
    return { kind: 'query', label: `sql ${firstWords(rule.sql)}`, outcome, sql: rule.sql.replace(/[;\s]+$/, '') };
  }
  const { column, max_age: maxAge } = rule.freshness;
  const oldest = `(timestamptz ${quoteLiteral(options.now.toISOString())} - cast(${quoteLiteral(maxAge)} as interval))`;
  return table(
    rule,
    `freshness ${column} ${maxAge}`,
    (from) => `select max(${quoteIdentifier(column)})::timestamptz >= ${oldest} as ok from ${from}`,
  );
}

/** `to` is `cell`, `cell.column`, `layer.name` or `layer.name.column`; without a column it is the rule's own. */
export function relationshipTarget(rule: { readonly column: string; readonly to: string }): Target {
  const parts = rule.to.split('.');
  const [first = '', second, third] = parts;
  if (isLayer(first) && second !== undefined) {
    return { relation: relationName({ layer: first, name: quoteIdentifier(second) }), column: third ?? rule.column };
  }
  return { relation: quoteIdentifier(first), column: second ?? rule.column };
}

function row(
  rule: Exclude<PlainRule, { row_count: unknown } | { freshness: unknown } | { sql: unknown }>,
  label: string,
  violates: string,
): CompiledRule {
  const outcome = rule.on_violation ?? (rule.severity === 'warn' ? 'warn' : 'fail');
  const { mostly } = rule;
  const share = mostly === undefined ? {} : { mostly };
  return { kind: 'row', label, outcome, violates: `coalesce(${violates}, false)`, ...share };
}

const LABEL_MAX = 120;

function firstWords(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length <= LABEL_MAX ? line : `${line.slice(0, LABEL_MAX - 1)}…`;
}

function table(rule: { severity?: 'error' | 'warn' }, label: string, check: (from: string) => string): CompiledRule {
  return { kind: 'table', label, outcome: rule.severity === 'warn' ? 'warn' : 'fail', check };
}

function duplicateOf(columns: readonly string[], { sequenceBy, besides }: RuleOptions): string {
  const keys = columns.map(quoteIdentifier);
  // The hash decides between equals: which row stays must be the same in every query over the relation.
  const latest = sequenceBy === undefined ? '' : `${quoteIdentifier(sequenceBy)} desc nulls last, `;
  const present = keys.map((key) => `${key} is not null`).join(' and ');
  const again = `row_number() over (partition by ${keys.join(', ')} order by ${latest}hash("checked")) > 1`;
  if (besides === undefined) return `${present} and ${again}`;
  const same = keys.map((key) => `"there".${key} = "checked".${key}`).join(' and ');
  return `${present} and (${again} or exists (select 1 from ${besides} as "there" where ${same}))`;
}

function listOf(columns: string | readonly string[]): readonly string[] {
  return typeof columns === 'string' ? [columns] : columns;
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? quoteLiteral(value) : String(value);
}
