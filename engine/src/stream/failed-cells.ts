import type { StreamProgress } from '@datacraft/shared';
import { relationName, say, worded } from '@datacraft/shared';
import { errorOf } from '../run/error-of.ts';
import type { Stage } from '../plan/plan.ts';

/** What is told of the cells of one commit that could not be made. */
export type FailedCells = Required<Pick<StreamProgress, 'failedCells' | 'failedSaid' | 'failedTables'>>;

/** Cells that failed, or read one that did. */
export class Failures {
  readonly #cells = new Map<string, { readonly table: string; readonly why: ReturnType<typeof worded> }>();

  has(cell: string): boolean {
    return this.#cells.has(cell);
  }

  add({ cell, relation }: Stage, error: unknown): void {
    this.#cells.set(cell, { table: relationName(relation), why: errorOf(error, cell) });
  }

  addBlocked({ cell, relation }: Stage, blocker: string): void {
    const why = worded(say('blocked by {blocker}: it failed, so this cell keeps its last good result', { blocker }));
    this.#cells.set(cell, { table: relationName(relation), why });
  }

  told(): FailedCells {
    const all = [...this.#cells];
    return {
      failedCells: Object.fromEntries(all.map(([cell, { why }]) => [cell, why.message])),
      failedSaid: Object.fromEntries(all.flatMap(([cell, { why }]) => (why.said ? [[cell, why.said]] : []))),
      failedTables: all.map(([, { table }]) => table),
    };
  }
}
