import { statistics, type Band, type Expectation, type Statistic } from '@datacraft/shared';

/** The rules a line can edit as one text; `distribution` has fields of its own, the others are shown as written and kept. */
export const simpleRules = ['not_null', 'unique', 'expression', 'sql'] as const;
export type SimpleRule = (typeof simpleRules)[number];
export const editableRules = [...simpleRules, 'distribution'] as const;
type AnyRule = SimpleRule | 'accepted_values' | 'relationships' | 'row_count' | 'freshness' | 'distribution';
const allRules: readonly AnyRule[] = [
  ...simpleRules,
  'accepted_values',
  'relationships',
  'row_count',
  'freshness',
  'distribution',
];

const rowOutcomes = ['fail', 'drop', 'quarantine', 'warn'] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/** A distribution that measures one statistic. */
export interface Measured {
  readonly column: string;
  readonly statistic: Statistic;
  readonly band: Band;
}

export interface RuleForm {
  readonly name: AnyRule;
  readonly text: string;
  readonly simple: boolean;
  readonly measured: Measured | null;
}

export function ruleOf(expectation: Expectation): RuleForm {
  const parts = expectation as unknown as Record<string, unknown>;
  const name = allRules.find((rule) => rule in parts) ?? 'expression';
  const value = parts[name];
  const simple = (simpleRules as readonly string[]).includes(name);
  const measured = 'distribution' in expectation ? measuredOf(expectation.distribution) : null;
  if (!simple) return { name, text: JSON.stringify(value), simple, measured };
  return {
    name,
    text: Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '',
    simple,
    measured,
  };
}

function measuredOf(distribution: Extract<Expectation, { distribution: unknown }>['distribution']): Measured | null {
  const [statistic, second] = statistics.filter((name) => distribution[name] !== undefined);
  if (statistic === undefined || second !== undefined || distribution.quantiles !== undefined) return null;
  return { column: distribution.column, statistic, band: distribution[statistic] ?? {} };
}

/** How bad rows can be met: only rules over rows can take some out. */
export function outcomesOf(name: AnyRule): readonly RowOutcome[] {
  return isWhole(name) ? ['fail', 'warn'] : rowOutcomes;
}

function isWhole(name: AnyRule): boolean {
  return ['sql', 'row_count', 'freshness', 'distribution'].includes(name);
}

export function withRule(name: SimpleRule, text: string, before: Expectation): Expectation {
  const names = text
    .split(',')
    .map((column) => column.trim())
    .filter(Boolean);
  const value = name === 'expression' || name === 'sql' ? text : names.length > 1 ? names : (names[0] ?? '');
  return withOutcome(again({ [name]: value }, name, before), outcomeOf(before));
}

export function withMeasured({ column, statistic, band }: Measured, before: Expectation): Expectation {
  const kept = Object.fromEntries(Object.entries(band).filter(([, value]) => value !== undefined));
  return withOutcome(again({ distribution: { column, [statistic]: kept } }, 'distribution', before), outcomeOf(before));
}

/** What holds of a rule over rows alone goes when it becomes one over the whole. */
function again(rule: Record<string, unknown>, name: AnyRule, before: Expectation): Expectation {
  const mostly = mostlyOf(before);
  return { ...rule, ...(mostly === null || isWhole(name) ? {} : { mostly }) } as unknown as Expectation;
}

export function mostlyOf(expectation: Expectation): number | null {
  return 'mostly' in expectation ? (expectation.mostly ?? null) : null;
}

/** `percent` as somebody typed it; none, 100 and what is no share mean every row. */
export function withMostly(expectation: Expectation, percent: string): Expectation {
  const { mostly: _before, ...rest } = expectation as Record<string, unknown>;
  const share = Number(percent.replace(',', '.')) / 100;
  return (share > 0 && share < 1 ? { ...rest, mostly: share } : rest) as unknown as Expectation;
}

export function outcomeOf(expectation: Expectation): RowOutcome {
  if ('on_violation' in expectation && expectation.on_violation !== undefined) return expectation.on_violation;
  return expectation.severity === 'warn' ? 'warn' : 'fail';
}

/** Stopping the run is the default and is not written. */
export function withOutcome(expectation: Expectation, outcome: RowOutcome): Expectation {
  const { on_violation: _on, severity: _severity, ...rest } = expectation as Record<string, unknown>;
  const { name } = ruleOf(expectation);
  if (isWhole(name)) return (outcome === 'warn' ? { ...rest, severity: 'warn' } : rest) as unknown as Expectation;
  return (outcome === 'fail' ? rest : { ...rest, on_violation: outcome }) as unknown as Expectation;
}
