import {
  formatNotebook,
  newId,
  plainIdentifier,
  type Cell,
  type CellId,
  type JsonObject,
  type TableDoc,
} from '@datacraft/shared';
import { type Additive, isNumber } from './star.ts';

export interface DimensionDesign {
  /** Of its cell: `dim_customer`. */
  readonly name: string;
  /** The column of the table that names its member. */
  readonly key: string;
  readonly attributes: readonly string[];
  readonly scd: 0 | 1 | 2;
}

export interface StarDesign {
  readonly table: Pick<TableDoc, 'layer' | 'name'>;
  readonly fact: string;
  /** Columns that tell one row of the fact from another. */
  readonly grain: readonly string[];
  readonly measures: readonly { readonly column: string; readonly additive: Additive }[];
  readonly dimensions: readonly DimensionDesign[];
  /** Tells which of two rows of a member is the newer; needed for history. */
  readonly sequenceBy: string | null;
}

/** What a column most likely is, before somebody says: the table's own key, another thing's key, a figure, or nothing. */
export function guessedRole(
  table: Pick<TableDoc, 'name' | 'uniqueKey'>,
  { name, type }: { readonly name: string; readonly type: string },
): 'grain' | 'dimension' | 'additive' | '' {
  const own = ['id', `${table.name}_id`, `${table.name.replace(/s$/, '')}_id`];
  const isOwn = table.uniqueKey.length > 0 ? table.uniqueKey.includes(name) : own.includes(name);
  if (isOwn) return 'grain';
  if (name.endsWith('_id')) return 'dimension';
  return isNumber(type) ? 'additive' : '';
}

/** What a dimension is called by the column that names its member, beside others: `dim_client` of `client_id`. */
export function dimensionName(key: string, taken: readonly string[]): string {
  const word = key
    .toLowerCase()
    .replace(/_id$/, '')
    .replaceAll(/[^a-z0-9_]+/g, '_')
    .replace(/^_+/, '');
  const base = `dim_${word}`;
  for (let at = 1; ; at += 1) {
    const name = at === 1 ? base : `${base}_${at}`;
    if (!taken.includes(name)) return name;
  }
}

/** A notebook, in its text form, whose cells make the star from the table. */
export function starNotebook(design: StarDesign, title: string): string {
  const cells = [...design.dimensions.map((dimension) => dimensionCell(design, dimension)), factCell(design)];
  return formatNotebook({
    title,
    meta: {},
    cells: cells.map((cell, at) => ({ ...cell, id: newId<CellId>('cell'), order: `a${at}` })),
  });
}

type NewCell = Pick<Cell, 'kind' | 'name' | 'source' | 'config'>;

function dimensionCell({ table, sequenceBy }: StarDesign, dimension: DimensionDesign): NewCell {
  const { name, key, attributes, scd } = dimension;
  const columns = [key, ...attributes].map(plainIdentifier);
  const newest = sequenceBy === null ? columns.join(', ') : `${plainIdentifier(sequenceBy)} desc`;
  const kept =
    scd === 2 && sequenceBy !== null && !attributes.includes(sequenceBy)
      ? [...columns, plainIdentifier(sequenceBy)]
      : columns;
  const source =
    scd === 2
      ? `select distinct ${kept.join(', ')}\nfrom ${sourceOf(table)}\nwhere ${plainIdentifier(key)} is not null`
      : `select ${columns.join(', ')}\nfrom ${sourceOf(table)}\nwhere ${plainIdentifier(key)} is not null\nqualify row_number() over (partition by ${plainIdentifier(key)} order by ${newest}) = 1`;
  const config: JsonObject = {
    layer: 'gold',
    materialize: 'dimension',
    scd,
    unique_key: key,
    ...(scd === 2 && sequenceBy !== null ? { sequence_by: sequenceBy } : {}),
  };
  return { kind: 'sql', name, source, config };
}

/** Every look-up is also a rule: a fact without its member is told, not lost. */
function factCell({ table, fact, grain, measures, dimensions }: StarDesign): NewCell {
  const columns = [
    ...new Set([...grain, ...dimensions.map(({ key }) => key), ...measures.map(({ column }) => column)]),
  ];
  const config: JsonObject = {
    layer: 'gold',
    materialize: 'fact',
    dimensions: Object.fromEntries(dimensions.map(({ key, name }) => [key, name])),
    unique_key: grain.length === 1 ? (grain[0] ?? '') : [...grain],
    expect: [{ not_null: [...grain] }, { unique: [...grain] }],
    columns: Object.fromEntries(measures.map(({ column, additive }) => [column, { tags: [additive] }])),
  };
  return {
    kind: 'sql',
    name: fact,
    source: `select ${columns.map(plainIdentifier).join(', ')}\nfrom ${sourceOf(table)}`,
    config,
  };
}

function sourceOf({ layer, name }: Pick<TableDoc, 'layer' | 'name'>): string {
  return `${layer}.${plainIdentifier(name)}`;
}
