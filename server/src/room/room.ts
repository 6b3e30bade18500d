/**
 * The live copy of one document in this process.
 *
 * R1  An update is in the log before anybody but its sender hears of it, and before it is acknowledged.
 * R2  The document is made of the log and nothing else; it is never seeded again.
 * R3  Only peers whose role may write change it; SyncStep2 and Update pass the same gate.
 * R4  A frame that breaks the protocol costs its own socket and nothing more.
 * R5  When the log does not take updates, the room waits or closes; it never claims that they are saved.
 * R6  What a peer tries and may not do changes nothing, and is reported.
 *
 * Writes that come while a commit is under way go into the next one together; when that happens a few milliseconds
 * are added, so that a busy room commits and broadcasts in batches and an idle one at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseReason } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import * as Y from 'yjs';
import type { Write } from './batch.ts';
import { applyBatch, emissionOf } from './batch.ts';
import type { Incoming } from './frame.ts';
import { frames, readFrame } from './frame.ts';
import { appendPatiently } from './patient-append.ts';
import type { Presence, PresencePeer } from './presence.ts';
import { createPresence } from './presence.ts';
import { createPresenceNews } from './presence-news.ts';
import type { StoredDocument, UpdateLog } from './update-log.ts';

export interface Peer extends PresencePeer {
  readonly userId: string;
  mayWrite(): boolean;
  /** Whether it asked for acknowledgements. */
  readonly wantsAck: boolean;
  send(frame: Uint8Array): void;
  close(reason: CloseReason): void;
}

/** `write`: a change without the right; `presence`: speaking for somebody else; `frame`: not the protocol. */
export type Refusal = 'write' | 'presence' | 'frame';

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
  /** A peer tried what it may not (R6). */
  readonly onRefused: (peer: Peer, what: Refusal) => void;
  /** The log refused for good; the room is closed and must be forgotten. */
  readonly onFailure: (error: unknown) => void;
}

const CHECKPOINT_EVERY = 500;
const CHECKPOINT_RETRY_AFTER = 100;
/** A checkpoint may take this share of the time at most, unless the log grows past its bound. */
const CHECKPOINT_SHARE = 1 / 20;
const CHECKPOINT_AT_LAST = 4_000;
const BUSY_DELAY_MS = 10;
const MAX_BATCH = 1_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 128 * 1024 * 1024;
const NOTHING = new Uint8Array();

