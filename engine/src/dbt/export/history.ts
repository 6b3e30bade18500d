import type { Json } from '@datacraft/shared';
import {
  quoteIdentifier,
  addedColumns,
  columnList,
  keyedRows,
  quotedList,
  requiredColumns,
  surrogateKey,
} from '@datacraft/shared';
import type { SqlCell } from '../../compile/graph.ts';
import { refTo } from './names.ts';
import type { ProjectContext } from './project.ts';
import type { Shapes } from './shape.ts';
import { note } from './note.ts';

const THIS = '"__this"';
const HISTORY = '"__history"';
const plainName = /^[a-z_][a-z0-9_]*$/;

/** A dimension of versions: its rows, a snapshot of them, and the dimension over it under surrogate keys that stay. */
export function historyShapes(
  cell: SqlCell,
  kept: string,
  more: Readonly<Record<string, Json>>,
  context: ProjectContext,
): Shapes {
  const { name, spec } = cell;
  const rowsName = freeName(`${name}_rows`, context);
  const history = freeName(`${name}_history`, context);
  const keys = columnList(spec.unique_key);
  const layer = cell.relation?.layer ?? 'silver';
  const own = { __this: '{{ this }}', __history: refTo(history), __rows_of: refTo(rowsName) };
  const base = { kind: 'model' as const, when: null, next: null, own };
  const rows = `with "__written" as (\n${kept}\n)\n${keyedRows('"__written"', requiredColumns('dimension', spec))}`;
  return {
    shapes: [
      { ...base, name: rowsName, config: { materialized: 'ephemeral', ...more }, first: rows },
      {
        ...base,
        name: history,
        kind: 'snapshot',
        config: { schema: layer, unique_key: keys, ...strategyOf(cell, keys, context) },
        first: latest(keys, spec.sequence_by),
      },
      {
        ...base,
        name,
        config: { materialized: 'table', ...more },
        first: dimension(name, keys, false),
        when: 'is_kept()',
        next: dimension(name, keys, true),
      },
    ],
    notes: [note(name, SNAPSHOT)],
  };
}

const SNAPSHOT =
  'is a dbt snapshot with a model over it: a snapshot sees one row of a key in each `dbt build`, so of several versions that come at once the newest is kept, and a version that comes late is not put between two others';

function freeName(name: string, { graph }: ProjectContext): string {
  let free = name;
  while (graph.cells.has(free)) free = `${free}_`;
  return free;
}

/** A version begins when something other than the sequence differs, at the sequence of the row. */
function strategyOf(
  { name, spec, relation }: SqlCell,
  keys: readonly string[],
  { columns }: ProjectContext,
): Readonly<Record<string, Json>> {
  const sequence = spec.sequence_by;
  const known = (columns.get(`${relation?.layer ?? ''}.${name}`) ?? []).map((column) => column.name);
  const quiet = new Set([
    ...addedColumns(name, 'dimension', spec),
    ...keys,
    ...(sequence === undefined ? [] : [sequence]),
  ]);
  const said = known.filter((column) => !quiet.has(column));
  const checked = said.length > 0 && said.every((column) => plainName.test(column)) ? said : 'all';
  return { strategy: 'check', check_cols: checked, ...(sequence === undefined ? {} : { updated_at: sequence }) };
}

function latest(keys: readonly string[], sequence: string | undefined): string {
  const order = sequence === undefined ? '' : `${quoteIdentifier(sequence)} desc nulls last, `;
  return `select * from "__rows_of" as "__seen"
qualify row_number() over (partition by ${quotedList(keys)} order by ${order}hash("__seen")) = 1`;
}

function dimension(name: string, keys: readonly string[], isKept: boolean): string {
  const key = quoteIdentifier(surrogateKey(name));
  const by = [...keys.map(quoteIdentifier), 'valid_from'];
  const versions = `"__versions" as (
  select * exclude (dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to),
    dbt_valid_from as valid_from, dbt_valid_to as valid_to, dbt_valid_to is null as is_current
  from ${HISTORY}
)`;
  const given = `"__given" as (select ${by.join(', ')}, ${key} as "__key" from ${THIS} where ${key} <> -1)`;
  const same = by.map((column) => `"__versions".${column} = "__given".${column}`).join(' and ');
  const order = by.map((column) => `"__versions".${column}`).join(', ');
  const numbered = isKept
    ? `select coalesce("__key", (select coalesce(max("__key"), 0) from "__given")
      + row_number() over (partition by "__key" is null order by ${order})) as ${key}, "__versions".*
  from "__versions" left join "__given" on ${same}`
    : `select row_number() over (order by ${order}) as ${key}, * from "__versions"`;
  return `with ${[versions, ...(isKept ? [given] : [])].join(',\n')}, "__numbered" as (
  ${numbered}
)
select ${key}, * exclude (${key}, valid_from, valid_to, is_current), valid_from, valid_to, is_current from (
  select * from "__numbered"
  union all by name select cast(-1 as bigint) as ${key}, true as is_current
)`;
}
