import type { CellStatus, Freshness } from '@datacraft/shared';
import { isFault, relationName } from '@datacraft/shared';
import type { CompiledCell, Compiled } from '../compile/graph.ts';
import { edgesOf } from '../compile/graph.ts';
import type { PublishedRelation } from '../store/relations.ts';
import type { Known } from './gather.ts';
import { figuresOf } from './streaming/figures.ts';

/** Fingerprint of each cell that has one now; a source that could not be identified has none, nor what reads it. */
export type Fingerprints = ReadonlyMap<string, string>;

/** What everybody in a notebook sees of its cells: what is published, and whether it is what the text now means. */
export function statusOf(compiled: Compiled, known: Known, fingerprints: Fingerprints, ownerKey: string): CellStatus[] {
  return [...compiled.graph.cells.values()].map((cell) => cellStatus(cell, known, fingerprints, ownerKey));
}

function cellStatus(cell: CompiledCell, known: Known, fingerprints: Fingerprints, ownerKey: string): CellStatus {
  const relation = cell.relation === null ? null : relationName(cell.relation);
  const found = relation === null ? undefined : known.published.get(relation);
  const published = found?.ownerKey === ownerKey ? found : undefined;
  const fingerprint = fingerprints.get(cell.name) ?? null;
  return {
    id: cell.id,
    name: cell.name,
    kind: cell.kind,
    relation,
    dependsOn: [...edgesOf(cell)],
    reads: cell.tables.map(relationName),
    fingerprint,
    freshness: freshnessOf(published, fingerprint),
    published: published ? publishedOf(published) : null,
    staleBecause: published ? changedUpstream(published, fingerprints) : [],
  };
}

function freshnessOf(published: PublishedRelation | undefined, fingerprint: string | null): Freshness {
  if (!published || fingerprint === null) return 'unknown';
  return published.fingerprint === fingerprint ? 'fresh' : 'stale';
}

function changedUpstream(published: PublishedRelation, fingerprints: Fingerprints): string[] {
  const ofCells = Object.entries(published.upstream).filter(([name]) => !name.includes('.'));
  return ofCells.flatMap(([name, then]) => (fingerprints.get(name) === then ? [] : [name]));
}

function publishedOf(published: PublishedRelation): CellStatus['published'] {
  return {
    at: published.publishedAt.toISOString(),
    rows: published.rows,
    rejected: published.rejected,
    runId: published.runId,
    snapshotId: published.snapshotId ?? '',
    columns: [...published.columns],
    ...(published.definition?.stream ? { streaming: figuresOf(published.definition.stream) } : {}),
  };
}

/** Sources that cannot be read now, as sentences by cell: shown with the diagnostics. */
export function sourceProblems(known: Known): Map<string, string> {
  return new Map(
    [...known.sources].flatMap(([cell, source]) => (isFault(source) ? [[cell, source.message] as const] : [])),
  );
}