export function createRoom(notebookId: string, stored: StoredDocument, deps: RoomDeps): Room {
  const doc = new Y.Doc();
  const presence: Presence = createPresence(doc);
  const peers = new Set<Peer>();
  /** Edits and states of each socket, those too that said nothing or were refused: its sender counts them as well. */
  const received = new Map<Peer, number>();
  const pending: Write<Peer>[] = [];
  const readers: (() => void)[] = [];
  let waitingBytes = 0;
  let documentBytes = stored.checkpoint?.length ?? 0;
  let flushing: Promise<void> | null = null;
  let seq = stored.seq;
  let sinceCheckpoint = stored.sinceCheckpoint;
  let checkpointDueAt = 0;
  let whole: Uint8Array | null = null;
  let failed = false;

  doc.transact(() => {
    if (stored.checkpoint) Y.applyUpdate(doc, stored.checkpoint);
    for (const update of stored.updates) Y.applyUpdate(doc, update);
  });
  doc.on('update', () => (whole = null));

  const sendToAll = (frame: Uint8Array, except?: Peer | null) => {
    for (const peer of peers) if (peer !== except) peer.send(frame);
  };

  const presenceNews = createPresenceNews<Peer>((ids, except) => sendToAll(frames.awareness(presence.of(ids)), except));

  const enqueue = (write: Write<Peer>) => {
    pending.push(write);
    waitingBytes += write.bytes.length;
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
      for (const answer of readers.splice(0)) answer();
    }
  };

  const store = async (batch: readonly Write<Peer>[]) => {
    const { rows, news, broken } = applyBatch(doc, batch);
    for (const peer of broken) refuse(peer, 'frame');
    if (rows.length > 0) {
      const { to, previous } = await appendPatiently(deps.log, notebookId, rows, () => failed);
      if (previous <= seq) seq = to; // else another process wrote between; the next checkpoint reads it
      documentBytes += rows.reduce((sum, row) => sum + row.data.length, 0);
      sinceCheckpoint += batch.length;
    }
    waitingBytes -= batch.reduce((sum, write) => sum + write.bytes.length, 0);
    if (news) sendToAll(frames.update(news), onlySender(batch));
    acknowledge(batch, new Set(broken));
    if (news) deps.onChange();
    if (checkpointIsDue()) await tryCheckpoint();
  };

  const acknowledge = (batch: readonly Write<Peer>[], broken: ReadonlySet<Peer>) => {
    const stored = new Map<Peer, number>();
    for (const { sender, nth } of batch)
      if (sender?.wantsAck && nth !== undefined && !broken.has(sender)) stored.set(sender, nth);
    for (const [peer, nth] of stored) if (peers.has(peer)) peer.send(frames.durable(nth));
  };

  const checkpointIsDue = () =>
    sinceCheckpoint >= CHECKPOINT_AT_LAST ||
    (sinceCheckpoint >= CHECKPOINT_EVERY && performance.now() >= checkpointDueAt);

  /** What others logged meanwhile is taken in first, so that the checkpoint is complete up to its number (L2). */
  const checkpoint = async () => {
    const startedAt = performance.now();
    seq = await deps.log.checkpoint(notebookId, seq, (others) => {
      applyRemote(others);
      return encodeWhole();
    });
    sinceCheckpoint = 0;
    const endedAt = performance.now();
    checkpointDueAt = endedAt + (endedAt - startedAt) / CHECKPOINT_SHARE;
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

  /** Kept until the next change: many who come at once get the same bytes. */
  const encodeWhole = () => (whole ??= Y.encodeStateAsUpdate(doc));

  const fail = (error: unknown) => {
    if (failed) return;
    failed = true;
    for (const write of pending.splice(0)) write.failed?.(error);
    for (const peer of peers) peer.close('not-stored');
    deps.onFailure(error);
  };

  const refuse = (peer: Peer, what: Refusal) => {
    if (what === 'frame') peer.close('bad-frame');
    if (what === 'write') peer.send(frames.denied('your role may read this notebook but not change it'));
    deps.onRefused(peer, what);
  };

  const takeUpdate = (peer: Peer, kind: 'update' | 'state', bytes: Uint8Array) => {
    const nth = (received.get(peer) ?? 0) + 1;
    received.set(peer, nth);
    if (!peer.mayWrite()) return saysNothing(bytes) ? undefined : refuse(peer, 'write');
    if (documentBytes + waitingBytes + bytes.length > MAX_DOCUMENT_BYTES) return peer.close('too-large');
    if (waitingBytes + bytes.length > MAX_WAITING_BYTES) return peer.close('not-stored');
    enqueue({ kind, bytes: Uint8Array.from(bytes), userId: peer.userId, sender: peer, nth });
  };

  /** Answered from what is stored: while a batch is on its way into the log, the document is ahead of it (R1). */
  const tellState = (peer: Peer, vector: Uint8Array) => {
    const knowsNothing = Y.decodeStateVector(vector).size === 0;
    const kept = Uint8Array.from(vector);
    const answer = () => peer.send(frames.syncStep2(knowsNothing ? encodeWhole() : Y.encodeStateAsUpdate(doc, kept)));
    if (flushing) readers.push(answer);
    else answer();
  };

  const takePresence = (peer: Peer, bytes: Uint8Array) => {
    const { news, spoofed } = presence.receive(peer, bytes);
    if (spoofed) refuse(peer, 'presence');
    presenceNews.tell(news, peer);
  };

  const handle = (peer: Peer, message: Incoming) => {
    switch (message.kind) {
      case 'state-vector':
        return tellState(peer, message.bytes);
      case 'update':
      case 'state':
        return takeUpdate(peer, message.kind, message.bytes);
      case 'awareness':
        return takePresence(peer, message.bytes);
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
    const news = emissionOf(doc, () => {
      for (const update of updates) Y.applyUpdate(doc, update);
    });
    if (!news) return;
    sendToAll(frames.update(news));
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
      received.delete(peer);
      presenceNews.tell(presence.leave(peer), null);
    },
    askForMissing: (peer) => peer.send(frames.stateVector(Y.encodeStateVector(doc))),
    receive(peer, frame) {
      if (failed || !peers.has(peer)) return;
      try {
        handle(peer, readFrame(frame));
      } catch {
        refuse(peer, 'frame'); // whatever Yjs or JSON says about hostile bytes, they were the peer's
      }
    },
    async change(work, userId) {
      if (failed) throw notStored();
      let problem: { readonly error: unknown } | null = null;
      const kept = (error: unknown) => (problem = { error });
      enqueue({ kind: 'work', bytes: NOTHING, userId, sender: null, work, failed: kept });
      await this.settled();
      if (problem !== null) throw (problem as { readonly error: unknown }).error;
    },
    catchUp: async (from, to) => applyRemote(await deps.log.read(notebookId, from, to)),
    async resync() {
      applyRemote((await deps.log.readAfter(notebookId, seq)).updates);
    },
    eachPeer: (visit) => peers.forEach(visit),
    closeAll: (reason) => peers.forEach((peer) => peer.close(reason)),
    async settled() {
      while (flushing) await flushing;
      if (failed) throw notStored();
    },
    async unload() {
      while (flushing) await flushing;
      if (!failed && sinceCheckpoint > 0) await tryCheckpoint();
      presenceNews.stop();
      presence.destroy();
      doc.destroy();
    },
  };
}

function notStored(): Fault {
  return new Fault('database-unavailable', 'the change could not be stored; try again in a moment');
}

function saysNothing(update: Uint8Array): boolean {
  return update.length === 2 && update[0] === 0 && update[1] === 0;
}

/** Who sent all of it needs no echo. */
function onlySender(batch: readonly Write<Peer>[]): Peer | null {
  const senders = new Set(batch.map((write) => write.sender));
  const [sender] = senders;
  return senders.size === 1 ? (sender ?? null) : null;
}
