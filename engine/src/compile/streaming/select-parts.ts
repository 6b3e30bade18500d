import type { Words } from '@datacraft/shared';
import { aggregateFunctions } from './aggregates.ts';
import { NotStreamable } from './shape.ts';
import { below, isNode, type Node, nodesIn, placeIn, wordOf } from './tree.ts';

/** Expressions of a SELECT, without those of subqueries in them. */
function* expressionsOf(node: Node): Generator<Node> {
  const { select_list, where_clause, group_expressions, having, qualify, modifiers } = node;
  yield* below([select_list, where_clause, group_expressions, having, qualify, modifiers], isInner);
}

export function windowsOf(node: Node): Node[] {
  return [...expressionsOf(node)].filter((each) => each['class'] === 'WINDOW');
}

/** Where a group is made, the first place that says so. */
export function grouping(node: Node): Node | null {
  const aggregate = [...below([node['select_list'], node['having'], node['qualify']], isInner)].find(isAggregate);
  if (aggregate) return aggregate;
  const [group] = nodesIn(node['group_expressions']);
  return group ?? (node['aggregate_handling'] === 'FORCE_AGGREGATES' ? node : null);
}

export function isAggregated(item: Node): boolean {
  return [...below(item, isInner)].some((each) => isAggregate(each) || each['class'] === 'WINDOW');
}

function isAggregate(node: Node): boolean {
  return node['class'] === 'FUNCTION' && aggregateFunctions.has(wordOf(node['function_name']));
}

/** Not of this SELECT: a subquery, and what a window function is given. */
function isInner(node: Node): boolean {
  return node['class'] === 'SUBQUERY';
}

export function distinctOf(node: Node): Node | null {
  return nodesIn(node['modifiers']).find(({ type }) => type === 'DISTINCT_MODIFIER') ?? null;
}

/** What takes a part of all rows, which nobody knows of a stream. */
export function refuseParts(node: Node): void {
  const limit = nodesIn(node['modifiers']).find(
    ({ type }) => type === 'LIMIT_MODIFIER' || type === 'LIMIT_PERCENT_MODIFIER',
  );
  const at = placeIn(limit?.['limit']) ?? placeIn(limit?.['offset']);
  if (limit)
    throw new NotStreamable('LIMIT takes a part of all rows: take it in the cell or chart that reads this one', at);
  if (isNode(node['sample']))
    throw new NotStreamable('a sample is of all rows: take it in the cell that reads this one', null);
}

/** Refuses what makes rows of several rows. */
export function refuseMany(node: Node, message: Words): void {
  refuseParts(node);
  const many = grouping(node) ?? windowsOf(node)[0] ?? distinctOf(node);
  if (many) throw new NotStreamable(message, placeIn(many));
}
