/** The versions of one notebook: which is looked at, and beside what. States are loaded once and kept. */
import type { Notebook, Version, VersionSummary } from '@datacraft/shared';
import { messageOf } from '#lib/api/index.ts';
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
  busy = $state(false);
  failure = $state<string | null>(null);
  readonly index = $derived(this.versions.findIndex((version) => version.id === this.chosenId));
  readonly chosen = $derived(this.chosenId === null ? null : (this.loaded.get(this.chosenId) ?? null));
  /** Null for the first version: everything in it is new. */
  readonly previous = $derived(this.loaded.get(this.versions[this.index - 1]?.id ?? '') ?? null);

  constructor(notebookId: string) {
    this.notebookId = notebookId;
  }

  async refresh(): Promise<void> {
    await this.#try(async () => {
      this.versions = (await calls.versions(this.notebookId)).reverse();
      this.heard = true;
      if (this.index === -1) await this.choose(this.versions.length - 1);
    });
  }

  async choose(index: number): Promise<void> {
    const version = this.versions[index];
    if (!version) return;
    this.chosenId = version.id;
    await this.#load(version.id);
    const before = this.versions[index - 1];
    if (before) await this.#load(before.id);
  }

  name(name: string, message: string): Promise<boolean> {
    return this.#try(async () => {
      const { id } = await calls.name(this.notebookId, name, message);
      await this.refresh();
      await this.choose(this.versions.findIndex((version) => version.id === id));
    });
  }

  /** `cells` null brings back everything. */
  restore(cells: string[] | null): Promise<boolean> {
    const id = this.chosenId;
    if (id === null) return Promise.resolve(false);
    return this.#try(async () => {
      await calls.restore(this.notebookId, id, cells);
      await this.refresh();
    });
  }

  /** Left and right of the comparison. */
  pair(now: Notebook): { before: Notebook; after: Notebook } | null {
    if (!this.chosen) return null;
    if (this.beside === 'now') return { before: this.chosen.notebook, after: now };
    if (this.index > 0 && !this.previous) return null;
    return { before: this.previous?.notebook ?? { title: '', meta: {}, cells: [] }, after: this.chosen.notebook };
  }

  async #load(id: string): Promise<void> {
    if (this.loaded.has(id)) return;
    await this.#try(async () => {
      const version = await calls.version(this.notebookId, id);
      this.loaded = new Map(this.loaded).set(id, version);
    });
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      this.failure = null;
      return true;
    } catch (error) {
      this.failure = messageOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
