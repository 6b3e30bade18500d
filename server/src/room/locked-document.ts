import type { Queryable } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';
import * as Y from 'yjs';
import type { Bus } from '../live/bus.ts';
import { emissionOf } from './batch.ts';
import { appendUpdates, lockNotebook, readDocument } from './update-log.ts';

/**
 * A document inside a transaction of the caller, as its log has it. Nobody else adds to the log until that ends; then
 * the change is there with all else that the transaction did, or not at all.
 */
export interface LockedDocument {
  readonly doc: Y.Doc;
  change(work: (doc: Y.Doc) => void, userId: string | null): Promise<void>;
}

export async function lockDocument(tx: Queryable, bus: Bus, notebookId: string): Promise<LockedDocument> {
  await lockNotebook(tx, notebookId);
  const doc = await storedDocument(tx, notebookId);
  return {
    doc,
    async change(work, userId) {
      const data = emissionOf(doc, () => work(doc));
      if (data !== null) await appendUpdates(tx, bus, notebookId, [{ data, userId }]);
    },
  };
}

/** The document as its log has it now, for reading. */
export async function storedDocument(tx: Queryable, notebookId: string): Promise<Y.Doc> {
  const stored = await readDocument(tx, notebookId);
  if (!stored)
    throw new Fault(
      'not-found',
      say('there is no notebook {id}; it may have been moved to the bin', { id: notebookId }),
    );
  const doc = new Y.Doc();
  doc.transact(() => {
    if (stored.checkpoint) Y.applyUpdate(doc, stored.checkpoint);
    for (const update of stored.updates) Y.applyUpdate(doc, update);
  });
  return doc;
}
