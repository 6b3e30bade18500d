import type { Said, SourceSpec, Words } from '@datacraft/shared';
import { relationName, say } from '@datacraft/shared';
import type { CompiledCell } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import type { ExportNote, ProjectContext } from './project.ts';
import { isEnforced } from './properties.ts';
import { note } from './note.ts';

/** What dbt has no word for, cell by cell. What changes how a model is kept is said where the model is made. */
export function cellNotes(context: ProjectContext): ExportNote[] {
  const { notebook, graph } = context;
  const whole: [string, string][] = [
    ['schedule', 'its schedule is not in the project: dbt has none, start `dbt build` by what runs your jobs'],
    ['layout', 'the arrangement of its dashboard is not in the project; its charts are listed as an exposure'],
    ['layer_policy', 'its layer policy is not in the project: dbt does not check which layer reads which'],
  ];
  return [
    ...whole.flatMap(([key, words]) => (notebook.meta[key] === undefined ? [] : [note(null, words)])),
    ...[...context.outside].flatMap(([name, { cell, rows }]) =>
      cell === null
        ? [
            note(
              null,
              say('reads {name}, which is not of this notebook: {how}', {
                name,
                how: howRows(rows?.kind ?? null, name),
              }),
            ),
          ]
        : [],
    ),
    ...[...graph.cells.values()].flatMap((cell) => notesOf(cell, context).map((words) => note(cell.name, words))),
  ];
}

function notesOf(cell: CompiledCell, context: ProjectContext): Words[] {
  if (cell.kind === 'chart')
    return [
      say('is a {type} chart: dbt draws nothing, it is listed in models/_exposures.yml', { type: cell.spec.type }),
    ];
  if (cell.kind === 'input') return [];
  if (isSelectCell(cell)) return [...modelNotes(cell)];
  const rows = cell.relation === null ? null : (context.outside.get(relationName(cell.relation))?.rows ?? null);
  if (cell.kind === 'model')
    return [say('learns a model, which dbt cannot: {how}', { how: howRows(rows?.kind ?? null, cell.name) })];
  if (cell.kind === 'source') return [sourceWords(cell.spec, howRows(rows?.kind ?? null, cell.name))];
  return [];
}

function sourceWords({ type, rejects }: SourceSpec, how: Said): Said {
  return rejects === 'table'
    ? say('is a {type} source, which dbt does not load, its rejected rows are left out: {how}', { type, how })
    : say('is a {type} source, which dbt does not load: {how}', { type, how });
}

function howRows(kind: 'seed' | 'parquet' | null, name: string): Said {
  if (kind === 'seed') return say('its rows as they were published are the seed {name}', { name });
  if (kind === 'parquet') return say('its rows as they were published are a Parquet file of the project');
  return say(
    'its rows are not in the project (it never ran, they are too many, or you may not read them): load the table before `dbt build`',
  );
}

function* modelNotes(cell: CompiledCell): Generator<Words> {
  if (!isSelectCell(cell)) return;
  const { spec } = cell;
  if (cell.kind === 'transform') yield 'has its steps as SQL';
  if (spec.partition_by !== undefined) yield 'partition_by is left out: tables of DuckDB have no partitions';
  if (spec.export !== undefined) yield 'what it sends elsewhere after a run (export) is not in the project';
  if (spec.refresh === 'incremental_strict')
    yield 'refresh: incremental_strict is left out: dbt does not forbid a full refresh';
  if (spec.contract !== undefined && !isEnforced(spec))
    yield say('its contract ({mode}) is documentation there: dbt only knows contracts that fail', {
      mode: spec.contract.mode ?? 'evolve',
    });
  for (const rule of spec.expect ?? []) {
    if ('distribution' in rule)
      yield say('its distribution of {column} is no test of the project: dbt remembers no results', {
        column: rule.distribution.column,
      });
    if ('sql' in rule) yield 'its expectation `sql` is no test of the project: write it there as a test in tests/';
    if ('mostly' in rule && rule.mostly !== undefined)
      yield say('mostly: {mostly} is left out: a test of dbt holds for every row', { mostly: rule.mostly });
    if ('freshness' in rule) yield 'its freshness is judged by the clock of DuckDB when dbt tests';
  }
}
