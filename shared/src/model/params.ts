import type { Words } from '../said/said.ts';
import { asSaid, say } from '../said/said.ts';
import type { Json, JsonObject } from '../json.ts';
import { nearest } from '../nearest.ts';
import type { ConfigIssue } from '../document/spec/issue.ts';
import type { Algorithm, ParamRule } from './algorithm.ts';
import { paramsOf } from './algorithm.ts';

export type ParamValues = Readonly<Record<string, number | string | Readonly<Record<string, number>> | null>>;

/** What is wrong with the parameters given to an algorithm, each at its own place. */
export function paramIssues(algorithm: Algorithm, given: JsonObject): ConfigIssue[] {
  const rules = paramsOf[algorithm];
  return Object.entries(given).flatMap(([name, value]): ConfigIssue[] => {
    const known = knownAs(rules, name);
    if (known === null) return [unknownParam(algorithm, name)];
    const rule = rules[known];
    const problem = rule === undefined ? null : problemOf(rule, value);
    if (problem === null) return [];
    const message = say('bad value for "{name}": expected {problem}, got {got}', {
      name,
      problem: asSaid(problem),
      got: JSON.stringify(value),
    });
    return [{ path: ['params', name], code: 'bad-value', message }];
  });
}

/** Every parameter of an algorithm, given or default. Call it for parameters without issues. */
export function resolveParams(algorithm: Algorithm, given: JsonObject): ParamValues {
  const rules = paramsOf[algorithm];
  const values: Record<string, ParamValues[string]> = {};
  for (const [name, rule] of Object.entries(rules)) values[name] = rule.default;
  for (const [name, value] of Object.entries(given)) {
    const known = knownAs(rules, name);
    if (known !== null) values[known] = valueOf(value);
  }
  return values;
}

function knownAs(rules: Readonly<Record<string, ParamRule>>, name: string): string | null {
  if (Object.hasOwn(rules, name)) return name;
  return Object.keys(rules).find((each) => rules[each]?.also?.includes(name)) ?? null;
}

function unknownParam(algorithm: Algorithm, name: string): ConfigIssue {
  const names = Object.keys(paramsOf[algorithm]);
  const suggestion = nearest(name, names);
  const hint = suggestion === null ? '' : say('; did you mean `{suggestion}`?', { suggestion });
  const message = say('{algorithm} has no parameter `{name}`: it knows {names}{hint}', {
    algorithm,
    name,
    names: names.join(', '),
    hint,
  });
  return { path: ['params', name], code: 'unknown-key', message, ...(suggestion === null ? {} : { suggestion }) };
}

function problemOf(rule: ParamRule, value: Json): Words | null {
  if (value === null && rule.default === null) return null;
  switch (rule.kind) {
    case 'choice': {
      const choices = rule.choices ?? [];
      return typeof value === 'string' && choices.includes(value)
        ? null
        : say('one of {choices}', { choices: choices.join(', ') });
    }
    case 'weights':
      return isWeights(value) ? null : 'balanced, or a weight above 0 for each class such as { "yes": 5 }';
    default: {
      const { min = -Infinity, max = Infinity } = rule;
      const whole = rule.kind === 'integer';
      const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
      return fits
        ? null
        : whole
          ? say('a whole number from {min} to {max}', { min, max })
          : say('a number from {min} to {max}', { min, max });
    }
  }
}

function isWeights(value: Json): boolean {
  if (value === 'balanced') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((weight) => typeof weight === 'number' && weight > 0);
}

function valueOf(value: Json): ParamValues[string] {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value !== 'object' || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([name, weight]) => [name, Number(weight)]));
}
