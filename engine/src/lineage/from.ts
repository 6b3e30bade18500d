import { deciding, nothing, union } from './flow.ts';
import { flowOf } from './expression.ts';
import { columnsOfFunction } from './table-function.ts';
import { pivoted } from './pivot.ts';
import type { Flow } from './flow.ts';
import type { Col, Relation } from './relation.ts';
import { alsoRows, columnNamed, noRelation, relationOfTable, renamed, same } from './relation.ts';
import type { Context, Scope, Source } from './scope.ts';
import { emptyScope, envOf, shown, visible } from './scope.ts';
import { summaryOf } from './summary.ts';
import type { Node } from './tree.ts';
import { nodeOf, nodesOf, textOf, textsOf } from './tree.ts';

export interface From {
  readonly sources: readonly Source[];
  readonly rows: Flow;
}

/** What a FROM clause brings; `outer` holds what is around it and, for LATERAL, what stands before it. */
export function fromOf(node: Node | null, context: Context, outer: Scope): From {
  switch (node?.['type']) {
    case 'JOIN':
      return joined(node, context, outer);
    case 'BASE_TABLE':
      return single(node, tableOf(node, context), textOf(node['table_name']), textOf(node['schema_name']));
    case 'SUBQUERY':
      return single(node, context.query(nodeOf(nodeOf(node['subquery'])?.['node']), context, outer), '');
    case 'TABLE_FUNCTION':
      return fromFunction(node, context, outer);
    case 'EXPRESSION_LIST':
      return single(node, valuesOf(node, context, outer), '');
    case 'PIVOT':
      return fromPivot(node, context, outer);
    case 'SHOW_REF':
      return single(node, summaryOf(node, context.query(nodeOf(node['query']), context, outer)), '');
    case 'EMPTY':
    case undefined:
      return { sources: [], rows: nothing };
    default:
      context.gaps.add(`a ${textOf(node?.['type'])} in FROM is not followed`);
      return { sources: [], rows: nothing };
  }
}

function single(node: Node, relation: Relation, name: string, schema = ''): From {
  const alias = textOf(node['alias']);
  const source: Source = {
    alias: alias || name,
    schema: alias === '' ? schema : '',
    relation: renamed(relation, textsOf(node['column_name_alias'])),
    hidden: new Set(),
    merged: new Map(),
  };
  return { sources: [source], rows: relation.rows };
}

function tableOf(node: Node, context: Context): Relation {
  const schema = textOf(node['schema_name']);
  const name = textOf(node['table_name']);
  const entry = schema === '' || schema === 'recurring' ? context.entries.get(name.toLowerCase()) : undefined;
  if (entry !== undefined) return entry;
  const table = context.table(schema.toLowerCase(), name.toLowerCase());
  if (table !== null) return relationOfTable(table);
  context.gaps.add(`no table is known as \`${schema === '' ? name : `${schema}.${name}`}\``);
  return noRelation;
}

function fromFunction(node: Node, context: Context, outer: Scope): From {
  const call = nodeOf(node['function']);
  const name = textOf(call?.['function_name']);
  const values = nodesOf(call?.['children']).map((child) => flowOf(child, envOf(context, outer)));
  const given = union(values);
  const columns = columnsOfFunction(name, node['with_ordinality'] === 'WITH_ORDINALITY', context.gaps);
  const relation: Relation = {
    columns: columns.map((column) => ({ name: column, flow: transformed(given, column), type: null })),
    rows: deciding(given, 'join'),
    open: [],
  };
  return single(node, relation, name);
}

function transformed(flow: Flow, column: string): Flow {
  if (column === 'ordinality') return nothing;
  return new Map([...flow].map(([key, edge]) => [key, edge.how === 'identity' ? { ...edge, how: 'transform' } : edge]));
}

