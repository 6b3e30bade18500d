/**
 * A cell that is made of a stream commit by commit.
 *
 * Y1  After every commit its table is what its text makes of all rows of its streams that were not late; with
 *     `output: final`, the part of it that no row in time can change any more, each row added once.
 * Y2  A row is late when its time is before the bound that the commit began with; late rows lie in `<name>_late`, each once.
 * Y3  What it goes on from (`<name>_state`, and what is remembered with its table) is published with its rows. When that is
 *     of another text, or rows of a stream were missed, it is made anew of all rows.
 */
import type { Column } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import { canonicalJson } from '../../compile/meaning.ts';
import type { DuckSession } from '../../duckdb/session.ts';
import type { StagedTable } from '../../iceberg/table.ts';
import type { Publication } from '../../publish/publish.ts';
import { placed } from '../../query/place.ts';
import type { StreamMemory } from '../../store/stream-memory.ts';
import type { TaskContext } from '../execute.ts';
import type { KeptRows } from '../keep-rows.ts';
import { keepRows } from '../keep-rows.ts';
import { definitionOf } from '../judged.ts';
import { defineUpstream, filesOf, openUpstream } from '../upstream.ts';
import { stageAdded } from './stage-added.ts';
import { stageTimed } from './stage-timed.ts';
import type { FedStream, Feeding, StreamingCell } from './feeding.ts';
import { feedingOf } from './feeding.ts';
import { tablesOf } from './statements.ts';

export interface StreamingWork {
  readonly cell: StreamingCell;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly feeding: Feeding;
  /** Computes the rows of the cell over those of its streams, of those the ones that `where` lets through, and judges them. */
  make(where?: (columns: readonly Column[]) => string): Promise<KeptRows>;
}

/** What a way of making leaves to be published. */
export interface StreamedRows extends KeptRows {
  readonly staged: StagedTable;
  readonly side: readonly StagedTable[];
  readonly memory: Omit<StreamMemory, 'shape' | 'read'>;
}

export async function executeStreaming(cell: StreamingCell, task: TaskContext): Promise<Publication> {
  const feeding = await feedingOf(cell, task);
  const upstream = await openUpstream(cell, { ...task, readable: (ref) => readableOf(ref, feeding, task) });
  const table = feeding.memory === null ? null : await task.readable(cell.relation);
  const fed = [feeding.state, table, ...feeding.streams.map(({ incoming }) => incoming)];
  const session = await task.openSession([...filesOf(upstream), ...fed.flatMap((each) => each?.files ?? [])]);
  const make: StreamingWork['make'] = async (where) => {
    await defineUpstream(session, upstream, task);
    const { select, toOriginal } = upstream.chain;
    try {
      const columns = await session.describe(select);
      const filter = where === undefined ? '' : ` where ${where(columns)}`;
      await session.run(`create table ${MADE} as select * from (${select}\n)${filter}`);
      return await keepRows({ cell, relation: cell.relation, task, session }, columns);
    } catch (error) {
      throw placed(error, { sql: select, text: cell.sql ?? '', cell: cell.name, toOriginal });
    }
  };
  const work = { cell, task, session, feeding, make };
  const rows = await (cell.streaming.kind === 'rows' ? stageRows(work) : stageTimed(work, cell.streaming, table));
  return publicationOf(work, rows);
}

const MADE = '"__judged"';

/** The cell's text reads the rows in the session where it names a stream. */
function readableOf(ref: FedStream['ref'], { streams }: Feeding, task: TaskContext) {
  const index = streams.findIndex((each) => relationName(each.ref) === relationName(ref));
  return index < 0
    ? task.readable(ref)
    : Promise.resolve({ ref, scan: `select * from ${tablesOf(index).rows}`, files: [] });
}

async function stageRows(work: StreamingWork): Promise<StreamedRows> {
  const { session, feeding, make } = work;
  const [stream] = feeding.streams;
  if (stream?.incoming) await session.run(`create view ${tablesOf(0).rows} as ${stream.incoming.scan}`);
  const kept = await make();
  const { staged, quarantine } = await stageAdded(work, kept);
  const memory = { times: {}, boundUs: null, open: null, stateRows: 0, late: 0 };
  return { ...kept, staged, side: quarantine, memory };
}

function publicationOf({ cell, task, feeding }: StreamingWork, rows: StreamedRows): Publication {
  const { staged, side, judgement } = rows;
  const memory: StreamMemory = {
    ...rows.memory,
    shape: canonicalJson(cell.streaming),
    read: Object.fromEntries(feeding.streams.map(({ name, fingerprint }) => [name, fingerprint])),
  };
  const published = task.known.published.get(relationName(cell.relation));
  return {
    ref: cell.relation,
    cell: cell.name,
    kind: 'table',
    staged,
    added: staged.rows,
    basedOn: feeding.memory === null ? undefined : (published?.snapshotId ?? null),
    side,
    definition: { ...definitionOf(cell), stream: memory },
    fingerprint: task.fingerprint,
    upstream: task.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: judgement.removed,
    checks: judgement.checks,
  };
}
