import type { Tabs } from './tabs.ts';

/**
 * The edits of this page that the server has not confirmed, cell by cell.
 *
 * N1 An edit is listed before it is sent, and until the server's log has it.
 * N2 The list outlives the page, as the edits do: who comes back without a line still sees what waits. It is written
 *    when `later` calls, as the edits are; one that was confirmed before is never written.
 * N3 Each tab has a list of its own. That of a tab which is gone is taken over by the next; that of one which lives, by none.
 */
export interface Waiting {
  /** Null for the title and the front matter. */
  readonly cellId: string | null;
  readonly edits: number;
  readonly at: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** How long edits wait before it is said in so many words. */
const LATE_MS = 10_000;

export class Unsaved {
  list = $state.raw<readonly Waiting[]>([]);
  /** Something has waited for ten seconds. */
  late = $state(false);
  readonly #store: Store;
  /** Null for guests: nothing of theirs is kept. */
  readonly #prefix: string | null;
  readonly #tabs: Tabs;
  readonly #later: (work: () => void) => void;
  #written: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, prefix: string | null, tabs: Tabs, later: (work: () => void) => void) {
    this.#store = store;
    this.#later = later;
    this.#prefix = prefix;
    this.#tabs = tabs;
  }

  /** Takes over what tabs that are gone left behind; answers how many edits that were. */
  async adopt(): Promise<number> {
    const prefix = this.#prefix;
    if (prefix === null) return 0;
    const living = await this.#tabs.living();
    const left = this.#keys(prefix).filter((key) => living?.has(key.slice(prefix.length + 1)) !== true);
    const found = left.flatMap((key) => this.#read(key));
    for (const one of found) this.#merge(one);
    this.keep();
    for (const key of left) if (key !== this.#own(prefix)) this.#store.removeItem(key);
    if (found.length > 0) this.#wait();
    return found.reduce((sum, one) => sum + one.edits, 0);
  }

  get count(): number {
    return this.list.reduce((sum, one) => sum + one.edits, 0);
  }

  /** Without ids: the title or the front matter. */
  add(cellIds: readonly string[], at: string): void {
    for (const cellId of cellIds.length === 0 ? [null] : cellIds) this.#merge({ cellId, edits: 1, at });
    this.#later(() => this.keep());
    this.#wait();
  }

  clear(): void {
    this.destroy();
    this.late = false;
    if (this.list.length === 0) return;
    this.list = [];
    this.#later(() => this.keep());
  }

  /** Writes the list as it stands; nothing when it was written so. */
  keep(): void {
    if (this.#prefix === null) return;
    const key = this.#own(this.#prefix);
    const text = this.list.length === 0 ? '' : JSON.stringify(this.list);
    if (text === this.#written) return;
    this.#written = text;
    if (text === '') this.#store.removeItem(key);
    else this.#store.setItem(key, text);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer ??= setTimeout(() => (this.late = this.list.length > 0), LATE_MS);
  }

  #merge({ cellId, edits, at }: Waiting): void {
    const known = this.list.find((one) => one.cellId === cellId);
    const merged = { cellId, edits: (known?.edits ?? 0) + edits, at: known && known.at > at ? known.at : at };
    this.list = [...this.list.filter((one) => one.cellId !== cellId), merged];
  }

  #own(prefix: string): string {
    return `${prefix}/${this.#tabs.own}`;
  }

  /** The list without a tab's name is of a version that had one for all. */
  #keys(prefix: string): string[] {
    const all = Array.from({ length: this.#store.length }, (_, at) => this.#store.key(at) ?? '');
    return all.filter((key) => key === prefix || key.startsWith(`${prefix}/`));
  }

  #read(key: string): Waiting[] {
    const kept: unknown = JSON.parse(this.#store.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isWaiting) : [];
  }
}

function isWaiting(value: unknown): value is Waiting {
  if (typeof value !== 'object' || value === null) return false;
  const { cellId, edits, at } = value as Record<string, unknown>;
  return (cellId === null || typeof cellId === 'string') && typeof edits === 'number' && typeof at === 'string';
}
