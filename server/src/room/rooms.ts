import { setTimeout as sleep } from 'node:timers/promises';
import type { Notebook } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { readNotebook } from '@datacraft/shared/ydoc';
import type { Doc } from 'yjs';
import type pg from 'pg';
import type { Logger } from 'pino';
import { audit } from '../auth/audit.ts';
import type { Bus } from '../live/bus.ts';
import type { Metrics } from '../metric/registry.ts';
import type { Refusals } from './refusals.ts';
import { createRefusals } from './refusals.ts';
import type { Room } from './room.ts';
import { createRoom } from './room.ts';
import type { UpdateLog } from './update-log.ts';
import { createUpdateLog } from './update-log.ts';

/** All rooms of this process: loaded when somebody comes, unloaded when nobody has been there for a while. */
export interface Rooms {
  readonly log: UpdateLog;
  /** What sockets tried and may not; it goes into the audit trail. */
  readonly refusals: Refusals;
  /** Throws `not-found` when there is no such notebook or it lies in the bin. */
  open(notebookId: string): Promise<Room>;
  /** The document as it is now, stored or about to be. */
  notebook(notebookId: string): Promise<Notebook>;
  /** Changes a document on the server's behalf; resolves when the change is stored. */
  change(notebookId: string, work: (doc: Doc) => void, userId?: string | null): Promise<void>;
  /** Stores what was received, so that a transaction over the log finds it there. */
  settled(notebookId: string): Promise<void>;
  /** Takes in what a transaction over the log added to it. */
  refresh(notebookId: string): Promise<void>;
  /** Hears of changes of one notebook, gathered for a moment. Answers the way to stop. */
  onChange(notebookId: string, listener: () => void): () => void;
  /** Hears of changes of any notebook whose room is open here. */
  onAnyChange(listener: (notebookId: string) => void): () => void;
  /** Lets a person's sockets be looked at again, or all of them. */
  eachPeerOf(
    userId: string | null,
    visit: (room: Room, peer: Parameters<Parameters<Room['eachPeer']>[0]>[0]) => void,
  ): void;
  counts(): { rooms: number; peers: number };
  /** Stores everything, closes all sockets and unloads. */
  stop(): Promise<void>;
}

export interface RoomsDeps {
  readonly pool: pg.Pool;
  readonly bus: Bus;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly idleMs?: number;
}

const IDLE_MS = 60_000;
const GATHER_MS = 40;
const GATHER_AT_MOST_MS = 200;

