/**
 * What the server says of each cell. Who reads one hears of that one; a whole graph is told at once, however many are
 * new. (A SvelteMap looks for whom to tell with each value that is set: for a graph of all cells, the square of them.)
 *
 * S1  What is said anew of a cell without being anything new stays the same object, and nobody hears of it.
 */
import type { CellId, CellStatus } from '@datacraft/shared';

class Slot {
  status = $state.raw<CellStatus>();
  constructor(status: CellStatus) {
    this.status = status;
  }
}

export class Statuses {
  readonly #slots = new Map<CellId, Slot>();
  /** In the order of the graph. */
  all = $state.raw<readonly CellStatus[]>([]);

  get(id: CellId): CellStatus | undefined {
    const slot = this.#slots.get(id);
    // Who asks for one that is not here hears when others come.
    return slot ? slot.status : this.all.find((status) => status.id === id);
  }

  hear(cells: readonly CellStatus[]): void {
    const told = new Set(cells.map(({ id }) => id));
    let isNew = cells.length !== this.#slots.size;
    for (const [id, slot] of this.#slots) {
      if (told.has(id)) continue;
      slot.status = undefined;
      this.#slots.delete(id);
      isNew = true;
    }
    for (const cell of cells) {
      const slot = this.#slots.get(cell.id);
      if (slot && isSame(slot.status, cell)) continue;
      if (slot) slot.status = cell;
      else this.#slots.set(cell.id, new Slot(cell));
      isNew = true;
    }
    if (isNew) this.all = cells.map((cell) => this.#slots.get(cell.id)?.status ?? cell);
  }
}

function isSame(known: CellStatus | undefined, found: CellStatus): boolean {
  return JSON.stringify(known) === JSON.stringify(found);
}
