import type { SourceSpec } from '@datacraft/shared';
import { Fault, isFault, relationName } from '@datacraft/shared';
import type { SourceCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { StagedTable, WriteMode } from '../iceberg/table.ts';
import type { Publication } from '../publish/publish.ts';
import { sourceAdapter } from '../source/adapter.ts';
import type { IdentifiedSource, OpenedSource, SourceContext } from '../source/source.ts';
import type { TaskContext } from './execute.ts';
import { lastRead } from './gather.ts';
import { withProvenance } from './provenance.ts';
import { stageSelect } from './task.ts';

/** Reads a source into a staged table, and its bad rows into `<name>_rejects` when the cell asks for that. */
export async function executeSource(
  cell: SourceCell,
  source: IdentifiedSource,
  task: TaskContext,
): Promise<Publication> {
  const adapter = sourceAdapter(cell.spec.type);
  const { relation } = cell;
  if (!adapter || relation === null)
    throw new Fault('unsupported', `sources of type ${cell.spec.type} cannot be read yet`);
  const context: SourceContext = {
    resolve: task.resolve,
    tempDir: task.dir,
    signal: task.signal,
    last: lastRead(cell, task.known.published, task.options),
    ...(task.deps.remote ? { remote: task.deps.remote } : {}),
  };
  const current = source.mode === 'merge' ? await task.readable(relation) : null;
  const session = await task.openSession([...source.files.map((file) => file.path), ...(current?.files ?? [])]);
  for (const { sql } of current?.setup ?? []) await session.run(sql);
  if (current) await session.run(`create view "__current" as ${current.scan}`);
  const mode = source.mode === 'append' ? 'append' : 'overwrite';
  const opened = await adapter.open(cell.spec, source, session, {
    ...context,
    ...(current ? { current: '"__current"' } : {}),
  });
  const staged = await explained(opened, () =>
    stageSelect(session, relation, withProvenance(opened.select, cell.spec, task.deps.now()), mode, task),
  );
  const rejects = opened.rejects === null ? null : await stageRejects(session, cell, opened.rejects, mode, task);
  if (mode === 'overwrite' && staged.rows === 0 && rejects !== null && rejects.rows > 0)
    throw await allRejected(session, rejects.rows, opened);
  const published = task.known.published.get(relationName(relation));
  return {
    ref: relation,
    cell: cell.name,
    kind: 'table',
    staged,
    basedOn: source.mode === 'append' || source.mode === 'merge' ? (published?.snapshotId ?? null) : undefined,
    side: rejects ? [rejects] : [],
    definition: { meaning: cell.meaning, source: { identity: source.identity, state: source.state ?? null } },
    fingerprint: task.fingerprint,
    upstream: task.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: rejects?.rows ?? 0,
    checks: [],
  };
}

/** A table that lost its last row to the rejects is no result but a source that is read wrongly. */
async function allRejected(session: DuckSession, count: number, { rejects }: OpenedSource): Promise<Fault> {
  const { rows } = await session.rows(`select file, line, reason from (${rejects ?? ''}) limit 1`);
  const [file, line, reason] = rows[0] ?? [];
  const first = `${String(file)}, line ${String(line)}: ${String(reason)}`;
  return new Fault(
    'source-rows-rejected',
    `none of ${count} rows could be read, so nothing was published and the last good table stays; first ${first}; look at delimiter, header and columns`,
    { file: String(file), fileLine: Number(line), reason: String(reason), rejected: count },
  );
}

/** Lets the source say why a pass over its rows failed: file, line, column and reason. */
async function explained<Result>(opened: OpenedSource, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw opened.explain ? await opened.explain(error) : error;
  }
}

async function stageRejects(
  session: DuckSession,
  cell: SourceCell,
  rejects: string,
  mode: WriteMode,
  task: TaskContext,
): Promise<StagedTable | null> {
  if (!keepsRejects(cell.spec) || cell.relation === null) return null;
  const ref = { layer: cell.relation.layer, name: `${cell.relation.name}_rejects` };
  return stageSelect(session, ref, rejects, mode, task);
}

function keepsRejects(spec: SourceSpec): boolean {
  return spec.rejects === 'table';
}

/** A source whose identity could not be read fails its own task with that fault. */
export function identifiedOrThrow(source: IdentifiedSource | Fault | undefined): IdentifiedSource {
  if (source === undefined) throw new Fault('internal', 'the source was not identified before its task');
  if (isFault(source)) throw source;
  return source;
}
