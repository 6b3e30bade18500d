import type { Col } from './relation.ts';
import { same } from './relation.ts';
import type { Node } from './tree.ts';
import { constantOf, nodeOf, nodesOf, textOf, textsOf } from './tree.ts';

/** The columns that the argument of COLUMNS chooses: a pattern, a list of names or a lambda over names. */
export function namesMeant(chooser: Node | null, columns: readonly Col[], gaps: Set<string>): readonly Col[] {
  if (chooser === null || chooser['class'] === 'STAR') return columns;
  const pattern = constantOf(chooser);
  if (pattern !== null) return columns.filter(({ name }) => new RegExp(pattern).test(name));
  const children = nodesOf(chooser['children']);
  if (textOf(chooser['function_name']) === 'list_filter') {
    const [, lambda] = children;
    const test = nodeOf(lambda?.['expr']);
    const variable = textsOf(nodeOf(lambda?.['lhs'])?.['column_names'])[0] ?? '';
    return columns.filter(({ name }) => holds(test, variable, name, gaps));
  }
  if (textOf(chooser['function_name']) === 'list_value') {
    return children.flatMap((child) => {
      const wanted = constantOf(child) ?? textsOf(child['column_names']).at(-1) ?? '';
      return columns.filter(({ name }) => same(name, wanted));
    });
  }
  gaps.add('COLUMNS(…) chooses by an expression that is not followed: all columns are taken');
  return columns;
}

/** `* like 'x%'`: the star's columns whose name fits; null when the call is another one. */
export function likeChooser(node: Node): ((name: string) => boolean) | null {
  const [left, right] = nodesOf(node['children']);
  const pattern = constantOf(right ?? null);
  const test = comparisons[textOf(node['function_name'])];
  if (left?.['class'] !== 'STAR' || left['columns'] === true || pattern === null || test === undefined) return null;
  return (name) => test(name, pattern);
}

const comparisons: Record<string, (name: string, pattern: string) => boolean> = {
  '~~': (name, pattern) => like(pattern, 's').test(name),
  '!~~': (name, pattern) => !like(pattern, 's').test(name),
  '~~*': (name, pattern) => like(pattern, 'si').test(name),
  '!~~*': (name, pattern) => !like(pattern, 'si').test(name),
  regexp_full_match: (name, pattern) => new RegExp(`^(?:${pattern})$`).test(name),
  regexp_matches: (name, pattern) => new RegExp(pattern).test(name),
  starts_with: (name, pattern) => name.startsWith(pattern),
  '^@': (name, pattern) => name.startsWith(pattern),
  prefix: (name, pattern) => name.startsWith(pattern),
  ends_with: (name, pattern) => name.endsWith(pattern),
  suffix: (name, pattern) => name.endsWith(pattern),
  contains: (name, pattern) => name.includes(pattern),
  COMPARE_EQUAL: (name, pattern) => name === pattern,
  COMPARE_NOTEQUAL: (name, pattern) => name !== pattern,
};

function like(pattern: string, flags: string): RegExp {
  const body = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${body}$`, flags);
}

/** The lambda's test for one name; a test that is not followed counts as true, and is said. */
function holds(test: Node | null, variable: string, name: string, gaps: Set<string>): boolean {
  if (test === null) return true;
  const children = nodesOf(test['children']);
  const inner = (child: Node) => holds(child, variable, name, gaps);
  if (test['type'] === 'CONJUNCTION_AND') return children.every(inner);
  if (test['type'] === 'CONJUNCTION_OR') return children.some(inner);
  if (test['type'] === 'OPERATOR_NOT') return !children.every(inner);
  if (test['type'] === 'COMPARE_IN') return children.slice(1).some((child) => constantOf(child) === name);
  if (test['type'] === 'COMPARE_NOT_IN') return !children.slice(1).some((child) => constantOf(child) === name);
  const [left, right] = children.length > 0 ? children : nodesOf([test['left'], test['right']]);
  const compare = comparisons[textOf(test['function_name'])] ?? comparisons[textOf(test['type'])];
  const pattern = constantOf(right ?? null);
  const isName = textsOf(left?.['column_names'])[0] === variable;
  if (compare !== undefined && pattern !== null && isName) return compare(name, pattern);
  gaps.add('COLUMNS(…) chooses by an expression that is not followed: all columns are taken');
  return true;
}
