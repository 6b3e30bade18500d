import { type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { TextPresence } from '#lib/room/carets.ts';

/** Long enough to read a name, and over before one wants to read what it lies on. */
const SHOWN_MS = 2_500;
const MOVED = 'cm-moved';

/**
 * The name at somebody's caret is seen while they move, and when the caret is pointed at (theme.ts); the caret stays. The
 * elements are made by the plug-in of carets, also anew while others type: whose name they bear tells them apart.
 */
export function nameFlags(carets: TextPresence) {
  return ViewPlugin.define((view) => new NameFlags(view, carets));
}

export class NameFlags {
  readonly #view: EditorView;
  readonly #carets: TextPresence;
  readonly #at = new Map<number, string>();
  readonly #moving = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(view: EditorView, carets: TextPresence) {
    this.#view = view;
    this.#carets = carets;
    for (const [id, state] of carets.getStates()) this.#at.set(id, JSON.stringify(state['cursor']));
    carets.on('change', this.#onChange);
  }

  update({ docChanged, viewportChanged }: ViewUpdate): void {
    if (docChanged || viewportChanged) this.#paintSoon();
  }

  destroy(): void {
    this.#carets.off('change', this.#onChange);
    for (const timer of this.#moving.values()) clearTimeout(timer);
    this.#moving.clear();
  }

  #onChange = ({ updated }: { updated: number[] }): void => {
    const states = this.#carets.getStates();
    for (const id of updated) {
      const state = states.get(id);
      const at = JSON.stringify(state?.['cursor']);
      if (at === this.#at.get(id)) continue;
      if (state === undefined) this.#at.delete(id);
      else {
        this.#at.set(id, at);
        this.#show(nameOf(state));
      }
    }
    this.#paintSoon();
  };

  #show(name: string): void {
    clearTimeout(this.#moving.get(name));
    const rest = () => {
      this.#moving.delete(name);
      this.#paint();
    };
    this.#moving.set(name, setTimeout(rest, SHOWN_MS));
  }

  #paintSoon(): void {
    if (this.#moving.size === 0) return;
    this.#view.requestMeasure({ key: this, read: () => null, write: () => this.#paint() });
  }

  #paint(): void {
    for (const caret of this.#view.contentDOM.querySelectorAll('.cm-ySelectionCaret'))
      caret.classList.toggle(MOVED, this.#moving.has(caret.querySelector('.cm-ySelectionInfo')?.textContent ?? ''));
  }
}

function nameOf(state: Record<string, unknown>): string {
  const { name } = (state['user'] ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : '';
}
