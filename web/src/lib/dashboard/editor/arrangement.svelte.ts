/**
 * A layout being arranged: every change is settled, can be undone, and is kept on the server shortly after. Inputs have
 * no place of their own: they stand in the bar above the tiles, in this order.
 */
import type { CellId, DashboardDraft, DashboardLayout, LayoutTile, Rect } from '@datacraft/shared';
import { freePlace, LAYOUT_COLUMNS, placeTile, settle } from '@datacraft/shared';
import { messageOf } from '#lib/api/index.ts';
import { calls } from './calls.ts';

interface Content {
  readonly tiles: readonly LayoutTile[];
  readonly inputs: readonly LayoutTile[];
  readonly title: string;
  readonly description: string;
}

const SAVE_MS = 500;
const INPUT = { w: 3, h: 1 };
const MAX_UNDO = 100;

export class Arrangement {
  readonly id: string;
  draft = $state.raw<DashboardDraft>() as DashboardDraft;
  content = $state.raw<Content>({ tiles: [], inputs: [], title: '', description: '' });
  /** While something is dragged; not kept, not undone. */
  held = $state.raw<readonly LayoutTile[] | null>(null);
  saving = $state(false);
  failure = $state<string | null>(null);
  #past: Content[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saved: Promise<void> = Promise.resolve();

  constructor(id: string, draft: DashboardDraft) {
    this.id = id;
    this.draft = draft;
    this.content = contentOf(draft);
  }

  get tiles(): readonly LayoutTile[] {
    return this.held ?? this.content.tiles;
  }

  get layout(): DashboardLayout {
    return layoutOf(this.content);
  }

  find(cellId: CellId): LayoutTile | undefined {
    return this.tiles.find((tile) => tile.cellId === cellId);
  }

  has(cellId: CellId): boolean {
    return [...this.content.tiles, ...this.content.inputs].some((tile) => tile.cellId === cellId);
  }

  /** Shows where a tile would be, from the arrangement before the drag. */
  hold(cellId: CellId, rect: Partial<Rect>): void {
    const tile = this.content.tiles.find((each) => each.cellId === cellId);
    if (tile) this.held = placeTile(this.content.tiles, tile, rect);
  }

  drop(): void {
    const isSame = JSON.stringify(this.held) === JSON.stringify(this.content.tiles);
    if (this.held && !isSame) this.#change({ tiles: this.held });
    this.held = null;
  }

  place(cellId: CellId, rect: Partial<Rect>): LayoutTile | undefined {
    this.hold(cellId, rect);
    this.drop();
    return this.find(cellId);
  }

  add(cellId: CellId): void {
    const cell = this.draft.cells.find((each) => each.cellId === cellId);
    if (!cell || this.has(cellId)) return;
    if (cell.kind === 'input') this.#change({ inputs: [...this.content.inputs, { cellId, x: 0, y: 0, ...INPUT }] });
    else this.#change({ tiles: [...this.content.tiles, { cellId, ...freePlace(this.content.tiles, cell.w, cell.h) }] });
    void this.#refresh();
  }

  remove(cellId: CellId): void {
    const without = (list: readonly LayoutTile[]) => list.filter((tile) => tile.cellId !== cellId);
    this.#change({ tiles: settle(without(this.content.tiles)), inputs: without(this.content.inputs) });
  }

  rename(cellId: CellId, title: string): void {
    this.#change({
      tiles: this.content.tiles.map((tile) => {
        if (tile.cellId !== cellId) return tile;
        const { title: _old, ...rest } = tile;
        return title.trim() === '' ? rest : { ...rest, title: title.trim() };
      }),
    });
    void this.#refresh();
  }

  describe(change: { title?: string; description?: string }): void {
    this.#change(change);
  }

  undo(): boolean {
    const before = this.#past.pop();
    if (!before) return false;
    this.content = before;
    this.#later();
    void this.#refresh();
    return true;
  }

  /** Resolves when the server has what is on screen. */
  async settled(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.saving) await this.#save();
  }

  #change(change: Partial<Content>): void {
    this.#past = [...this.#past, this.content].slice(-MAX_UNDO);
    this.content = { ...this.content, ...change };
    this.#later();
  }

  #later(): void {
    this.saving = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), SAVE_MS);
  }

  /** One after the other, so that an older arrangement never lands last. */
  #save(): Promise<void> {
    this.#saved = this.#saved.then(async () => {
      const { layout } = this;
      try {
        await calls.save(this.id, layout);
        this.failure = null;
        if (JSON.stringify(this.layout) === JSON.stringify(layout)) this.saving = false;
      } catch (error) {
        this.failure = messageOf(error);
      }
    });
    return this.#saved;
  }

  /** Data of tiles that were not there before. */
  async #refresh(): Promise<void> {
    try {
      this.draft = await calls.draft(this.id, this.layout);
    } catch (error) {
      this.failure = messageOf(error);
    }
  }
}

function contentOf({ layout, cells }: DashboardDraft): Content {
  const inputs = new Set(cells.filter((cell) => cell.kind === 'input').map((cell) => cell.cellId));
  return {
    tiles: settle(layout.tiles.filter((tile) => !inputs.has(tile.cellId))),
    inputs: layout.tiles.filter((tile) => inputs.has(tile.cellId)),
    title: layout.title ?? '',
    description: layout.description ?? '',
  };
}

/** Inputs take rows of their own above the tiles. */
export function layoutOf({ tiles, inputs, title, description }: Content): DashboardLayout {
  const each = LAYOUT_COLUMNS / INPUT.w;
  const rows = Math.ceil(inputs.length / each);
  const bar = inputs.map((tile, at) => ({ ...tile, ...INPUT, x: (at % each) * INPUT.w, y: Math.floor(at / each) }));
  return {
    ...(title.trim() === '' ? {} : { title: title.trim() }),
    ...(description.trim() === '' ? {} : { description: description.trim() }),
    tiles: [...bar, ...tiles.map((tile) => ({ ...tile, y: tile.y + rows }))],
  };
}
