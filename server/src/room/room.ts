/**
 * The live copy of one document in this process.
 *
 * R1  An update is in the log before anybody but its sender hears of it, and before it is acknowledged.
 * R2  The document is made of the log and nothing else; it is never seeded again.
 * R3  Only peers whose role may write change it; SyncStep2 and Update pass the same gate.
 * R4  A frame that breaks the protocol costs its own socket and nothing more.
 * R5  When the log does not take updates, the room waits or closes; it never claims that they are saved.
 *
 * Writes that come while a commit is under way go into the next one together; when that happens a few milliseconds
 * are added, so that a busy room commits and broadcasts in batches and an idle one at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseReason } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import * as Y from 'yjs';
import type { Incoming } from './frame.ts';
import { frames, readFrame } from './frame.ts';
import type { Presence, PresencePeer } from './presence.ts';
import { createPresence } from './presence.ts';
import type { StoredDocument, UpdateLog } from './update-log.ts';

export interface Peer extends PresencePeer {
  readonly userId: string;
  mayWrite(): boolean;
  /** Whether it asked for acknowledgements. */
  readonly wantsAck: boolean;
  send(frame: Uint8Array): void;
  close(reason: CloseReason): void;
}

export interface Room {
  readonly doc: Y.Doc;
  readonly notebookId: string;
  readonly size: () => number;
  join(peer: Peer): void;
  leave(peer: Peer): void;
  /** Asks a peer for what it has and the room does not: it may write now what it could not before. */
  askForMissing(peer: Peer): void;
  receive(peer: Peer, frame: Uint8Array): void;
  /** Changes the document on the server's behalf; resolves when the change is stored. */
  change(work: (doc: Y.Doc) => void, userId: string | null): Promise<void>;
  /** Another process logged `from`…`to`. */
  catchUp(from: bigint, to: bigint): Promise<void>;
  /** Messages between processes were lost: reads everything that is new. */
  resync(): Promise<void>;
  eachPeer(visit: (peer: Peer) => void): void;
  closeAll(reason: CloseReason): void;
  /** Resolves when everything received is stored. */
  settled(): Promise<void>;
  unload(): Promise<void>;
}

export interface RoomDeps {
  readonly log: UpdateLog;
  /** Called after each commit. */
  readonly onChange: () => void;
  readonly onCheckpointFailure: (error: unknown) => void;
  /** The log refused for good; the room is closed and must be forgotten. */
  readonly onFailure: (error: unknown) => void;
}

interface Pending {
  readonly data: Uint8Array | null;
  readonly userId: string | null;
  readonly peer: Peer | null;
}

const CHECKPOINT_EVERY = 500;
const CHECKPOINT_RETRY_AFTER = 100;
const BUSY_DELAY_MS = 8;
const MAX_BATCH = 1_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 128 * 1024 * 1024;
const GIVE_UP_AFTER_MS = 10 * 60_000;

