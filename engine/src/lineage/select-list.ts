import type { Flow } from './flow.ts';
import { nothing, union } from './flow.ts';
import { aggregates } from './aggregate.ts';
import { likeChooser } from './column-names.ts';
import { flowOf } from './expression.ts';
import { nameOf } from './expression-name.ts';
import { typeOf } from './expression-type.ts';
import type { Col } from './relation.ts';
import type { Env } from './scope.ts';
import { resolve } from './scope.ts';
import { fieldColumns, replacement, starColumns } from './star.ts';
import { elementOf, fieldsOf } from './struct-type.ts';
import type { Node } from './tree.ts';
import { childrenOf, constantOf, nodeOf, nodesOf, textOf, textsOf } from './tree.ts';

export interface Item extends Col {
  readonly aggregates: boolean;
  /** Its name was given, so that later expressions may use it. */
  readonly isAlias: boolean;
}

/** What one expression of a select list gives: stars and structs give several columns. */
export function itemsOf(node: Node, env: Env): readonly Item[] {
  if (node['class'] === 'STAR' && node['columns'] !== true) return starItems(node, env, () => true);
  const chooser = likeChooser(node);
  const [star] = nodesOf(node['children']);
  if (chooser !== null && star !== undefined) return starItems(star, env, chooser);
  const fields = unnestedFields(node, env);
  if (fields !== null) return fields;
  const columns = columnsIn(node);
  if (columns !== null) return starColumns(columns, env).map((each) => perColumn(node, columns, each, env));
  return [item(node, textOf(node['alias']) || ownName(node, env), env)];
}

/** A column keeps the case of the table it comes from. */
function ownName(node: Node, env: Env): string {
  const path = textsOf(node['column_names']);
  return (path.length > 0 ? resolve(path, env.scope)?.name : undefined) ?? nameOf(node);
}

function item(node: Node, name: string, env: Env): Item {
  return {
    name,
    flow: flowOf(node, env),
    type: typeOf(node, env),
    aggregates: aggregates(node),
    isAlias: textOf(node['alias']) !== '',
  };
}

function starItems(star: Node, env: Env, wanted: (name: string) => boolean): readonly Item[] {
  return starColumns(star, env)
    .filter(({ name }) => wanted(name))
    .map((column) => {
      const instead = replacement(star, column.name);
      return instead === null ? { ...column, aggregates: false, isAlias: false } : item(instead, column.name, env);
    });
}

/** `max(COLUMNS('x.'))` is one expression for each column, named for it. */
function perColumn(node: Node, star: Node, each: Col, env: Env): Item {
  const alias = textOf(node['alias']);
  const pattern = constantOf(nodeOf(star['expr'])) ?? '';
  const name = alias === '' ? each.name : aliasFor(alias, pattern, each.name);
  return { ...item(node, name, { ...env, each }), name };
}

/** `'\1'` in the alias stands for a group of the pattern, `'\0'` for the name. */
function aliasFor(alias: string, pattern: string, name: string): string {
  const found = pattern === '' ? null : new RegExp(pattern).exec(name);
  return alias.replace(/\\(\d)/g, (whole, at: string) => (at === '0' ? name : (found?.[Number(at)] ?? whole)));
}

/** The COLUMNS(…) in an expression that is not spread into arguments; null when there is none. */
function columnsIn(node: Node): Node | null {
  if (node['class'] === 'SUBQUERY' || node['type'] === 'OPERATOR_UNPACK') return null;
  if (node['class'] === 'STAR') return node['columns'] === true ? node : null;
  for (const child of childrenOf(node)) {
    const found = columnsIn(child);
    if (found !== null) return found;
  }
  return null;
}

/** `unnest(struct)` gives its fields, with `recursive` those of fields too; null when it is something else. */
function unnestedFields(node: Node, env: Env): readonly Item[] | null {
  if (textOf(node['function_name']) !== 'unnest') return null;
  const [value, ...options] = nodesOf(node['children']);
  if (value === undefined) return null;
  const type = typeOf(value, env);
  const deep = options.some((option) => /^(recursive|max_depth)$/.test(textOf(option['alias'])));
  const struct = deep ? innermost(type) : type;
  if (fieldsOf(struct) === null) return null;
  const isRecursive = options.some((option) => textOf(option['alias']) === 'recursive');
  const columns = fieldColumns({ name: nameOf(value), flow: flowOf(value, env), type: struct }, env);
  return (isRecursive ? columns.flatMap((column) => deepFields(column, env)) : columns).map((column) => ({
    ...column,
    aggregates: false,
    isAlias: false,
  }));
}

function innermost(type: string | null): string | null {
  const element = elementOf(type);
  return element === null ? type : innermost(element);
}

function deepFields(column: Col, env: Env): readonly Col[] {
  if (fieldsOf(innermost(column.type)) === null) return [column];
  return fieldColumns({ ...column, type: innermost(column.type) }, env).flatMap((each) => deepFields(each, env));
}

/** What decides how many rows an UNNEST in the select list makes of one. */
export function unnested(node: Node, env: Env): Flow {
  if (node['class'] === 'SUBQUERY') return nothing;
  const inner = childrenOf(node).map((child) => unnested(child, env));
  const [value] = nodesOf(node['children']);
  const isUnnest = textOf(node['function_name']) === 'unnest' && value !== undefined && !isOneRow(typeOf(value, env));
  const here = isUnnest ? flowOf(value, env) : nothing;
  return union([here, ...inner]);
}

function isOneRow(type: string | null): boolean {
  return fieldsOf(type) !== null && type?.includes('[]') === false;
}
