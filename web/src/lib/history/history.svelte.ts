/** The versions of one notebook: which is looked at, and beside what. States are loaded once and kept. */
import type { CommentAuthor, Notebook, Version, VersionSummary } from '@datacraft/shared';
import { Attempt } from '#lib/api/index.ts';
import { calls } from './calls.ts';

export type Beside = 'now' | 'previous';

export class History {
  readonly notebookId: string;
  /** Oldest first. */
  versions = $state.raw<readonly VersionSummary[]>([]);
  loaded = $state.raw<ReadonlyMap<string, Version>>(new Map());
  chosenId = $state<string | null>(null);
  beside = $state<Beside>('now');
  heard = $state(false);
  /** Of the version with this id: who changed which cell after it, as last asked. */
  since = $state.raw<{
    readonly id: string;
    readonly cells: Readonly<Record<string, readonly CommentAuthor[]>>;
  } | null>(null);
  readonly asking = new Attempt();
  readonly index = $derived(this.versions.findIndex((version) => version.id === this.chosenId));
  readonly chosen = $derived(this.chosenId === null ? null : (this.loaded.get(this.chosenId) ?? null));
  /** Null for the first version: everything in it is new. */
  readonly previous = $derived(this.loaded.get(this.versions[this.index - 1]?.id ?? '') ?? null);

  constructor(notebookId: string) {
    this.notebookId = notebookId;
  }

  refresh(): Promise<boolean> {
    return this.asking.try(() => this.#list());
  }

  choose(index: number): Promise<boolean> {
    return this.asking.try(() => this.#choose(index));
  }

  /** Again after each change: whoever made it belongs to it. */
  async readSince(): Promise<void> {
    const id = this.chosenId;
    if (id === null) return;
    await this.asking.quietly(async () => {
      const cells = await calls.authorsSince(this.notebookId, id);
      if (id === this.chosenId) this.since = { id, cells };
    });
  }

  authorsOf(cellId: string): readonly CommentAuthor[] {
    if (this.beside === 'previous') return this.chosen?.cellAuthors[cellId] ?? [];
    return this.since?.id === this.chosenId ? (this.since?.cells[cellId] ?? []) : [];
  }

  name(name: string, message: string): Promise<boolean> {
    return this.asking.try(async () => {
      const { id } = await calls.name(this.notebookId, name, message);
      await this.#list();
      await this.#choose(this.versions.findIndex((version) => version.id === id));
    });
  }

  /** `cells` null brings back everything. */
  restore(cells: string[] | null): Promise<boolean> {
    const id = this.chosenId;
    if (id === null) return Promise.resolve(false);
    return this.asking.try(async () => {
      await calls.restore(this.notebookId, id, cells);
      await this.#list();
    });
  }

  /** Left and right of the comparison. */
  pair(now: Notebook): { before: Notebook; after: Notebook } | null {
    if (!this.chosen) return null;
    if (this.beside === 'now') return { before: this.chosen.notebook, after: now };
    if (this.index > 0 && !this.previous) return null;
    return { before: this.previous?.notebook ?? { title: '', meta: {}, cells: [] }, after: this.chosen.notebook };
  }

  async #list(): Promise<void> {
    this.versions = (await calls.versions(this.notebookId)).reverse();
    this.heard = true;
    if (this.index === -1) await this.#choose(this.versions.length - 1);
  }

  async #choose(index: number): Promise<void> {
    const version = this.versions[index];
    if (!version) return;
    this.chosenId = version.id;
    await this.#load(version.id);
    const before = this.versions[index - 1];
    if (before) await this.#load(before.id);
  }

  async #load(id: string): Promise<void> {
    if (this.loaded.has(id)) return;
    const version = await calls.version(this.notebookId, id);
    this.loaded = new Map(this.loaded).set(id, version);
  }
}