export function createRoom(notebookId: string, stored: StoredDocument, deps: RoomDeps): Room {
  const doc = new Y.Doc();
  const presence: Presence = createPresence(doc);
  const peers = new Set<Peer>();
  const acknowledged = new Map<Peer, number>();
  const remote = Symbol('remote');
  const pending: Pending[] = [];
  let waitingBytes = 0;
  let documentBytes = stored.checkpoint?.length ?? 0;
  let emitted: Uint8Array[] = [];
  let flushing: Promise<void> | null = null;
  let seq = stored.seq;
  let sinceCheckpoint = stored.sinceCheckpoint;
  let failed = false;

  doc.transact(() => {
    if (stored.checkpoint) Y.applyUpdate(doc, stored.checkpoint, remote);
    for (const update of stored.updates) Y.applyUpdate(doc, update, remote);
  }, remote);
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== remote) emitted.push(update);
  });

  const sendToAll = (frame: Uint8Array, except?: Peer | null) => {
    for (const peer of peers) if (peer !== except) peer.send(frame);
  };

  const enqueue = (entry: Pending) => {
    pending.push(entry);
    waitingBytes += entry.data?.length ?? 0;
    if (waitingBytes > MAX_WAITING_BYTES)
      return fail(new Fault('database-unavailable', 'too many updates wait to be stored'));
    flushing ??= flush().finally(() => (flushing = null));
  };

  const flush = async () => {
    let busy = false;
    while (pending.length > 0 && !failed) {
      if (busy) await sleep(BUSY_DELAY_MS);
      const batch = pending.splice(0, MAX_BATCH);
      busy = batch.length > 1;
      try {
        await store(batch);
      } catch (error) {
        fail(error);
      }
    }
  };

  const store = async (batch: readonly Pending[]) => {
    const updates = batch.flatMap(({ data, userId }) => (data ? [{ data, userId }] : []));
    if (updates.length > 0) {
      await appendPatiently(deps.log, notebookId, updates, () => failed);
      const bytes = updates.reduce((sum, update) => sum + update.data.length, 0);
      waitingBytes -= bytes;
      documentBytes += bytes;
      sinceCheckpoint += updates.length;
      const senders = new Set(batch.filter((entry) => entry.data).map((entry) => entry.peer));
      const only = senders.size === 1 ? [...senders][0] : null;
      sendToAll(frames.update(merged(updates.map((update) => update.data))), only);
    }
    acknowledge(batch);
    if (updates.length > 0) deps.onChange();
    if (sinceCheckpoint >= CHECKPOINT_EVERY) await tryCheckpoint();
  };

  const acknowledge = (batch: readonly Pending[]) => {
    const heard = new Set<Peer>();
    for (const { peer } of batch) {
      if (!peer?.wantsAck) continue;
      acknowledged.set(peer, (acknowledged.get(peer) ?? 0) + 1);
      heard.add(peer);
    }
    for (const peer of heard) if (peers.has(peer)) peer.send(frames.durable(acknowledged.get(peer) ?? 0));
  };

  /** What others logged meanwhile is taken in first, so that the checkpoint is complete up to its number (L2). */
  const checkpoint = async () => {
    seq = await deps.log.checkpoint(notebookId, seq, (others) => {
      for (const update of others) Y.applyUpdate(doc, update, remote);
      return Y.encodeStateAsUpdate(doc);
    });
    sinceCheckpoint = 0;
  };

  /** The log has everything; a checkpoint only shortens the next load, so the next batches try again. */
  const tryCheckpoint = async () => {
    try {
      await checkpoint();
    } catch (error) {
      sinceCheckpoint -= CHECKPOINT_RETRY_AFTER;
      deps.onCheckpointFailure(error);
    }
  };

  const fail = (error: unknown) => {
    if (failed) return;
    failed = true;
    for (const peer of peers) peer.close('not-stored');
    deps.onFailure(error);
  };

  const takeUpdate = (peer: Peer, bytes: Uint8Array) => {
    if (!peer.mayWrite()) return refuseWrite(peer, bytes);
    if (documentBytes + bytes.length > MAX_DOCUMENT_BYTES) return peer.close('too-large');
    emitted = [];
    try {
      Y.applyUpdate(doc, bytes, peer);
    } catch (error) {
      if (emitted.length > 0) enqueue({ data: merged(emitted), userId: peer.userId, peer: null });
      throw error;
    }
    const incomplete = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
    const data = incomplete ? Uint8Array.from(bytes) : emitted.length > 0 ? merged(emitted) : null;
    emitted = [];
    enqueue({ data, userId: peer.userId, peer });
  };

  const handle = (peer: Peer, message: Incoming) => {
    switch (message.kind) {
      case 'state-vector':
        return peer.send(frames.syncStep2(Y.encodeStateAsUpdate(doc, message.bytes)));
      case 'update':
        return takeUpdate(peer, message.bytes);
      case 'awareness': {
        const update = presence.receive(peer, message.bytes);
        return update ? sendToAll(frames.awareness(update), peer) : undefined;
      }
      case 'awareness-query': {
        const everybody = presence.everybody();
        return everybody ? peer.send(frames.awareness(everybody)) : undefined;
      }
      case 'ignored':
        return undefined;
    }
  };

  const applyRemote = (updates: readonly Uint8Array[]) => {
    if (updates.length === 0) return;
    for (const update of updates) Y.applyUpdate(doc, update, remote);
    sendToAll(frames.update(merged(updates)));
    deps.onChange();
  };

  return {
    doc,
    notebookId,
    size: () => peers.size,
    join(peer) {
      peers.add(peer);
      peer.send(frames.stateVector(Y.encodeStateVector(doc)));
      const everybody = presence.everybody();
      if (everybody) peer.send(frames.awareness(everybody));
    },
    leave(peer) {
      if (!peers.delete(peer)) return;
      acknowledged.delete(peer);
      const update = presence.leave(peer);
      if (update) sendToAll(frames.awareness(update));
    },
    askForMissing: (peer) => peer.send(frames.stateVector(Y.encodeStateVector(doc))),
    receive(peer, frame) {
      if (failed) return;
      try {
        handle(peer, readFrame(frame));
      } catch {
        peer.close('bad-frame'); // whatever Yjs or JSON says about hostile bytes, they were the peer's
      }
    },
    async change(work, userId) {
      emitted = [];
      doc.transact(() => work(doc), 'server');
      const data = emitted.length > 0 ? merged(emitted) : null;
      emitted = [];
      if (data) enqueue({ data, userId, peer: null });
      await this.settled();
    },
    catchUp: async (from, to) => applyRemote(await deps.log.read(notebookId, from, to)),
    async resync() {
      const newer = await deps.log.readAfter(notebookId, seq);
      applyRemote(newer.updates);
      seq = newer.seq;
    },
    eachPeer: (visit) => peers.forEach(visit),
    closeAll: (reason) => peers.forEach((peer) => peer.close(reason)),
    async settled() {
      while (flushing) await flushing;
      if (failed) throw new Fault('database-unavailable', 'the change could not be stored; try again in a moment');
    },
    async unload() {
      while (flushing) await flushing;
      if (!failed && sinceCheckpoint > 0) await tryCheckpoint();
      presence.destroy();
      doc.destroy();
    },
  };
}

function refuseWrite(peer: Peer, bytes: Uint8Array): void {
  const isEmpty = bytes.length === 2 && bytes[0] === 0 && bytes[1] === 0;
  if (!isEmpty) peer.send(frames.denied('your role may read this notebook but not change it'));
}

/** Of one batch only: merging a long log is slower than replaying it. */
function merged(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates;
  return updates.length === 1 && only ? only : Y.mergeUpdates([...updates]);
}

/** Waits for a database that is away. A batch whose commit answer was lost may be logged twice, which changes nothing. */
async function appendPatiently(
  log: UpdateLog,
  notebookId: string,
  updates: readonly { data: Uint8Array; userId: string | null }[],
  gaveUp: () => boolean,
): Promise<void> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      await log.append(notebookId, updates);
      return;
    } catch (error) {
      if (!isPassing(error) || gaveUp() || Date.now() > deadline) throw error;
      await sleep(waitMs);
    }
  }
}

const passingClasses = new Set(['08', '53', '57', '40', '55']);

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return code === '' || code.startsWith('E') || passingClasses.has(code.slice(0, 2));
}
