import type { Expectation } from '@datacraft/shared';

/** The rules a line can edit; the others are shown as they are written and kept. */
export const simpleRules = ['not_null', 'unique', 'expression'] as const;
export type SimpleRule = (typeof simpleRules)[number];
type AnyRule = SimpleRule | 'accepted_values' | 'relationships' | 'row_count' | 'freshness';
const allRules: readonly AnyRule[] = [...simpleRules, 'accepted_values', 'relationships', 'row_count', 'freshness'];

export const outcomes = ['fail', 'drop', 'quarantine', 'warn'] as const;

export function ruleOf(expectation: Expectation): { name: AnyRule; text: string; simple: boolean } {
  const parts = expectation as unknown as Record<string, unknown>;
  const name = allRules.find((rule) => rule in parts) ?? 'expression';
  const value = parts[name];
  const simple = (simpleRules as readonly string[]).includes(name);
  if (!simple) return { name, text: JSON.stringify(value), simple };
  return { name, text: Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '', simple };
}

export function withRule(name: SimpleRule, text: string, before: Expectation): Expectation {
  const outcome = outcomeOf(before);
  const names = text
    .split(',')
    .map((column) => column.trim())
    .filter(Boolean);
  const value = name === 'expression' ? text : names.length > 1 ? names : (names[0] ?? '');
  return withOutcome({ [name]: value } as unknown as Expectation, outcome);
}

export function outcomeOf(expectation: Expectation): string {
  return 'on_violation' in expectation ? (expectation.on_violation ?? 'fail') : 'fail';
}

/** Stopping the run is the default and is not written. */
export function withOutcome(expectation: Expectation, outcome: string): Expectation {
  const { on_violation: _before, ...rest } = expectation as Record<string, unknown>;
  return (outcome === 'fail' ? rest : { ...rest, on_violation: outcome }) as unknown as Expectation;
}