export function createRooms(deps: RoomsDeps): Rooms {
  const updateLog = createUpdateLog(deps.pool, deps.bus);
  const rooms = new Map<string, { room: Promise<Room>; usedAt: number }>();
  const open = new Map<string, Room>();
  const listeners = new Set<(notebookId: string) => void>();
  const refusals = createRefusals(async ({ userId, notebookId, what, count }) => {
    deps.metrics.count('datacraft_sync_refused_total');
    // A read-only link is no account: it is named among the facts.
    const [person, facts] = userId.startsWith('usr_') ? [userId, {}] : [null, { link: userId }];
    const noted = audit(deps.pool, person, 'sync-refused', notebookId, { what, count, ...facts });
    await noted.catch((error: unknown) => {
      deps.log.error({ err: error, userId, notebookId, what, count }, 'a refused attempt could not be audited');
    });
  });
  const gather = createGather((notebookId) => {
    void describe(notebookId);
    for (const listener of listeners) listener(notebookId);
  });

  /** Title and size in the list follow the document. */
  const describe = async (notebookId: string) => {
    const room = open.get(notebookId);
    if (!room) return;
    try {
      const { title, cells } = readNotebook(room.doc);
      await deps.pool.query('update notebooks set title = $2, cell_count = $3, updated_at = now() where id = $1', [
        notebookId,
        title.slice(0, 300) || 'Untitled',
        cells.length,
      ]);
    } catch (error) {
      deps.log.warn(
        { err: error, notebookId },
        'the list entry of a notebook was not updated; the next change does it',
      );
    }
  };

  const load = async (notebookId: string): Promise<Room> => {
    const stored = await updateLog.load(notebookId);
    if (!stored)
      throw new Fault(
        'not-found',
        say('there is no notebook {id}; it may have been moved to the bin', { id: notebookId }),
      );
    const room = createRoom(notebookId, stored, {
      log: updateLog,
      onChange: () => gather.changed(notebookId),
      onRefused: (peer, what) => refusals.count(peer.userId, notebookId, what),
      onCheckpointFailure: (error) => {
        deps.log.warn({ err: error, notebookId }, 'a checkpoint was not written; the log has all');
      },
      onFailure: (error) => {
        deps.log.error({ err: error, notebookId }, 'a document could not be stored; its room was closed');
        discard(notebookId);
      },
    });
    open.set(notebookId, room);
    deps.metrics.count('datacraft_rooms_loaded_total');
    return room;
  };
  const forget = (notebookId: string) => {
    rooms.delete(notebookId);
    open.delete(notebookId);
  };
  /** Of a room that may not store any more. */
  const discard = (notebookId: string) => {
    const room = open.get(notebookId);
    forget(notebookId);
    void room?.unload();
  };
  const openRoom = (notebookId: string): Promise<Room> => {
    const known = rooms.get(notebookId);
    if (known) {
      known.usedAt = Date.now();
      return known.room;
    }
    const room = load(notebookId);
    rooms.set(notebookId, { room, usedAt: Date.now() });
    room.catch(() => rooms.delete(notebookId));
    return room;
  };
  const unloadIdle = async () => {
    const limit = Date.now() - (deps.idleMs ?? IDLE_MS);
    for (const [notebookId, room] of open) {
      const entry = rooms.get(notebookId);
      if (room.size() > 0 && entry) entry.usedAt = Date.now();
      if (room.size() === 0 && entry && entry.usedAt < limit) await unload(room);
    }
  };
  /** Forgotten first: whoever comes meanwhile reads the log, which has everything. */
  const unload = async (room: Room) => {
    await room.settled().catch(() => undefined); // a failed room has said so already
    if (room.size() > 0) return;
    forget(room.notebookId);
    await room.unload();
  };

  /** Reads what the log has and the room not, until the database answers. */
  const catchUpLater = async (room: Room, waitMs = 250) => {
    await sleep(waitMs);
    if (open.get(room.notebookId) !== room) return;
    try {
      await room.resync();
    } catch (error) {
      deps.log.warn({ err: error, notebookId: room.notebookId }, 'a room could not catch up; it tries again');
      void catchUpLater(room, Math.min(waitMs * 2 + 100, 5_000));
    }
  };
  const stopListening = [
    deps.bus.subscribe('room', ({ notebookId, from, to }, own) => {
      const known = rooms.get(notebookId);
      if (own || !known) return;
      known.room.then(
        (room) => void room.catchUp(BigInt(from), BigInt(to)).catch(() => catchUpLater(room)),
        () => undefined, // a room that failed to load has no peers
      );
    }),
    deps.bus.subscribe('notebook', ({ notebookId, change }) => {
      const room = open.get(notebookId);
      if (change !== 'deleted' || !room) return;
      room.closeAll('deleted');
      discard(notebookId);
    }),
    deps.bus.onGap(() => {
      for (const room of open.values()) void catchUpLater(room, 0);
    }),
  ];
  const timer = setInterval(() => void unloadIdle(), Math.min(deps.idleMs ?? IDLE_MS, 10_000));
  timer.unref();
  deps.metrics.gauge('datacraft_rooms', 'Open documents', () => open.size);
  deps.metrics.gauge('datacraft_room_peers', 'Connected sockets', () => counts().peers);
  const counts = () => ({ rooms: open.size, peers: [...open.values()].reduce((sum, room) => sum + room.size(), 0) });

  return {
    log: updateLog,
    refusals,
    open: openRoom,
    notebook: async (notebookId) => readNotebook((await openRoom(notebookId)).doc),
    change: async (notebookId, work, userId = null) => (await openRoom(notebookId)).change(work, userId),
    settled: async (notebookId) => (await openRoom(notebookId)).settled(),
    refresh: async (notebookId) => (await openRoom(notebookId)).resync(),
    onChange(notebookId, listener) {
      const own = (changed: string) => {
        if (changed === notebookId) listener();
      };
      listeners.add(own);
      return () => listeners.delete(own);
    },
    onAnyChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    eachPeerOf(userId, visit) {
      for (const room of open.values()) {
        room.eachPeer((peer) => {
          if (userId === null || peer.userId === userId) visit(room, peer);
        });
      }
    },
    counts,
    async stop() {
      clearInterval(timer);
      for (const stop of stopListening) stop();
      for (const room of [...open.values()]) {
        await room.settled().catch(() => undefined); // a failed room has said so already
        room.closeAll('going-away');
        gather.cancel(room.notebookId);
        await describe(room.notebookId);
        forget(room.notebookId);
        await room.unload();
      }
      await refusals.stop();
    },
  };
}

/** Calls once per notebook after a short quiet, and at the latest after a bound. */
function createGather(call: (notebookId: string) => void) {
  const waiting = new Map<string, { timer: NodeJS.Timeout; since: number }>();
  return {
    changed(notebookId: string) {
      const known = waiting.get(notebookId);
      const since = known?.since ?? Date.now();
      clearTimeout(known?.timer);
      const waitMs = Math.min(GATHER_MS, Math.max(0, since + GATHER_AT_MOST_MS - Date.now()));
      const timer = setTimeout(() => {
        waiting.delete(notebookId);
        call(notebookId);
      }, waitMs);
      waiting.set(notebookId, { timer, since });
    },
    cancel(notebookId: string) {
      clearTimeout(waiting.get(notebookId)?.timer);
      waiting.delete(notebookId);
    },
  };
}
