/**
 * The edits of this page that the server has not confirmed, cell by cell.
 *
 * N1 An edit is listed before it is sent, and until the server's log has it.
 * N2 The list outlives the page, as the edits do: who comes back without a line still sees what waits.
 */
export interface Waiting {
  /** Null for the title and the front matter. */
  readonly cellId: string | null;
  readonly edits: number;
  readonly at: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** How long edits wait before it is said in so many words. */
const LATE_MS = 10_000;

export class Unsaved {
  list = $state.raw<readonly Waiting[]>([]);
  /** Something has waited for ten seconds. */
  late = $state(false);
  readonly #store: Store;
  /** Null for guests: nothing of theirs is kept. */
  readonly #key: string | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, key: string | null) {
    this.#store = store;
    this.#key = key;
    const kept: unknown = key === null ? null : JSON.parse(store.getItem(key) ?? '[]');
    if (Array.isArray(kept)) this.list = kept.filter(isWaiting);
    if (this.list.length > 0) this.#wait();
  }

  get count(): number {
    return this.list.reduce((sum, one) => sum + one.edits, 0);
  }

  /** Without ids: the title or the front matter. */
  add(cellIds: readonly string[], at: string): void {
    const next = new Map(this.list.map((one) => [one.cellId, one]));
    for (const cellId of cellIds.length === 0 ? [null] : cellIds)
      next.set(cellId, { cellId, edits: (next.get(cellId)?.edits ?? 0) + 1, at });
    this.list = [...next.values()];
    this.#keep();
    this.#wait();
  }

  clear(): void {
    this.destroy();
    this.late = false;
    if (this.list.length === 0) return;
    this.list = [];
    this.#keep();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer ??= setTimeout(() => (this.late = this.list.length > 0), LATE_MS);
  }

  #keep(): void {
    if (this.#key === null) return;
    if (this.list.length === 0) this.#store.removeItem(this.#key);
    else this.#store.setItem(this.#key, JSON.stringify(this.list));
  }
}

function isWaiting(value: unknown): value is Waiting {
  if (typeof value !== 'object' || value === null) return false;
  const { cellId, edits, at } = value as Record<string, unknown>;
  return (cellId === null || typeof cellId === 'string') && typeof edits === 'number' && typeof at === 'string';
}
