import type { Flow } from './flow.ts';
import { deciding, nothing, through, union } from './flow.ts';
import { flowOf } from './expression.ts';
import { nameOf } from './expression-name.ts';
import type { Col, Relation } from './relation.ts';
import { same } from './relation.ts';
import type { Env } from './scope.ts';
import { starColumns } from './star.ts';
import type { Node } from './tree.ts';
import { childrenOf, nodeOf, nodesOf, textOf, textsOf, valueText } from './tree.ts';

/** Rows as columns, or columns as rows. */
export function pivoted(node: Node, columns: readonly Col[], env: Env): Relation {
  return textsOf(node['unpivot_names']).length > 0 ? unpivot(node, columns, env) : pivot(node, columns, env);
}

function pivot(node: Node, columns: readonly Col[], env: Env): Relation {
  const aggregates = nodesOf(node['aggregates']);
  const pivots = nodesOf(node['pivots']);
  const keys = pivots.flatMap((each) => nodesOf(each['pivot_expressions']));
  const groups = groupsOf(node, columns, [...aggregates, ...keys]);
  const chosen = deciding(union(keys.map((key) => flowOf(key, env))), 'filter');
  const made = combinations(pivots, env).flatMap((combination) =>
    aggregates.map((aggregate) => ({
      name: nameOfPivot(combination, aggregate, aggregates.length),
      flow: union([through(flowOf(aggregate, env), 'aggregate'), chosen]),
      type: null,
    })),
  );
  return { columns: [...groups, ...made], rows: deciding(union(groups.map(({ flow }) => flow)), 'group'), open: [] };
}

/** GROUP BY, or every column that no aggregate and no pivot names. */
function groupsOf(node: Node, columns: readonly Col[], used: readonly Node[]): readonly Col[] {
  const named = textsOf(node['groups']);
  if (named.length > 0) return named.flatMap((name) => columns.filter((column) => same(column.name, name)));
  const taken = new Set(used.flatMap(namesIn));
  return columns.filter(({ name }) => !taken.has(name.toLowerCase()));
}

function namesIn(node: Node): readonly string[] {
  const own = textsOf(node['column_names']).at(-1);
  return [...(own === undefined ? [] : [own.toLowerCase()]), ...childrenOf(node).flatMap(namesIn)];
}

function combinations(pivots: readonly Node[], env: Env): readonly string[] {
  return pivots.reduce<readonly string[]>(
    (before, each) => {
      const entries = nodesOf(each['entries']);
      if (entries.length === 0) env.context.gaps.add('a PIVOT without a list of values: its columns are not known');
      return before.flatMap((start) =>
        entries.map((entry) => [...(start === '' ? [] : [start]), entryName(entry)].join('_')),
      );
    },
    [''],
  );
}

function entryName(entry: Node): string {
  const values = nodesOf(entry['values']).map((value) => valueText(value) ?? 'NULL');
  return textOf(entry['alias']) || values.join('_');
}

function nameOfPivot(combination: string, aggregate: Node, count: number): string {
  const alias = textOf(aggregate['alias']);
  if (count === 1 && alias === '') return combination;
  return `${combination}_${alias || nameOf(aggregate)}`;
}

function unpivot(node: Node, columns: readonly Col[], env: Env): Relation {
  const values = textsOf(node['unpivot_names']);
  const [first] = nodesOf(node['pivots']);
  const entries = nodesOf(first?.['entries']).flatMap((entry) => entryColumns(entry, columns, env));
  const taken = new Set(entries.flat().map(({ name }) => name.toLowerCase()));
  const others = columns.filter(({ name }) => !taken.has(name.toLowerCase()));
  const names = textsOf(first?.['unpivot_names']).map((name) => ({ name, flow: nothing, type: null }));
  const made = values.map((name, at) => ({ name, flow: valueFlow(entries, at), type: null }));
  const all = union(entries.flat().map(({ flow }) => flow));
  const rows = node['include_nulls'] === true ? nothing : deciding(all, 'filter');
  return { columns: [...others, ...names, ...made], rows, open: [] };
}

/** The columns that make one row of an entry; a star makes one entry of each column. */
function entryColumns(entry: Node, columns: readonly Col[], env: Env): readonly (readonly Col[])[] {
  const star = nodeOf(entry['star_expr']) ?? nodeOf(entry['expr']);
  if (star !== null) return starColumns(star, env).map((column) => [column]);
  const wanted = nodesOf(entry['values']).map((value) => valueText(value) ?? '');
  return [wanted.flatMap((name) => columns.filter((column) => same(column.name, name)))];
}

function valueFlow(entries: readonly (readonly Col[])[], at: number): Flow {
  return union(entries.map((entry) => entry[at]?.flow ?? nothing));
}
