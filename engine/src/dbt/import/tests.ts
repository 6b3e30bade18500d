import type { Expectation, ImportFinding, Json, JsonObject } from '@datacraft/shared';
import { quoteIdentifier, say, worded } from '@datacraft/shared';
import { ExpressionReader } from '../jinja/expression.ts';
import type { Evaluator } from '../jinja/evaluate.ts';
import { JinjaProblem } from '../jinja/problem.ts';
import { textOf } from '../jinja/value.ts';
import type { Properties } from './project.ts';
import { isObject, objectsOf } from './project.ts';

export interface Rules {
  readonly rules: readonly Expectation[];
  readonly findings: readonly ImportFinding[];
}

/** The tests that properties name, as rules; those that are no rule here are findings. */
export function rulesOf(properties: Properties | undefined, evaluator: Evaluator): Rules {
  if (properties === undefined) return { rules: [], findings: [] };
  const { value, file, line } = properties;
  const rules: Expectation[] = [];
  const findings: ImportFinding[] = [];
  const add = (test: Json, column: string | null) => {
    const read = readTest(test);
    const rule = read === null ? null : ruleOf(read, column, evaluator);
    const name = read?.name ?? 'a test';
    if (rule === null) {
      const of = column === null ? name : say('{name} of {column}', { name, column });
      const words = say('the test {of} has no rule here and is left out: write it as an expression or a query', { of });
      findings.push({ file, line, column: 1, severity: 'warning', ...worded(words) });
    } else rules.push(...rule);
  };
  for (const test of testsIn(value)) add(test, null);
  for (const column of objectsOf(value['columns']))
    for (const test of testsIn(column)) add(test, String(column['name'] ?? ''));
  return { rules: gathered(rules), findings };
}

function testsIn(value: JsonObject): readonly Json[] {
  return ['tests', 'data_tests'].flatMap((key) => (Array.isArray(value[key]) ? value[key] : []));
}

interface ReadTest {
  readonly name: string;
  readonly args: JsonObject;
  readonly severity: 'warn' | 'error';
  readonly where: string | null;
}

function readTest(test: Json): ReadTest | null {
  if (typeof test === 'string') return { name: test, args: {}, severity: 'error', where: null };
  if (!isObject(test)) return null;
  const [named] = Object.entries(test).filter(([key]) => !['name', 'description', 'config', 'test_name'].includes(key));
  const name = typeof test['test_name'] === 'string' ? test['test_name'] : named?.[0];
  const body = typeof test['test_name'] === 'string' ? test : isObject(named?.[1]) ? named[1] : {};
  if (name === undefined) return null;
  const outer = isObject(test['config']) ? test['config'] : {};
  const config = { ...outer, ...(isObject(body['config']) ? body['config'] : {}), ...body };
  const args = { ...body, ...(isObject(body['arguments']) ? body['arguments'] : {}) };
  const where = config['where'];
  return {
    name,
    args,
    severity: String(config['severity'] ?? '').toLowerCase() === 'warn' ? 'warn' : 'error',
    where: typeof where === 'string' ? where : null,
  };
}

function ruleOf(
  { name, args, severity, where }: ReadTest,
  column: string | null,
  evaluator: Evaluator,
): Expectation[] | null {
  const outcome = severity === 'warn' ? ({ severity } as const) : {};
  const of = quoteIdentifier(column ?? '');
  const holds = (expression: string): Expectation[] => [
    { expression: where === null ? expression : `not (${where}) or (${expression})`, ...outcome },
  ];
  const plain = name.split('.').at(-1) ?? name;
  if (plain === 'not_null' && column !== null)
    return where === null ? [{ not_null: column, ...outcome }] : holds(`${of} is not null`);
  if (plain === 'accepted_values' && column !== null) {
    const values = (Array.isArray(args['values']) ? args['values'] : []).filter(
      (each) => typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean',
    );
    if (values.length === 0) return null;
    if (where === null) return [{ accepted_values: { column, values }, ...outcome }];
    return holds(
      `${of} in (${values.map((each) => (typeof each === 'string' ? `'${each.replaceAll("'", "''")}'` : String(each))).join(', ')})`,
    );
  }
  if (plain === 'expression_is_true' || plain === 'expression_holds') {
    const expression = args['expression'];
    return typeof expression === 'string' ? holds(column === null ? expression : `${of} ${expression}`) : null;
  }
  if (plain === 'accepted_range' && column !== null) {
    const bounds = [
      ['min_value', '>='],
      ['max_value', '<='],
    ].flatMap(([key = '', operator]) => (args[key] === undefined ? [] : [`${of} ${operator} ${String(args[key])}`]));
    return bounds.length === 0 ? null : holds(bounds.join(' and '));
  }
  if (where !== null) return null;
  if (plain === 'unique' && column !== null) return [{ unique: column, ...outcome }];
  if (plain === 'unique_combination_of_columns' || plain === 'unique_together') {
    const columns = args['combination_of_columns'] ?? args['columns'];
    return Array.isArray(columns) ? [{ unique: columns.map(String), ...outcome }] : null;
  }
  if (plain === 'relationships' && column !== null) {
    const to = targetOf(args['to'], evaluator);
    const field = args['field'];
    return to === null || typeof field !== 'string'
      ? null
      : [{ relationships: { column, to: `${to}.${field}` }, ...outcome }];
  }
  if (plain === 'row_count_between') {
    const bound = (key: 'min' | 'max') => (typeof args[key] === 'number' ? { [key]: args[key] } : {});
    return [{ row_count: { ...bound('min'), ...bound('max') }, ...outcome }];
  }
  return null;
}

/** `ref('x')` or `source('a', 'b')` as YAML holds them. */
function targetOf(text: Json | undefined, evaluator: Evaluator): string | null {
  if (typeof text !== 'string') return null;
  try {
    return textOf(evaluator.value(new ExpressionReader(text.replace(/^\{\{|\}\}$/g, ''), 0).whole(), new Map()));
  } catch (error) {
    if (error instanceof JinjaProblem) return null;
    throw error;
  }
}

/** Columns that may not be NULL, in one rule. */
function gathered(rules: readonly Expectation[]): Expectation[] {
  const plain = rules.flatMap((rule) => ('not_null' in rule && rule.severity === undefined ? rule.not_null : []));
  const rest = rules.filter((rule) => !('not_null' in rule && rule.severity === undefined));
  const [only] = plain;
  if (only === undefined) return rest;
  return [{ not_null: plain.length === 1 ? only : plain }, ...rest];
}
