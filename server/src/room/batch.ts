import * as Y from 'yjs';
import type { LoggedUpdate } from './update-log.ts';

/** One change that waits for its batch: a peer's bytes, or work of the server itself. */
export interface Write<Sender> {
  readonly kind: 'update' | 'state' | 'work';
  readonly userId: string | null;
  readonly sender: Sender | null;
  readonly bytes: Uint8Array;
  /** Which one it is of the edits and states that came over its sender's socket. */
  readonly nth?: number;
  readonly work?: (doc: Y.Doc) => void;
  /** Told when the work throws; bytes that throw are their sender's fault. */
  readonly failed?: (error: unknown) => void;
}

export interface Applied<Sender> {
  readonly rows: readonly LoggedUpdate[];
  /** What is new to the others. */
  readonly news: Uint8Array | null;
  readonly broken: readonly Sender[];
}

/** What `work` changed, as one update; null when nothing. */
export function emissionOf(doc: Y.Doc, work: () => void): Uint8Array | null {
  const emitted: Uint8Array[] = [];
  const collect = (update: Uint8Array) => emitted.push(update);
  doc.on('update', collect);
  try {
    doc.transact(work);
  } finally {
    doc.off('update', collect);
  }
  return emitted.length === 0 ? null : merged(emitted);
}

/**
 * Applies a batch, neighbouring updates in one transaction each. The log gets the bytes as they came, so that each has
 * its author; a state (SyncStep2) repeats what is known, so of it the log gets only the news.
 */
export function applyBatch<Sender>(doc: Y.Doc, writes: readonly Write<Sender>[]): Applied<Sender> {
  const rows: LoggedUpdate[] = [];
  const news: Uint8Array[] = [];
  const broken: Sender[] = [];
  for (const group of groupsOf(writes)) {
    const failing = new Set<Write<Sender>>();
    const emission = emissionOf(doc, () => {
      for (const write of group) {
        try {
          if (write.work) write.work(doc);
          else Y.applyUpdate(doc, write.bytes);
        } catch (error) {
          failing.add(write);
          write.failed?.(error);
          if (write.sender !== null) broken.push(write.sender);
        }
      }
    });
    if (emission) news.push(emission);
    rows.push(...rowsOf(doc, group, failing, emission));
  }
  return { rows, news: news.length === 0 ? null : merged(news), broken };
}

function rowsOf<Sender>(
  doc: Y.Doc,
  group: readonly Write<Sender>[],
  failing: ReadonlySet<Write<Sender>>,
  emission: Uint8Array | null,
): LoggedUpdate[] {
  const waits = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
  const [first] = group;
  const raw = group.filter((write) => !failing.has(write) && write.kind !== 'work');
  const oneAuthor = group.every((write) => write.userId === first?.userId);
  const inFull = emission !== null && (oneAuthor || failing.size > 0);
  const rows = inFull ? [{ data: emission, userId: oneAuthor ? (first?.userId ?? null) : null }] : [];
  if (waits) return [...rows, ...raw.map(loggedOf)];
  return inFull || emission === null ? rows : raw.map(loggedOf);
}

function groupsOf<Sender>(writes: readonly Write<Sender>[]): Write<Sender>[][] {
  const groups: Write<Sender>[][] = [];
  for (const write of writes) {
    const last = groups.at(-1);
    if (last && write.kind === 'update' && last[0]?.kind === 'update') last.push(write);
    else groups.push([write]);
  }
  return groups;
}

/** Of one batch only: merging a long log is slower than replaying it. */
function merged(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates;
  return updates.length === 1 && only ? only : Y.mergeUpdates([...updates]);
}

function loggedOf(write: Write<unknown>): LoggedUpdate {
  return { data: write.bytes, userId: write.userId };
}
