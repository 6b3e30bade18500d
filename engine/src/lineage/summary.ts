import { nothing, through } from './flow.ts';
import type { Relation } from './relation.ts';
import { allColumns, noRelation } from './relation.ts';
import type { Node } from './tree.ts';
import { textOf } from './tree.ts';

const described = ['column_name', 'column_type', 'null', 'key', 'default', 'extra'];
const summarized = 'column_name column_type min max approx_unique avg std q25 q50 q75 count null_percentage'.split(' ');

/** DESCRIBE tells nothing of the rows; SUMMARIZE reads every column for each of its numbers. */
export function summaryOf(node: Node, of: Relation): Relation {
  const isSummary = textOf(node['show_type']) === 'SUMMARY';
  const all = through(allColumns(of), 'aggregate');
  const isFixed = (name: string) => name === 'column_name' || name === 'column_type';
  const columns = (isSummary ? summarized : described).map((name) => ({
    name,
    type: null,
    flow: isSummary && !isFixed(name) ? all : nothing,
  }));
  return { ...noRelation, columns, rows: isSummary ? of.rows : nothing };
}
