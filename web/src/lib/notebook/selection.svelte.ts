/** Where the person is: one cell at most, reading (command mode) or writing in it. Nothing of it is in the document. */
import type { CellId } from '@datacraft/shared';

export type Mode = 'command' | 'edit';
export type PanelTab = 'run' | 'lineage' | 'profile' | 'problems' | 'comments';

const FLASH_MS = 900;

export class Selection {
  id = $state<CellId | null>(null);
  mode = $state<Mode>('command');
  /** Where the row of kinds is open: after this cell, `top`, or nowhere. */
  inserting = $state<CellId | 'top' | null>(null);
  renaming = $state<CellId | null>(null);
  settings = $state<CellId | null>(null);
  /** Cells that an undo or redo just changed; shown for a moment. */
  flashed = $state.raw<ReadonlySet<string>>(new Set());
  bin = $state(false);
  view = $state<'notebook' | 'graph' | 'history' | 'review'>('notebook');
  /** Of this cell it is shown who wrote what. */
  blaming = $state<CellId | null>(null);
  /** The cell whose columns are traced. */
  tracing = $state<CellId | null>(null);
  /** The cell whose rows are to go to a topic. */
  producing = $state<CellId | null>(null);
  /** The cell that a window over time is written into. */
  windowing = $state<CellId | null>(null);
  sharing = $state(false);
  branching = $state(false);
  environments = $state(false);
  exporting = $state(false);
  planning = $state(false);
  panel = $state<PanelTab>('lineage');
  /** Line and column of the caret in the focused editor. */
  caret = $state<{ line: number; column: number } | null>(null);
  #folded = $state.raw<ReadonlySet<string>>(new Set());
  #flashEnds: ReturnType<typeof setTimeout> | undefined;
  readonly #key: string;

  constructor(notebookId: string) {
    this.#key = `folded/${notebookId}`;
    const stored: unknown = JSON.parse(localStorage.getItem(this.#key) ?? '[]');
    if (Array.isArray(stored)) this.#folded = new Set(stored.filter((id) => typeof id === 'string'));
  }

  select(id: CellId | null): void {
    if (this.id !== id) this.mode = 'command';
    this.id = id;
  }

  edit(id: CellId): void {
    this.id = id;
    this.mode = 'edit';
    this.inserting = null;
  }

  flash(ids: readonly string[]): void {
    this.flashed = new Set(ids);
    clearTimeout(this.#flashEnds);
    this.#flashEnds = setTimeout(() => (this.flashed = new Set()), FLASH_MS);
  }

  leave(): void {
    this.mode = 'command';
    this.inserting = null;
    this.renaming = null;
  }

  isFolded(id: CellId): boolean {
    return this.#folded.has(id);
  }

  fold(id: CellId): void {
    const next = new Set(this.#folded);
    if (!next.delete(id)) next.add(id);
    this.#folded = next;
    localStorage.setItem(this.#key, JSON.stringify([...next]));
  }
}
