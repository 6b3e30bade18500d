import type { Flow } from './flow.ts';
import { deciding, union } from './flow.ts';
import { decidedBy, flowOf, flowOfTarget } from './expression.ts';
import { fromOf } from './from.ts';
import type { Relation } from './relation.ts';
import { allColumns, alsoRows, columnNamed, distinct, noRelation, renamed, same } from './relation.ts';
import type { Context, Env, Scope } from './scope.ts';
import { envOf, openOf } from './scope.ts';
import type { Item } from './select-list.ts';
import { itemsOf, unnested } from './select-list.ts';
import { setOperation } from './set-operation.ts';
import type { Node } from './tree.ts';
import { isNode, nodeOf, nodesOf, textOf, textsOf } from './tree.ts';

/** What a query gives: the columns of its answer, and what decides its rows. */
export function queryOf(node: Node | null, given: Context, outer: Scope): Relation {
  if (node === null) return noRelation;
  const context = withEntries(node, given, outer);
  switch (node['type']) {
    case 'SELECT_NODE':
      return selectOf(node, context, outer);
    case 'SET_OPERATION_NODE':
      return setOperationOf(node, context, outer);
    case 'RECURSIVE_CTE_NODE':
      return recursive(node, context, outer);
    default:
      context.gaps.add(`a ${textOf(node['type'])} is not followed`);
      return noRelation;
  }
}

/** A WITH entry sees those before it. */
function withEntries(node: Node, given: Context, outer: Scope): Context {
  let context = given;
  for (const entry of nodesOf(nodeOf(node['cte_map'])?.['map'])) {
    const value = nodeOf(entry['value']);
    const found = context.query(nodeOf(nodeOf(value?.['query'])?.['node']), context, outer);
    context = withEntry(context, textOf(entry['key']), renamed(found, textsOf(value?.['aliases'])));
  }
  return context;
}

function withEntry(context: Context, name: string, relation: Relation): Context {
  return { ...context, entries: new Map([...context.entries, [name.toLowerCase(), relation]]) };
}

function selectOf(node: Node, context: Context, outer: Scope): Relation {
  const from = fromOf(nodeOf(node['from_table']), context, outer);
  let scope: Scope = { sources: from.sources, aliases: new Map(), parent: outer };
  const items: Item[] = [];
  const many: Flow[] = [];
  for (const expression of nodesOf(node['select_list'])) {
    const env = envOf(context, scope);
    const made = itemsOf(expression, env);
    many.push(unnested(expression, env));
    items.push(...made);
    scope = withAliases(scope, made);
  }
  const env = envOf(context, scope);
  const rows = union([
    from.rows,
    deciding(union(many), 'join'),
    ...(['where_clause', 'having', 'qualify'] as const).map((key) =>
      deciding(flowOf(nodeOf(node[key]), env), 'filter'),
    ),
    deciding(union(groupsOf(node, items, env)), 'group'),
  ]);
  const isStar = nodesOf(node['select_list']).some((each) => each['type'] === 'STAR');
  const relation = { columns: items, rows, open: isStar ? openOf(scope) : [] };
  return modified(node, relation, env);
}

function withAliases(scope: Scope, items: readonly Item[]): Scope {
  const named = items.filter(({ isAlias }) => isAlias).map((item) => [item.name.toLowerCase(), item] as const);
  const fresh = named.filter(([name]) => !scope.aliases.has(name));
  return fresh.length === 0 ? scope : { ...scope, aliases: new Map([...scope.aliases, ...fresh]) };
}

function groupsOf(node: Node, items: readonly Item[], env: Env): readonly Flow[] {
  const written = nodesOf(node['group_expressions']).map((each) => flowOfTarget(each, items, env));
  if (node['aggregate_handling'] !== 'FORCE_AGGREGATES') return written;
  return [...written, ...items.filter((item) => !item.aggregates).map(({ flow }) => flow)];
}

/** DISTINCT, ORDER BY and LIMIT. */
function modified(node: Node, relation: Relation, env: Env): Relation {
  return nodesOf(node['modifiers']).reduce((before, modifier) => modifiedBy(modifier, before, env), relation);
}

function modifiedBy(modifier: Node, relation: Relation, env: Env): Relation {
  const target = (each: Node) => targetOf(each, relation, env);
  switch (modifier['type']) {
    case 'DISTINCT_MODIFIER': {
      const targets = nodesOf(modifier['distinct_on_targets']);
      return targets.length === 0
        ? distinct(relation)
        : alsoRows(relation, deciding(union(targets.map(target)), 'group'));
    }
    case 'ORDER_MODIFIER': {
      const orders = nodesOf(modifier['orders']).flatMap((order) => nodesOf([order['expression']]));
      return alsoRows(relation, deciding(union(orders.map(target)), 'sort'));
    }
    default:
      return alsoRows(relation, decidedBy([modifier['limit'], modifier['offset']].filter(isNode), 'filter', env));
  }
}

/** A name in ORDER BY is one of the answer first, then one of what is read. */
function targetOf(node: Node, relation: Relation, env: Env): Flow {
  if (node['class'] === 'STAR' && node['columns'] === true && nodeOf(node['expr']) === null)
    return allColumns(relation);
  const [name, second] = textsOf(node['column_names']);
  const named = name === undefined || second !== undefined ? undefined : columnNamed(relation, name);
  return named?.flow ?? flowOfTarget(node, relation.columns, env);
}

function setOperationOf(node: Node, context: Context, outer: Scope): Relation {
  const children = nodesOf(node['children']);
  const sides = (children.length > 0 ? children : nodesOf([node['left'], node['right']])).map((side) =>
    context.query(side, context, outer),
  );
  const relation = setOperation(textOf(node['setop_type']), node['setop_all'] === true, sides);
  const scope: Scope = { sources: [], aliases: new Map(), parent: outer };
  const source = { alias: '', schema: '', relation, hidden: new Set<string>(), merged: new Map() };
  return modified(node, relation, envOf(context, { ...scope, sources: [source] }));
}

const MOST_ROUNDS = 50;

/** The entry may read itself: edges are added until none is new. */
function recursive(node: Node, context: Context, outer: Scope): Relation {
  const name = textOf(node['cte_name']);
  const aliases = textsOf(node['aliases']);
  let found = renamed(context.query(nodeOf(node['left']), context, outer), aliases);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const step = context.query(nodeOf(node['right']), withEntry(context, name, found), outer);
    const next = setOperation('UNION', true, [found, step]);
    const isDone = sizeOf(next) === sizeOf(found);
    found = next;
    if (isDone) break;
  }
  const keys = nodesOf(node['key_targets']).flatMap((key) => {
    const column = found.columns.find((each) => same(each.name, textsOf(key['column_names']).at(-1) ?? ''));
    return column === undefined ? [] : [column.flow];
  });
  if (keys.length > 0) return alsoRows(found, deciding(union(keys), 'group'));
  return node['union_all'] === true ? found : distinct(found);
}

/** Edges only grow, and `how` only strengthens. */
function sizeOf(relation: Relation): number {
  const weight = (flow: Flow) =>
    [...flow.values()].reduce((sum, { how }) => sum + (how === 'aggregate' ? 3 : how === 'transform' ? 2 : 1), 0);
  return weight(relation.rows) + relation.columns.reduce((sum, { flow }) => sum + weight(flow), 0);
}
