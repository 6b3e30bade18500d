/**
 * The notebook as the page sees it: its title and its cells in page order.
 *
 * D1 `live` and `bin` hold every cell exactly once between them.
 * D2 A cell keeps its `CellModel` object through moves and renames, so its component and editor stay mounted.
 */
import type { CellId } from '@datacraft/shared';
import * as Y from 'yjs';
import { CellModel } from '#lib/cell/cell-model.svelte.ts';

export class NotebookDocument {
  readonly doc: Y.Doc;
  /** The id of whoever edits here. */
  readonly me: string;
  title = $state('');
  live = $state.raw<CellModel[]>([]);
  bin = $state.raw<CellModel[]>([]);
  readonly #cells: Y.Map<Y.Map<unknown>>;
  readonly #meta: Y.Map<unknown>;
  readonly #models = new Map<string, CellModel>();

  constructor(doc: Y.Doc, me: string) {
    this.doc = doc;
    this.me = me;
    this.#cells = doc.getMap('cells');
    this.#meta = doc.getMap('notebook');
    this.#meta.observe(this.#readTitle);
    this.#cells.observeDeep(this.#onCells);
    this.#readTitle();
    this.#arrange();
  }

  find(id: CellId | null): CellModel | null {
    return id === null ? null : (this.#models.get(id) ?? null);
  }

  byName(name: string): CellModel | null {
    return this.live.find((cell) => cell.name === name) ?? null;
  }

  destroy(): void {
    this.#meta.unobserve(this.#readTitle);
    this.#cells.unobserveDeep(this.#onCells);
    for (const model of this.#models.values()) model.destroy();
  }

  #readTitle = (): void => {
    const title = this.#meta.get('title');
    this.title = title instanceof Y.Text ? title.toString() : typeof title === 'string' ? title : '';
  };

  /** Only what changes the list of cells arranges it again: text and config are each cell's own affair. */
  #onCells = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    const moved = events.some(
      (event) =>
        event.target === this.#cells ||
        (event instanceof Y.YMapEvent &&
          event.path.length === 1 &&
          ['order', 'deletedAt', 'kind'].some((key) => event.keysChanged.has(key))),
    );
    if (moved) this.#arrange();
  };

  #arrange(): void {
    for (const [id, model] of this.#models) {
      if (this.#cells.get(id) === model.map) continue;
      model.destroy();
      this.#models.delete(id);
    }
    for (const [id, map] of this.#cells) {
      if (!this.#models.has(id)) this.#models.set(id, new CellModel(id, map));
    }
    const all = [...this.#models.values()].sort(inPageOrder);
    this.live = all.filter((cell) => !isDeleted(cell));
    this.bin = all.filter(isDeleted).sort((a, b) => (deletedAtOf(a) < deletedAtOf(b) ? 1 : -1));
  }
}

/* Read from the maps: the models' own fields follow in the same transaction, in an order we do not rely on. */
function deletedAtOf(cell: CellModel): string {
  const value = cell.map.get('deletedAt');
  return typeof value === 'string' ? value : '';
}
function isDeleted(cell: CellModel): boolean {
  return deletedAtOf(cell) !== '';
}
function orderOf(cell: CellModel): string {
  const value = cell.map.get('order');
  return typeof value === 'string' ? value : '';
}
function inPageOrder(a: CellModel, b: CellModel): number {
  if (orderOf(a) !== orderOf(b)) return orderOf(a) < orderOf(b) ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
