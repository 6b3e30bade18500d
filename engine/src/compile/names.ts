import type { Cell, RelationRef, SqlSpec, Words } from '@datacraft/shared';
import { boundTypes, isLayer, nearest, relationName, say } from '@datacraft/shared';
import type { Graph } from './graph.ts';
import { sideTables } from './side-table.ts';

/** What a name in SQL or config means in this notebook. */
export type Meaning =
  | { readonly kind: 'cell'; readonly name: string }
  | { readonly kind: 'table'; readonly ref: RelationRef }
  /** Rows that a cell of this notebook sets aside: made with the cell. */
  | { readonly kind: 'side'; readonly cell: string; readonly ref: RelationRef }
  | { readonly kind: 'unknown'; readonly message: Words; readonly suggestion: string | null };

/** The names of a notebook: its cells, the relations they publish, and the parameters its inputs bind. */
export interface Names {
  /** Cells that have rows to read, by name. */
  readonly readable: ReadonlySet<string>;
  /** Name of the defining cell by `layer.name`. */
  readonly relations: ReadonlyMap<string, string>;
  /** Name of the cell that sets rows aside there, by `layer.name`. */
  readonly sides?: ReadonlyMap<string, string>;
  /** Name of the input cell by parameter. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Parameters that the run binds, in the text of one cell: see `withIntervals`. */
  readonly builtin?: ReadonlySet<string>;
  /** Kind of every named cell. */
  readonly kinds: ReadonlyMap<string, Cell['kind']>;
}

export function meaningOfName(names: Names, schema: string, name: string): Meaning {
  if (schema === '') return bareName(names, name);
  if (!isLayer(schema)) return unknownSchema(names, schema, name);
  const ref: RelationRef = { layer: schema, name };
  const cell = names.relations.get(relationName(ref));
  if (cell !== undefined) return { kind: 'cell', name: cell };
  const setAsideBy = names.sides?.get(relationName(ref));
  return setAsideBy === undefined ? { kind: 'table', ref } : { kind: 'side', cell: setAsideBy, ref };
}

function bareName(names: Names, name: string): Meaning {
  if (names.readable.has(name)) return { kind: 'cell', name };
  const kind = names.kinds.get(name);
  if (kind === 'input')
    return unknown(say('`{name}` is an input: write `${name}` for its value', { name }), `$${name}`);
  if (kind === 'chart')
    return unknown(say('`{name}` is a chart and has no rows to read: read from what the chart reads', { name }));
  if (kind === 'sql' || kind === 'transform')
    return unknown(say('`{name}` is empty: write its SELECT first', { name }));
  if (kind !== undefined) return unknown(say('`{name}` has no rows: mend its errors first', { name }));
  const published = [...names.relations.entries()].find(([relation]) => relation.endsWith(`.${name}`));
  const meant = nearest(name, [...names.readable, ...names.relations.keys()]) ?? published?.[0] ?? null;
  return unknown(
    say('no cell is called `{name}`; tables of other notebooks are written `layer.name`', { name }),
    meant,
  );
}

function unknownSchema(names: Names, schema: string, name: string): Meaning {
  const known = [...names.relations.keys(), ...['bronze', 'silver', 'gold'].map((layer) => `${layer}.${name}`)];
  const suggestion = names.readable.has(name) ? name : nearest(`${schema}.${name}`, known);
  return unknown(
    say('no layer is called `{schema}`; published tables are in bronze, silver and gold', { schema }),
    suggestion,
  );
}

function unknown(message: Words, suggestion: string | null = null): Meaning {
  return { kind: 'unknown', message, suggestion };
}

/** Reads `cell`, `layer.name` and, with a column, `cell.column` and `layer.name.column`. */
export function splitTarget(text: string): { schema: string; name: string } {
  const [first = '', second] = text.split('.');
  return isLayer(first) && second !== undefined ? { schema: first, name: second } : { schema: '', name: first };
}

/** The names of a compiled notebook: what a text that is being typed may mean by them. */
export function namesOfGraph(graph: Graph): Names {
  const cells = [...graph.cells.values()];
  return {
    readable: new Set(cells.flatMap((cell) => (cell.relation === null ? [] : [cell.name]))),
    relations: new Map(
      cells.flatMap((cell) => (cell.relation === null ? [] : [[relationName(cell.relation), cell.name]])),
    ),
    sides: new Map(cells.flatMap((cell) => sideTables(cell).map((ref) => [relationName(ref), cell.name]))),
    parameters: new Map(
      cells.flatMap((cell) =>
        cell.kind === 'input'
          ? Object.keys(boundTypes(cell.name, cell.spec)).map((name) => [name, cell.name] as const)
          : [],
      ),
    ),
    kinds: new Map(cells.map((cell) => [cell.name, cell.kind])),
  };
}

/** What a run binds in the text of a cell that records its intervals: the first instant that it makes, and the end. */
export const intervalParameters: ReadonlySet<string> = new Set(['interval_start', 'interval_end']);

/** The names as the text of this cell has them. An input of the same name goes first. */
export function withIntervals(names: Names, spec: SqlSpec): Names {
  const records = spec.materialize === 'incremental' && spec.time_column !== undefined && spec.start !== undefined;
  return records ? { ...names, builtin: intervalParameters } : names;
}