function valuesOf(node: Node, context: Context, outer: Scope): Relation {
  const rows = Array.isArray(node['values']) ? node['values'].map(nodesOf) : [];
  const width = Math.max(0, ...rows.map((row) => row.length));
  const env = envOf(context, outer);
  const columns: Col[] = Array.from({ length: width }, (_, at) => ({
    name: `col${at}`,
    flow: union(rows.map((row) => flowOf(row[at] ?? null, env))),
    type: null,
  }));
  const names = textsOf(node['expected_names']);
  return { ...noRelation, columns: columns.map((column, at) => ({ ...column, name: names[at] ?? column.name })) };
}

function fromPivot(node: Node, context: Context, outer: Scope): From {
  const from = fromOf(nodeOf(node['source']), context, outer);
  const scope: Scope = { ...emptyScope, sources: from.sources, parent: outer };
  const relation = pivoted(node, shown(from.sources), envOf(context, scope));
  return single(node, alsoRows(relation, from.rows), '');
}

function joined(node: Node, context: Context, outer: Scope): From {
  const left = fromOf(nodeOf(node['left']), context, outer);
  const beside: Scope = { ...emptyScope, sources: left.sources, parent: outer };
  const right = fromOf(nodeOf(node['right']), context, beside);
  const type = textOf(node['join_type']);
  const names = usingOf(node, left, right);
  const pairs = names.flatMap((name) => pairNamed(name, left, right));
  const both: Scope = { ...emptyScope, sources: [...left.sources, ...right.sources], parent: outer };
  const rows = union([
    left.rows,
    right.rows,
    ...pairs.map(({ left: one, right: other }) => deciding(union([one.flow, other.flow]), 'join')),
    deciding(flowOf(nodeOf(node['condition']), envOf(context, both)), 'join'),
  ]);
  if (type === 'SEMI' || type === 'ANTI') return { sources: left.sources, rows };
  const merged = new Map(pairs.map((pair) => [pair.name, mergedBy(type, pair)]));
  return {
    sources: [
      ...left.sources.map((source) => withMerged(source, merged)),
      ...right.sources.map((source) => withHidden(source, merged)),
    ],
    rows,
  };
}

interface Pair {
  readonly name: string;
  readonly left: Col;
  readonly right: Col;
}

function usingOf(node: Node, left: From, right: From): readonly string[] {
  if (node['ref_type'] !== 'NATURAL') return textsOf(node['using_columns']);
  const others = shown(right.sources);
  return shown(left.sources).flatMap(({ name }) => (others.some((each) => same(each.name, name)) ? [name] : []));
}

function pairNamed(name: string, left: From, right: From): readonly Pair[] {
  const one = visible(left.sources, name) ?? openNamed(left, name);
  const other = visible(right.sources, name) ?? openNamed(right, name);
  return one === null || other === null ? [] : [{ name: name.toLowerCase(), left: one, right: other }];
}

function openNamed({ sources }: From, name: string): Col | null {
  const open = sources.flatMap(({ relation }) => relation.open);
  const [key] = open;
  return key === undefined || open.length > 1
    ? null
    : (relationOfTable({ key, columns: [{ name, type: null }] }).columns[0] ?? null);
}

/** A right join keeps the right column's value, a full one the first that is there. */
function mergedBy(type: string, { left, right }: Pair): Col {
  if (type === 'RIGHT') return { ...right, name: left.name };
  return type === 'FULL' || type === 'OUTER' ? { ...left, flow: union([left.flow, right.flow]) } : left;
}

function withMerged(source: Source, merged: ReadonlyMap<string, Col>): Source {
  const here = [...merged].filter(
    ([name]) => !source.hidden.has(name) && columnNamed(source.relation, name) !== undefined,
  );
  return here.length === 0 ? source : { ...source, merged: new Map([...source.merged, ...here]) };
}

function withHidden(source: Source, merged: ReadonlyMap<string, Col>): Source {
  return merged.size === 0 ? source : { ...source, hidden: new Set([...source.hidden, ...merged.keys()]) };
}
