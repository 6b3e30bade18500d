import { deciding, union } from './flow.ts';
import type { Relation } from './relation.ts';
import { allColumns, alsoRows, columnNamed, distinct, noRelation } from './relation.ts';

/** UNION, EXCEPT and INTERSECT of what their sides give. */
export function setOperation(type: string, isAll: boolean, sides: readonly Relation[]): Relation {
  const [first = noRelation, ...others] = sides;
  if (type === 'UNION_BY_NAME') return unlessAll(isAll, byName(sides));
  if (type === 'UNION') return unlessAll(isAll, byPosition(sides));
  const compared = deciding(union(sides.map(allColumns)), 'filter');
  return alsoRows(first, compared, ...others.map(({ rows }) => rows));
}

function unlessAll(isAll: boolean, relation: Relation): Relation {
  return isAll ? relation : distinct(relation);
}

function byPosition(sides: readonly Relation[]): Relation {
  const [first = noRelation] = sides;
  const columns = first.columns.map((column, at) => ({
    ...column,
    flow: union(sides.flatMap((side) => side.columns[at]?.flow ?? [])),
  }));
  return { columns, rows: union(sides.map(({ rows }) => rows)), open: sides.flatMap(({ open }) => open) };
}

function byName(sides: readonly Relation[]): Relation {
  const names = [
    ...new Map(sides.flatMap(({ columns }) => columns.map(({ name }) => [name.toLowerCase(), name]))).values(),
  ];
  const columns = names.map((name) => {
    const found = sides.flatMap((side) => columnNamed(side, name) ?? []);
    return { name: found[0]?.name ?? name, type: found[0]?.type ?? null, flow: union(found.map(({ flow }) => flow)) };
  });
  return { columns, rows: union(sides.map(({ rows }) => rows)), open: sides.flatMap(({ open }) => open) };
}
