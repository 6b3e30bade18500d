/** The moments at which this person looks back at tables of streams, by cell. Nobody else sees them; they end with the page. */
import type { CellId } from '@datacraft/shared';
import type { Extent } from '#lib/preview/extent.ts';
import type { PreviewCell } from '#lib/preview/preview.svelte.ts';

/** The rows of a table as one of its commits left them. */
export interface Moment {
  readonly snapshotId: string;
  readonly committedAt: string;
  /** Arrow IPC stream. */
  readonly bytes: Uint8Array;
  readonly extent: Extent;
}

/** A cell's relations with the rows of a moment in the place of its own, for whatever reads it. */
export function withRowsOf(
  relations: readonly PreviewCell[],
  { snapshotId, extent }: Moment,
  readsHeld: readonly string[],
): readonly PreviewCell[] {
  return relations.map((each, at) => ({
    ...each,
    ...(readsHeld.length > 0 ? { readsHeld } : {}),
    ...(at === 0 ? { held: { version: snapshotId, extent } } : {}),
  }));
}

export class Moments {
  #held = $state.raw<ReadonlyMap<CellId, Moment>>(new Map());

  get any(): boolean {
    return this.#held.size > 0;
  }

  of(cellId: CellId): Moment | null {
    return this.#held.get(cellId) ?? null;
  }

  /** A copy: who takes it may use it up. Null: it is not looked back at. */
  rowsOf(cellId: CellId): Promise<Uint8Array> | null {
    const bytes = this.of(cellId)?.bytes;
    return bytes ? Promise.resolve(bytes.slice()) : null;
  }

  /** Null: back to live. */
  look(cellId: CellId, moment: Moment | null): void {
    if (moment === null && !this.#held.has(cellId)) return;
    const next = new Map(this.#held);
    if (moment === null) next.delete(cellId);
    else next.set(cellId, moment);
    this.#held = next;
  }
}
