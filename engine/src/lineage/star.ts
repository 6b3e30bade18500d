import type { Flow } from './flow.ts';
import { namesMeant } from './column-names.ts';
import type { Col } from './relation.ts';
import { same } from './relation.ts';
import { fieldsOf } from './struct-type.ts';
import { through } from './flow.ts';
import type { Env, Source } from './scope.ts';
import { resolve, shown } from './scope.ts';
import type { Node } from './tree.ts';
import { nodeOf, nodesOf, textOf, textsOf } from './tree.ts';

/** The columns that `*`, `t.*` or COLUMNS(…) names, before its REPLACE. */
export function starColumns(node: Node, env: Env): readonly Col[] {
  const relation = textOf(node['relation_name']);
  const all = relation === '' ? everything(env) : ofRelation(relation, env);
  const kept = all.filter((column) => !isExcluded(node, column));
  const chosen = node['columns'] === true ? namesMeant(nodeOf(node['expr']), kept, env.context.gaps) : kept;
  return chosen.map((column) => ({ ...column, name: newName(node, column.name) ?? column.name }));
}

function everything(env: Env): readonly (Col & { readonly source?: string })[] {
  noteOpen(env.scope.sources, env);
  return env.scope.sources.flatMap((source) => shown([source]).map((column) => ({ ...column, source: source.alias })));
}

/** `t.*` gives columns of t, also those that USING merged; `s.*` of a struct gives its fields. */
function ofRelation(name: string, env: Env): readonly (Col & { readonly source?: string })[] {
  const source = env.scope.sources.find(({ alias }) => same(alias, name));
  if (source !== undefined) {
    noteOpen([source], env);
    return source.relation.columns.map((column) => ({ ...column, source: source.alias }));
  }
  const struct = resolve([name], env.scope);
  return struct === null ? [] : fieldColumns(struct, env);
}

/** One column for each field of a struct. */
export function fieldColumns({ name, flow, type }: Pick<Col, 'name' | 'flow' | 'type'>, env: Env): readonly Col[] {
  const fields = fieldsOf(type);
  if (fields === null) env.context.gaps.add(`the fields of \`${name}\` are not known`);
  const value: Flow = through(flow, 'transform');
  return (fields ?? []).map((field) => ({ name: field.name, type: field.type, flow: value }));
}

function noteOpen(sources: readonly Source[], env: Env): void {
  for (const key of sources.flatMap(({ relation }) => relation.open))
    env.context.gaps.add(`the columns of ${key} are not known yet, so \`*\` is not either`);
}

function isExcluded(node: Node, column: Col & { readonly source?: string }): boolean {
  const plain = textsOf(node['exclude_list']).some((name) => same(name, column.name));
  const listed = [...nodesOf(node['exclude_list']), ...nodesOf(node['qualified_exclude_list'])];
  return (
    plain ||
    listed.some((each) => {
      const table = textOf(each['table']);
      return same(textOf(each['column']), column.name) && (table === '' || same(table, column.source ?? ''));
    })
  );
}

function newName(node: Node, name: string): string | undefined {
  const entry = nodesOf(node['rename_list']).find((each) => same(textOf(nodeOf(each['key'])?.['column']), name));
  return entry === undefined ? undefined : textOf(entry['value']);
}

/** What REPLACE puts in the place of a column. */
export function replacement(node: Node, name: string): Node | null {
  const entry = nodesOf(node['replace_list']).find((each) => same(textOf(each['key']), name));
  return nodeOf(entry?.['value']);
}
