import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';

/**
 * A copy of the document on this machine, so that edits made offline survive a closed tab.
 *
 * What changes is written when `later` calls, all of it at once: a transaction for each key would be in the way of the next.
 */
export class LocalCopy {
  readonly #doc: Y.Doc;
  readonly #store: IndexeddbPersistence;
  readonly #later: (work: () => void) => void;
  #updates: Uint8Array[] = [];

  constructor(name: string, doc: Y.Doc, later: (work: () => void) => void) {
    this.#doc = doc;
    this.#later = later;
    this.#store = new IndexeddbPersistence(name, doc);
    doc.off('update', this.#store._storeUpdate);
    doc.on('update', this.#onUpdate);
  }

  /** Calls `work` when what was kept is in the document. */
  whenRead(work: () => void): void {
    this.#store.once('synced', work);
  }

  /** What a transaction of the copy itself is known by. */
  isOrigin(origin: unknown): boolean {
    return origin === this.#store;
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#updates.length === 0) return;
    const [first, ...more] = this.#updates.splice(0);
    if (first) this.#store._storeUpdate(more.length === 0 ? first : Y.mergeUpdates([first, ...more]), null);
  }

  /** What waits is written before it ends. */
  async destroy(): Promise<void> {
    this.#doc.off('update', this.#onUpdate);
    this.flush();
    await this.#store.destroy();
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (this.isOrigin(origin)) return;
    this.#updates.push(update);
    if (this.#updates.length === 1) this.#later(() => this.flush());
  };
}
