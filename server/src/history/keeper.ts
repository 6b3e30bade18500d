/**
 * Keeps versions by time, and empties the bins.
 *
 * K1  A changed notebook gets a version when it was left alone for two minutes, and at the latest ten minutes after its
 *     first change since the last one; also when the process that heard of the change was killed before.
 * K2  A cell leaves the bin thirty days after it was put there.
 */
import type { CellId } from '@datacraft/shared';
import { purgeCell, readBin } from '@datacraft/shared/ydoc';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Rooms } from '../room/rooms.ts';
import type { Versions } from './versions.ts';

export interface KeeperTimes {
  readonly idleMs: number;
  readonly atMostMs: number;
  readonly sweepMs: number;
}

export interface Keeper {
  /** Versions of everything that changed and was not kept yet. */
  stop(): Promise<void>;
}

const TIMES: KeeperTimes = { idleMs: 120_000, atMostMs: 600_000, sweepMs: 3_600_000 };
const BIN_MS = 30 * 86_400_000;

interface KeeperDeps {
  readonly pool: pg.Pool;
  readonly rooms: Rooms;
  readonly versions: Versions;
  readonly log: Logger;
  readonly now: () => number;
}

export function startKeeper(deps: KeeperDeps, times: KeeperTimes = TIMES): Keeper {
  const { rooms, versions, log, now } = deps;
  const changed = new Map<string, { since: number; timer: NodeJS.Timeout }>();
  const keep = async (notebookId: string) => {
    clearTimeout(changed.get(notebookId)?.timer);
    changed.delete(notebookId);
    try {
      await versions.keep(notebookId, 'auto', null);
    } catch (error) {
      log.warn({ err: error, notebookId }, 'a version was not kept; the next change tries again');
    }
  };
  const note = (notebookId: string) => {
    const known = changed.get(notebookId);
    const since = known?.since ?? now();
    clearTimeout(known?.timer);
    const waitMs = Math.max(0, Math.min(times.idleMs, since + times.atMostMs - now()));
    const timer = setTimeout(() => void keep(notebookId), waitMs);
    timer.unref();
    changed.set(notebookId, { since, timer });
  };
  const stopListening = rooms.onAnyChange(note);
  changedUnkept(deps.pool).then(
    (found) => found.filter((id) => !changed.has(id)).forEach(note),
    (error: unknown) => log.warn({ err: error }, 'what changed before this start is kept with its next change'),
  );
  const sweep = () =>
    emptyBins(deps).catch((error: unknown) =>
      log.warn({ err: error }, 'the bins were not emptied; the next hour tries'),
    );
  const timer = setInterval(() => void sweep(), times.sweepMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      stopListening();
      for (const notebookId of [...changed.keys()]) await keep(notebookId);
    },
  };
}

/** What a killed process did not come to: notebooks whose log goes on after their last version. */
async function changedUnkept(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select n.id from notebooks n where n.deleted_at is null and n.updated_at > now() - interval '1 day' and exists (
       select 1 from document_updates u where u.notebook_id = n.id and u.seq > coalesce((
         select v.seq from notebook_versions v where v.notebook_id = n.id order by v.made_at desc, v.id limit 1), 0))`,
  );
  return rows.map(({ id }) => id);
}

/** K2, once a day for notebooks that may have such a cell; answers how many cells went. */
export async function emptyBins({ pool, rooms, now }: Pick<KeeperDeps, 'pool' | 'rooms' | 'now'>): Promise<number> {
  const limit = new Date(now() - BIN_MS).toISOString();
  const { rows } = await pool.query<{ id: string }>(
    `select id from notebooks where deleted_at is null and (bin_swept_at is null
       or (bin_swept_at < updated_at + interval '31 days' and bin_swept_at < $1::timestamptz - interval '1 day'))`,
    [new Date(now())],
  );
  let purged = 0;
  for (const { id } of rows) {
    const { doc } = await rooms.open(id);
    const due = dueIn(doc, limit);
    if (due.length > 0) await rooms.change(id, (open) => due.forEach((cell) => purgeCell(open, cell, 'server')));
    await pool.query('update notebooks set bin_swept_at = $2 where id = $1', [id, new Date(now())]);
    purged += due.length;
  }
  return purged;
}

/** What has no readable date stays: a person put it there by other means. */
function dueIn(doc: Parameters<typeof readBin>[0], limit: string): CellId[] {
  return readBin(doc)
    .filter((cell) => Date.parse(cell.deletedAt ?? '') < Date.parse(limit))
    .map((cell) => cell.id);
}
