/**
 * Versions of notebooks: states that were kept, by time, by a person, or before something happens.
 *
 * V1  A version holds its own state; the log may be pruned under it.
 * V2  Two versions in a row differ, unless somebody named the second.
 * V3  A restore is an ordinary edit and a version itself; the state before it is kept first.
 */
import { createHash } from 'node:crypto';
import type { CellId, CommentAuthor, Notebook, UserId, VersionReason } from '@datacraft/shared';
import { diffNotebooks, newId } from '@datacraft/shared';
import { readNotebook, restoreNotebook } from '@datacraft/shared/ydoc';
import type pg from 'pg';
import { withTransaction } from '../database/pool.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Room } from '../room/room.ts';
import type { Rooms } from '../room/rooms.ts';
import { readAuthors, touchedCells, touchedSince } from './authorship.ts';
import { authorsAfter, latestVersion, loadVersion, namedAuthors, saveVersion } from './version-store.ts';

export interface Versions {
  /** Keeps the state as it is now; null when it is the last version's already. For rooms that are about to change it. */
  keep(notebookId: string, reason: Exclude<VersionReason, 'named'>, by: UserId | null): Promise<string | null>;
  name(notebookId: string, given: { name: string; message: string }, by: UserId | null): Promise<string>;
  /** Cell id -> who changed it after that version, to this moment. */
  authorsSince(notebookId: string, versionId: string): Promise<Record<string, CommentAuthor[]>>;
  /** `cells` null restores everything. Answers the version that the restored state is. */
  restore(notebookId: string, versionId: string, cells: readonly CellId[] | null, by: UserId): Promise<string | null>;
}

interface VersionsDeps {
  readonly pool: pg.Pool;
  readonly rooms: Rooms;
  readonly live: LiveHub;
  readonly now: () => number;
}

interface Keeping {
  readonly reason: VersionReason;
  readonly by: UserId | null;
  readonly name: string;
  readonly message: string;
}

export function createVersions(deps: VersionsDeps): Versions {
  const { pool, rooms, live } = deps;
  const make = async (notebookId: string, keeping: Keeping): Promise<string | null> => {
    const room = await rooms.open(notebookId);
    await room.settled();
    const notebook = readNotebook(room.doc);
    const seq = await readAuthors(pool, notebookId);
    const id = await keepState(pool, notebookId, room.doc, notebook, seq, keeping);
    if (id !== null) await live.publish(notebookId, { type: 'versions' });
    return id;
  };
  const keep: Versions['keep'] = (notebookId, reason, by) => make(notebookId, { reason, by, name: '', message: '' });
  return {
    keep,
    name: async (notebookId, given, by) => (await make(notebookId, { reason: 'named', by, ...given })) ?? '',
    async authorsSince(notebookId, versionId) {
      const room = await rooms.open(notebookId);
      await room.settled();
      const { seq, cells } = await authorsAfter(pool, notebookId, versionId);
      const since = await touchedSince(pool, notebookId, seq, (ranges) => touchedCells(room.doc, ranges));
      return namedAuthors(pool, united([...cells, since]));
    },
    async restore(notebookId, versionId, cells, by) {
      const version = await loadVersion(pool, notebookId, versionId);
      await keep(notebookId, 'auto', null);
      const at = new Date(deps.now()).toISOString();
      await rooms.change(notebookId, (doc) => restoreNotebook(doc, version.notebook, { cells, at }, 'server'), by);
      return keep(notebookId, 'restore', by);
    },
  };
}

function united(all: readonly Readonly<Record<string, readonly string[]>>[]): Record<string, UserId[]> {
  const ids = [...new Set(all.flatMap((one) => Object.keys(one)))];
  return Object.fromEntries(ids.map((id) => [id, [...new Set(all.flatMap((one) => one[id] ?? []))] as UserId[]]));
}

async function keepState(
  pool: pg.Pool,
  notebookId: string,
  doc: Room['doc'],
  notebook: Notebook,
  seq: bigint,
  keeping: Keeping,
): Promise<string | null> {
  const digest = createHash('sha256').update(JSON.stringify(notebook)).digest('hex');
  return withTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock(723, hashtext($1))', [notebookId]);
    const last = await latestVersion(tx, notebookId);
    if (last?.digest === digest && keeping.reason !== 'named') return null;
    const changed = last ? diffNotebooks(last.notebook, notebook).cells.map((cell) => cell.cellId) : [];
    const touched = await touchedSince(tx, notebookId, last?.seq ?? 0n, (ranges) => touchedCells(doc, ranges));
    const id = newId<string>('ver');
    await saveVersion(tx, notebookId, {
      id,
      ...keeping,
      seq,
      notebook,
      digest,
      changedCells: last ? changed.length : notebook.cells.length,
      cellAuthors: touched,
    });
    return id;
  });
}
