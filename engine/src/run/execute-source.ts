import type { RelationRef, SourceSpec } from '@datacraft/shared';
import { asSaid, Fault, isFault, relationName, say } from '@datacraft/shared';
import { reasonSaid } from '@datacraft/shared/portuguese';
import type { SourceCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { StagedTable, WriteMode } from '../iceberg/table.ts';
import type { Publication } from '../publish/publish.ts';
import { sourceAdapter } from '../source/adapter.ts';
import type { IdentifiedSource, OpenedSource, SourceAdapter, SourceContext } from '../source/source.ts';
import type { Definition } from '../store/relations.ts';
import type { RowCounts } from './bad-ratio.ts';
import { refuseTooBad } from './bad-ratio.ts';
import type { DraftedTable } from './draft.ts';
import type { TaskContext } from './execute.ts';
import { lastRead } from './gather.ts';
import { laneOutcomes } from './lane-outcome.ts';
import { withProvenance } from './provenance.ts';
import { placeOf } from './place-of.ts';
import { stageOn } from './stage-on.ts';
import { stageRejects } from './stage-rejects.ts';
import { stageSelect } from './task.ts';
import { progressOf } from './telling.ts';

/** Reads a source into a staged table, and its bad rows into `<name>_rejects` when the cell asks for that. */
export async function executeSource(
  cell: SourceCell,
  source: IdentifiedSource,
  task: TaskContext,
): Promise<Publication> {
  const adapter = sourceAdapter(cell.spec.type);
  const { relation } = cell;
  if (!adapter || relation === null)
    throw new Fault('unsupported', say('sources of type {type} cannot be read yet', { type: cell.spec.type }));
  const context: SourceContext = {
    resolve: task.resolve,
    tempDir: task.dir,
    signal: task.signal,
    tellRead: (read) => task.onProgress(progressOf(read)),
    last: lastRead(cell, task.known.published, task.options),
    ...(task.deps.remote ? { remote: task.deps.remote } : {}),
  };
  const published = task.known.published.get(relationName(relation));
  const isChanged = source.mode === 'append' && published?.definition?.meaning !== cell.meaning;
  const mode: WriteMode = source.mode === 'append' ? 'append' : 'overwrite';
  const isDrafted = source.mode !== 'merge' && !isChanged && !task.again;
  const whole = { cell, source, adapter, relation, mode, context, isChanged };
  const drafted = isDrafted ? ((await task.known.drafts?.get(cell.name)?.take(source, mode)) ?? null) : null;
  const read = await (drafted ? readDrafted(drafted, whole, task) : readWhole(whole, task));
  const { session, opened, staged, added } = read;
  const isAllGood = opened.whenAll?.rows === added;
  const judged = isAllGood && opened.whenAll ? { ...opened, rejects: opened.whenAll.rejects } : opened;
  const rejects = await stageRejects(session, cell, judged, mode, task);
  const isStream = task.options.goesOn !== undefined;
  const lanes = isStream && source.lanes ? await laneOutcomes(source.lanes, rejects, session) : null;
  await refuseBad({ cell, session, opened, staged, mode }, { good: added, bad: rejects.count }, task);
  return {
    ref: relation,
    cell: cell.name,
    kind: 'table',
    staged,
    added,
    basedOn: source.mode === 'append' || source.mode === 'merge' ? (published?.snapshotId ?? null) : undefined,
    ...(source.mode === 'append' ? { readFrom: context.last?.state ?? null } : {}),
    side: rejects.table ? [rejects.table] : [],
    ...(task.again ? { alsoBasedOn: task.again } : {}),
    definition: { meaning: cell.meaning, source: sourceDefinition(cell.spec, source) },
    fingerprint: task.fingerprint,
    upstream: task.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: rejects.count,
    ...(lanes ? { lanes } : {}),
    checks: [],
  };
}

interface Whole {
  readonly cell: SourceCell;
  readonly source: IdentifiedSource;
  readonly adapter: SourceAdapter;
  readonly relation: RelationRef;
  readonly mode: WriteMode;
  readonly context: SourceContext;
  /** It adds to rows that the cell read as it was before. */
  readonly isChanged: boolean;
}

/** The rows that were made while the others came. Where some are missing, the whole reading is opened for what is bad. */
async function readDrafted(
  { staged, opened }: DraftedTable,
  { cell, source, adapter, context }: Whole,
  task: TaskContext,
) {
  const drafted = { staged, added: staged.rows };
  if (opened) return { ...drafted, opened, session: () => task.openSession([]) };
  await source.join?.();
  const session = await task.openSession(source.files.map((file) => file.path));
  const whole = await adapter.open(cell.spec, source, session, context);
  return { ...drafted, opened: whole, session: () => Promise.resolve(session) };
}

/** All rows of a reading, opened in a session of the task. */
async function readWhole({ cell, source, adapter, relation, mode, context, isChanged }: Whole, task: TaskContext) {
  await source.join?.();
  const current = source.mode === 'merge' || isChanged ? await task.readable(relation) : null;
  const files = [...source.files.map((file) => file.path), ...(current?.files ?? []), ...(task.again?.files ?? [])];
  const session = await task.openSession(files);
  for (const { sql } of current?.setup ?? []) await session.run(sql);
  if (current) await session.run(`create view "__current" as ${current.scan}`);
  const opened = await adapter.open(cell.spec, source, session, {
    ...context,
    ...(current ? { current: CURRENT } : {}),
  });
  const select = withProvenance(opened.select, cell.spec, task.deps.now());
  const written = await explained(opened, async () => {
    if (isChanged && current) return stageOn(session, relation, select, CURRENT, task);
    const columns = select === opened.select ? opened.columns : undefined;
    const whole = await stageSelect(session, relation, select, mode, task, { columns });
    return { staged: whole, added: whole.rows };
  });
  return { ...written, opened, session: () => Promise.resolve(session) };
}

const CURRENT = '"__current"';

function sourceDefinition(spec: SourceSpec, { identity, state }: IdentifiedSource): NonNullable<Definition['source']> {
  const place = placeOf(spec);
  return { identity, state: state ?? null, ...(place === null ? {} : { place }) };
}

interface Read {
  readonly cell: SourceCell;
  readonly session: () => Promise<DuckSession>;
  readonly opened: OpenedSource;
  readonly staged: StagedTable;
  readonly mode: WriteMode;
}

/** Throws when so many rows are bad that nothing should be written. */
async function refuseBad(read: Read, counts: RowCounts, { options, again }: TaskContext): Promise<void> {
  const { cell, session, opened, staged, mode } = read;
  const isNothingGood = mode === 'overwrite' && staged.rows === 0 && counts.bad > 0;
  if (isNothingGood && options.goesOn === undefined) throw await allRejected(await session(), counts.bad, opened);
  if (again || cell.spec.max_bad_ratio === undefined || counts.bad === 0) return;
  const first = await firstRejected(await session(), opened);
  refuseTooBad(cell.spec, counts, options.goesOn?.before ?? { good: 0, bad: 0 }, first.said);
}

/** A table that lost its last row to the rejects is no result but a source that is read wrongly. */
async function allRejected(session: DuckSession, count: number, opened: OpenedSource): Promise<Fault> {
  const { file, line, reason, said } = await firstRejected(session, opened);
  return new Fault(
    'source-rows-rejected',
    say(
      'none of {count} rows could be read, so nothing was published and the last good table stays; first {said}; look at delimiter, header and columns',
      { count, said },
    ),
    { file, fileLine: line, reason, rejected: count },
  );
}

async function firstRejected(session: DuckSession, { rejects }: OpenedSource) {
  const { rows } = await session.rows(`select file, line, reason from (${rejects ?? ''}) limit 1`);
  const [file, line, reason] = rows[0] ?? [];
  const why = asSaid(reasonSaid(String(reason)));
  const said = say('{file}, line {line}: {why}', { file: String(file), line: String(line), why });
  return { file: String(file), line: Number(line), reason: String(reason), said };
}

/** Lets the source say why a pass over its rows failed: file, line, column and reason. */
async function explained<Result>(opened: OpenedSource, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw opened.explain ? await opened.explain(error) : error;
  }
}

/** A source whose identity could not be read fails its own task with that fault. */
export function identifiedOrThrow(source: IdentifiedSource | Fault | undefined): IdentifiedSource {
  if (source === undefined) throw new Fault('internal', 'the source was not identified before its task');
  if (isFault(source)) throw source;
  return source;
}
