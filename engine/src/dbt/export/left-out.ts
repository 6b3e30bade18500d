import type { SourceSpec } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { CompiledCell } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import type { ExportNote, ProjectContext } from './project.ts';
import { isEnforced } from './properties.ts';

/** What dbt has no word for, cell by cell. What changes how a model is kept is said where the model is made. */
export function cellNotes(context: ProjectContext): ExportNote[] {
  const { notebook, graph } = context;
  const whole: [string, string][] = [
    ['schedule', 'its schedule is not in the project: dbt has none, start `dbt build` by what runs your jobs'],
    ['layout', 'the arrangement of its dashboard is not in the project; its charts are listed as an exposure'],
    ['layer_policy', 'its layer policy is not in the project: dbt does not check which layer reads which'],
  ];
  return [
    ...whole.flatMap(([key, message]) => (notebook.meta[key] === undefined ? [] : [{ cell: null, message }])),
    ...[...context.outside].flatMap(([name, { cell, rows }]) =>
      cell === null
        ? [
            {
              cell: null,
              message: `reads ${name}, which is not of this notebook: ${howRows(rows?.kind ?? null, name)}`,
            },
          ]
        : [],
    ),
    ...[...graph.cells.values()].flatMap((cell) =>
      notesOf(cell, context).map((message) => ({ cell: cell.name, message })),
    ),
  ];
}

function notesOf(cell: CompiledCell, context: ProjectContext): string[] {
  if (cell.kind === 'chart')
    return [`is a ${cell.spec.type} chart: dbt draws nothing, it is listed in models/_exposures.yml`];
  if (cell.kind === 'input') return [];
  if (isSelectCell(cell)) return [...modelNotes(cell)];
  const rows = cell.relation === null ? null : (context.outside.get(relationName(cell.relation))?.rows ?? null);
  if (cell.kind === 'model') return [`learns a model, which dbt cannot: ${howRows(rows?.kind ?? null, cell.name)}`];
  if (cell.kind === 'source') return [`${sourceWords(cell.spec)}: ${howRows(rows?.kind ?? null, cell.name)}`];
  return [];
}

function sourceWords({ type, rejects }: SourceSpec): string {
  const aside = rejects === 'table' ? ', its rejected rows are left out' : '';
  return `is a ${type} source, which dbt does not load${aside}`;
}

function howRows(kind: 'seed' | 'parquet' | null, name: string): string {
  if (kind === 'seed') return `its rows as they were published are the seed ${name}`;
  if (kind === 'parquet') return 'its rows as they were published are a Parquet file of the project';
  return 'its rows are not in the project (it never ran, they are too many, or you may not read them): load the table before `dbt build`';
}

function* modelNotes(cell: CompiledCell): Generator<string> {
  if (!isSelectCell(cell)) return;
  const { spec } = cell;
  if (cell.kind === 'transform') yield 'has its steps as SQL';
  if (spec.partition_by !== undefined) yield 'partition_by is left out: tables of DuckDB have no partitions';
  if (spec.export !== undefined) yield 'what it sends elsewhere after a run (export) is not in the project';
  if (spec.refresh === 'incremental_strict')
    yield 'refresh: incremental_strict is left out: dbt does not forbid a full refresh';
  if (spec.contract !== undefined && !isEnforced(spec))
    yield `its contract (${spec.contract.mode ?? 'evolve'}) is documentation there: dbt only knows contracts that fail`;
  for (const rule of spec.expect ?? []) {
    if ('distribution' in rule)
      yield `its distribution of ${rule.distribution.column} is no test of the project: dbt remembers no results`;
    if ('sql' in rule) yield 'its expectation `sql` is no test of the project: write it there as a test in tests/';
    if ('mostly' in rule && rule.mostly !== undefined)
      yield `mostly: ${rule.mostly} is left out: a test of dbt holds for every row`;
    if ('freshness' in rule) yield 'its freshness is judged by the clock of DuckDB when dbt tests';
  }
}
