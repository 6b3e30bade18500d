import type { Column } from '@datacraft/shared';
import { SvelteMap } from 'svelte/reactivity';

import type { ResultRelation } from '../preview/result.ts';
import { type ColumnProfile, EXACT_ROWS, profileQuery, readProfile } from './profile.ts';

/** Profiles of the columns that are looked at, computed one by one in the engine; the newest result wins. */
export class Profiles {
  readonly #known = new SvelteMap<number, ColumnProfile>();
  #relation: ResultRelation | null = null;
  #columns: readonly Column[] = [];
  #rows = 0;
  #wanted: number[] = [];
  #done = new Set<number>();
  #abort = new AbortController();
  #busy = false;

  of(index: number): ColumnProfile | null {
    return this.#known.get(index) ?? null;
  }

  /** Profiles of the result before stay until theirs come, when the columns are the same. */
  follow(relation: ResultRelation, columns: readonly Column[], rows: number): void {
    if (relation === this.#relation && keyOf(columns) === keyOf(this.#columns)) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    if (keyOf(columns) !== keyOf(this.#columns)) this.#known.clear();
    this.#relation = relation;
    this.#columns = columns;
    this.#rows = rows;
    this.#done = new Set();
    this.#wanted = [];
    this.#busy = false;
  }

  want(indexes: readonly number[]): void {
    this.#wanted = indexes.filter((index) => !this.#done.has(index));
    if (!this.#busy) void this.#work();
  }

  stop(): void {
    this.#abort.abort();
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    const relation = this.#relation;
    this.#busy = true;
    for (let index = this.#wanted.shift(); index !== undefined && relation; index = this.#wanted.shift()) {
      const at = index;
      this.#done.add(at);
      try {
        const rows = this.#rows;
        const make = (from: string) => profileQuery(from, this.#columns, at, rows);
        const table = await relation.ask(make, { signal, limit: 1000 });
        if (signal.aborted) return;
        this.#known.set(at, readProfile(table, rows <= EXACT_ROWS));
      } catch {
        // A profile is an extra: a type it cannot read, or an aborted one, leaves the header without a picture.
        if (signal.aborted) return;
      }
    }
    this.#busy = false;
  }
}

function keyOf(columns: readonly Column[]): string {
  return JSON.stringify(columns);
}
