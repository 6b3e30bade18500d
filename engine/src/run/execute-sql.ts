import { Fault, isFault, quoteIdentifier, relationName } from '@datacraft/shared';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { scanWritten } from '../iceberg/scan.ts';
import { incrementalWrite } from '../materialize/incremental.ts';
import type { Publication } from '../publish/publish.ts';
import type { ReadChain, Scan } from '../read/read-chain.ts';
import { readChain } from '../read/read-chain.ts';
import { placed } from '../query/place.ts';
import type { Readable } from './context.ts';
import type { TaskContext } from './execute.ts';
import { ExpectationFault } from './expectation-fault.ts';
import { judgeCell, refusalMessage, stageSelect } from './task.ts';
import { viewDefinition } from './view-definition.ts';
import { VIEW_PREFIX } from './warehouse.ts';

/** Runs a sql cell up to a staged, judged result. */
export async function executeSql(cell: SqlCell, task: TaskContext): Promise<Publication> {
  if (cell.relation === null) throw new Error(`cell ${cell.name} has no relation`);
  if (cell.materialize === 'view') return executeView(cell, task);
  const opened = await openUpstream(cell, task);
  const chain = chainOf(cell, opened, task);
  const current = cell.materialize === 'incremental' ? await currentState(cell, task) : null;
  const session = await task.openSession([
    ...chain.files,
    ...[...opened.values()].flatMap((each) => each.files),
    ...(current?.files ?? []),
  ]);
  await defineChain(session, chain, opened);
  const work: SqlWork = { cell, relation: cell.relation, task, session, chain, current };
  try {
    return await stageJudged(work);
  } catch (error) {
    throw atItsPlace(error, cell, chain);
  }
}

interface SqlWork {
  readonly cell: SqlCell;
  readonly relation: NonNullable<SqlCell['relation']>;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly chain: ReadChain;
  readonly current: Readable | null;
}

/** Stages the rows, judges them, and stages anew without those that rules set aside. */
async function stageJudged(work: SqlWork): Promise<Publication> {
  const { cell, relation, task, session, chain } = work;
  const written = await stageSelect(session, relation, chain.select, 'overwrite', task);
  await session.run(`create view "__judged" as ${scanWritten(written)}`);
  const judgement = await judgeCell(session, cell, '"__judged"', task.deps);
  if (!judgement.mayPublish) throw new ExpectationFault(judgement.checks, refusalMessage(judgement.checks));
  const kept = judgement.split ? `(${judgement.split.keep})` : '"__judged"';
  const staged =
    work.current !== null || cell.materialize === 'incremental'
      ? await stageIncremental(work, kept)
      : judgement.split
        ? await stageSelect(session, relation, judgement.split.keep, 'overwrite', task)
        : written;
  const quarantine = judgement.split?.quarantine
    ? await stageSelect(
        session,
        { ...relation, name: `${relation.name}_quarantine` },
        withRun(judgement.split.quarantine, task),
        'overwrite',
        task,
      )
    : null;
  const keptRows = judgement.split ? await countRows(session, kept) : written.rows;
  return {
    ref: relation,
    cell: cell.name,
    kind: 'table',
    staged,
    side: quarantine ? [quarantine] : [],
    definition: { meaning: cell.meaning },
    fingerprint: task.fingerprint,
    upstream: task.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: written.rows - keptRows,
    checks: judgement.checks,
  };
}

async function stageIncremental(work: SqlWork, kept: string) {
  const { cell, relation, task, session, current } = work;
  await session.run(`create view "__incoming" as select * from ${kept}`);
  if (current) await session.run(`create view "__current" as ${current.scan}`);
  const columns = await session.describe('select * from "__incoming"');
  const write = incrementalWrite(cell.spec, '"__incoming"', current ? '"__current"' : null, columns);
  return stageSelect(session, relation, write.select, write.mode, task);
}

async function countRows(session: DuckSession, relation: string): Promise<number> {
  const page = await session.rows(`select count(*) from ${relation}`);
  return Number(page.rows[0]?.[0] ?? 0);
}

function withRun(select: string, task: TaskContext): string {
  return `select *, '${task.runId}' as _run_id from (${select})`;
}

