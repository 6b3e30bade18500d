/**
 * Rows of a source cell that no run has published as it is described now: read from the source itself, up to a limit,
 * bad rows left out. Publishes nothing.
 */
import { createHash } from 'node:crypto';
import type { SourceSpec } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { Compiled, SourceCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { ResolveFiles } from '../run/context.ts';
import { sourceAdapter } from '../source/adapter.ts';
import { loadRelations } from '../store/relations.ts';
import { withSource } from './cell.ts';
import type { QueryDeps } from './query.ts';

export interface OpenSourceRows {
  readonly session: DuckSession;
  readonly select: string;
  readonly dir: string;
  /** Equal for as long as the rows would be the same. */
  readonly version: string;
}

/** The cell, when it is a readable source whose published rows, if any, are not those its form describes now. */
export async function unpublishedSource(
  compiled: Compiled,
  name: string,
  ownerKey: string,
  deps: Pick<QueryDeps, 'db'>,
): Promise<SourceCell | null> {
  const cell = compiled.graph.cells.get(name);
  if (cell?.kind !== 'source' || cell.relation === null || !cell.valid || cell.spec.type === 'table') return null;
  const known = (await loadRelations(deps.db, [cell.relation])).get(relationName(cell.relation));
  const isCurrent = known?.ownerKey === ownerKey && known.definition?.meaning === cell.meaning;
  return isCurrent ? null : cell;
}

export async function withSourceRows<Result>(
  cell: SourceCell,
  resolve: ResolveFiles,
  deps: QueryDeps,
  use: (open: OpenSourceRows) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const adapter = sourceAdapter(cell.spec.type);
  if (!adapter)
    throw new Fault('unsupported', say('sources of type {type} cannot be read yet', { type: cell.spec.type }));
  // Bad rows are for the run to report; here they only must not stand in the way.
  const spec = { ...cell.spec, rejects: 'table' } as SourceSpec;
  return withSource(
    spec,
    resolve,
    deps,
    async ({ session, identified, context }) => {
      const opened = await adapter.open(spec, identified, session, context);
      const version = createHash('sha256').update(`${cell.meaning}\n${identified.identity}`).digest('hex').slice(0, 32);
      try {
        return await use({ session, select: opened.select, dir: context.tempDir, version });
      } catch (error) {
        throw opened.explain ? await opened.explain(error) : error;
      }
    },
    signal,
    cell.relation ?? undefined,
  );
}
