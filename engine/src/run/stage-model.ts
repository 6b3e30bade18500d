import type { Column, RelationRef, CurrentRows, ModelKind, ModelWrite } from '@datacraft/shared';
import {
  Fault,
  partitionsOf,
  quoteIdentifier,
  relationName,
  say,
  addedColumns,
  clashingColumns,
  columnList,
  dimensionFactsOf,
  keyedRows,
  modelSelect,
  requiredColumns,
} from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { StagedTable } from '../iceberg/table.ts';
import type { Readable } from './context.ts';
import type { TaskContext } from './execute.ts';
import { stageSelect } from './task.ts';
import type { Upstream } from './upstream.ts';

export interface ModelWork {
  readonly cell: SqlCell;
  readonly keep: ModelKind;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly upstream: Upstream;
  /** The published rows, whatever the text of the cell was then. */
  readonly current: Readable | null;
}

/** Stages the table of a dimension, fact, hub, link or satellite; `left` rows have no business key and are not in it. */
export async function stageModel(work: ModelWork, kept: string): Promise<{ staged: StagedTable; left: number }> {
  const { cell, keep, relation, task, session, upstream } = work;
  const required = requiredColumns(keep, cell.spec);
  await session.run(`create view "__incoming" as ${keyedRows(kept, required)}`);
  const columns = await session.describe('select * from "__incoming"');
  refuseClash(work, columns);
  await refuseUnordered(work);
  const write: ModelWrite = {
    name: cell.name,
    keep,
    spec: cell.spec,
    incoming: '"__incoming"',
    current: await currentRows(work, columns),
    now: task.deps.now().toISOString(),
    recordSource: columns.some((column) => column.name === 'record_source') ? null : recordSourceOf(cell, task),
    dimension: (target) => dimensionIn(target, task, upstream),
  };
  const partitionBy = partitionsOf(cell.spec.partition_by);
  const staged = await stageSelect(session, relation, modelSelect(write), 'overwrite', task, { partitionBy });
  const left = required.length === 0 ? 0 : await countLeft(session, kept);
  return { staged, left };
}

function refuseClash({ cell, keep }: ModelWork, columns: readonly Column[]): void {
  const names = columns.map((column) => column.name);
  const [clash] = clashingColumns({ name: cell.name, keep, spec: cell.spec }, names);
  if (clash === undefined) return;
  throw new Fault(
    'bad-request',
    say("a {keep} adds the column `{clash}` itself: give the cell's own another name", { keep, clash }),
    {
      cell: cell.name,
    },
  );
}

/** Without its sequence a row has no place in the timeline. */
async function refuseUnordered({ cell, keep, session }: ModelWork): Promise<void> {
  const { scd, sequence_by: sequence } = cell.spec;
  if (keep !== 'satellite' && !(keep === 'dimension' && scd === 2)) return;
  if (sequence === undefined) return;
  const column = quoteIdentifier(sequence);
  const page = await session.rows(`select count(*) from "__incoming" where ${column} is null`);
  const rows = Number(page.rows[0]?.[0] ?? 0);
  if (rows === 0) return;
  const message = say(
    '{rows} rows have no `{sequence}`, so their place in time is not known: fill it, or set them aside with expect: not_null {sequence}, on_violation: quarantine',
    { rows, sequence },
  );
  throw new Fault('query-failed', message, { cell: cell.name });
}

/**
 * A dimension keeps what it knew whatever its text was, and on a full refresh its keys. A vault is append-only. A fact
 * of another text begins anew.
 */
async function currentRows(work: ModelWork, incoming: readonly Column[]): Promise<CurrentRows | null> {
  const { cell, keep, session, current, task, relation } = work;
  if (current === null) return null;
  const anew = task.options.fullRefresh || cell.spec.refresh === 'full';
  const isOther = task.known.published.get(relationName(relation))?.definition?.meaning !== cell.meaning;
  if (keep !== 'dimension' && (anew || (keep === 'fact' && isOther))) return null;
  for (const { sql } of current.setup ?? []) await session.run(sql);
  await session.run(`create view "__current" as ${current.scan}`);
  const stored = new Set((await session.describe('select * from "__current"')).map((column) => column.name));
  const needed = [...addedColumns(cell.name, keep, cell.spec), ...columnList(cell.spec.unique_key)];
  if (keep === 'dimension' && needed.some((column) => !stored.has(column))) return null;
  const columns = incoming.map((column) => column.name).filter((name) => stored.has(name));
  return { relation: '"__current"', columns, keysOnly: anew };
}

function recordSourceOf(cell: SqlCell, { graph }: TaskContext): string {
  if (cell.spec.record_source !== undefined) return cell.spec.record_source;
  const cells = cell.dependsOn.map((name) => {
    const relation = graph.cells.get(name)?.relation;
    return relation ? relationName(relation) : name;
  });
  return [...cells, ...cell.tables.map(relationName)].join(', ') || cell.name;
}

function dimensionIn(target: string, { graph }: TaskContext, { opened }: Upstream) {
  const own = graph.cells.get(target) ?? [...graph.cells.values()].find((cell) => nameOf(cell.relation) === target);
  if (isSelectCell(own)) return dimensionFactsOf(own.spec) ?? null;
  return opened.get(target)?.dimension ?? null;
}

function nameOf(relation: RelationRef | null): string | null {
  return relation === null ? null : relationName(relation);
}

async function countLeft(session: DuckSession, kept: string): Promise<number> {
  const page = await session.rows(`select (select count(*) from ${kept}) - (select count(*) from "__incoming")`);
  return Number(page.rows[0]?.[0] ?? 0);
}