/** The published rows an incremental cell adds to: none on a full refresh and when its text has changed. */
async function currentState(cell: SqlCell, task: TaskContext): Promise<Readable | null> {
  if (task.options.fullRefresh || cell.spec.refresh === 'full' || cell.relation === null) return null;
  const published = task.known.published.get(relationName(cell.relation));
  if (published?.definition?.meaning !== cell.meaning) return null;
  return task.readableTable(cell.relation);
}

/** Everything the cell reads, also through cells that are inlined and for `relationships` rules, by `layer.name`. */
async function openUpstream(cell: SqlCell, task: TaskContext): Promise<Map<string, Readable>> {
  const opened = new Map<string, Readable>();
  const seen = new Set<string>();
  const todo = [...cell.dependsOn];
  const tables = [...cell.tables];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const upstream = task.graph.cells.get(name);
    if (!upstream || seen.has(name)) continue;
    seen.add(name);
    const isStored = upstream.materialize === 'table' || upstream.materialize === 'incremental';
    const readable = isStored ? await task.readable(name) : null;
    if (readable) opened.set(relationName(readable.ref), readable);
    else {
      todo.push(...upstream.dependsOn);
      tables.push(...upstream.tables);
    }
  }
  for (const ref of tables) {
    const readable = await task.readableTable(ref);
    if (readable) opened.set(relationName(ref), readable);
  }
  return opened;
}

function chainOf(cell: SqlCell, opened: ReadonlyMap<string, Scan>, task: TaskContext): ReadChain {
  return readChain(task.graph, cell.name, {
    params: task.options.params,
    today: task.deps.now().toISOString().slice(0, 10),
    published: (relation) => (relation === ownRelation(cell) ? null : (opened.get(relation) ?? null)),
    trustStored: true,
  });
}

function ownRelation(cell: SqlCell): string {
  return cell.relation ? relationName(cell.relation) : '';
}

/** Defines the chain's views, and those that only `relationships` rules look at. */
async function defineChain(
  session: DuckSession,
  chain: ReadChain,
  opened: ReadonlyMap<string, Readable>,
): Promise<void> {
  for (const { name, value, type } of chain.variables) await session.setVariable(name, value, type);
  for (const view of chain.views) await session.run(view.sql);
  const defined = new Set(chain.views.map((view) => view.name));
  for (const readable of opened.values()) {
    const layer = quoteIdentifier(readable.ref.layer);
    const bare = quoteIdentifier(readable.ref.name);
    if (!defined.has(bare)) await session.run(`create view if not exists ${bare} as (${readable.scan})`);
    await session.run(
      `create schema if not exists ${layer}; create view if not exists ${layer}.${bare} as (${readable.scan})`,
    );
  }
}

async function executeView(cell: SqlCell, task: TaskContext): Promise<Publication> {
  if (cell.relation === null) throw new Error(`cell ${cell.name} has no relation`);
  const opened = await openUpstream(cell, task);
  const definition = viewDefinition(task.graph, cell, opened);
  const session = await task.openSession([...opened.values()].flatMap((each) => each.files));
  for (const readable of opened.values()) {
    await session.run(
      `create view ${quoteIdentifier(`${VIEW_PREFIX}${relationName(readable.ref)}`)} as (${readable.scan})`,
    );
  }
  try {
    const columns = await session.describe(definition.select);
    const rows = await countRows(session, `(${definition.select})`);
    return {
      ref: cell.relation,
      cell: cell.name,
      kind: 'view',
      staged: null,
      side: [],
      definition: { ...definition, meaning: cell.meaning },
      fingerprint: task.fingerprint,
      upstream: task.upstream,
      columns,
      rows,
      rejected: 0,
      checks: [],
    };
  } catch (error) {
    throw atItsPlace(error, cell, chainOf(cell, opened, task));
  }
}

/** Puts line and column of the cell's own text on an engine error. */
function atItsPlace(error: unknown, cell: SqlCell, chain: ReadChain): unknown {
  const known = cell.sql === null ? error : placed(error, cell.sql, chain);
  return isFault(known, 'query-failed')
    ? new Fault(known.code, known.message, { ...known.facts, cell: cell.name }, { cause: known })
    : known;
}
