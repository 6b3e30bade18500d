/**
 * Auto: what a person's own edit made stale is run again once they are quiet, so that tables and charts follow.
 *
 * A1 Only edits made on this page count: of several people in a notebook, only who edited starts the run.
 * A2 Only cells that were published before are run; a cell never run is the person's to publish first.
 * A3 One run per edit: when it ends and something is still stale, nothing is started until the next edit.
 */
import type { Transaction } from 'yjs';
import { staleNames } from './stale-names.ts';
import type { NotebookSession } from './session.svelte.ts';

/** Long enough to finish a thought, short enough to still look at the result. */
const QUIET_MS = 2_000;

export class AutoRun {
  readonly #session: NotebookSession;
  #pending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: NotebookSession) {
    this.#session = session;
    session.room.doc.on('afterTransaction', this.#onTransaction);
  }

  /** Call it when the server has told something new. */
  consider(): void {
    if (!this.#pending || !this.#session.autoRun || !this.#session.canRun) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), QUIET_MS);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#session.room.doc.off('afterTransaction', this.#onTransaction);
  }

  #onTransaction = (transaction: Transaction): void => {
    if (!transaction.local || transaction.changed.size === 0) return;
    this.#pending = true;
    this.consider();
  };

  #start(): void {
    const session = this.#session;
    if (!session.autoRun || session.live.active || session.starting || session.room.pending > 0) return;
    const names = staleNames(session.cells, (cell) => session.stateOf(cell).mark);
    if (names.length === 0 || hasPreviewError(session, names)) return;
    this.#pending = false;
    void session.start({ select: names }, 'auto');
  }
}

function hasPreviewError(session: NotebookSession, names: readonly string[]): boolean {
  return names.some((name) => {
    const cell = session.document.byName(name);
    return cell !== null && session.preview.of(cell.id).state === 'error';
  });
}
