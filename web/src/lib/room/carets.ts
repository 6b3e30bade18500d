/**
 * Carets of the others as each editor needs them. The editor's plug-in looks at everybody and draws itself anew whenever
 * anybody's caret moves; with fifty people in a long notebook that is most of what the page does.
 *
 * C1 An editor hears of a caret that is in its text, or was there until now, and of no other.
 * C2 A caret whose text is not here yet (presence may overtake the edit) is looked at again after each change until it is.
 */
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

interface Change {
  added: number[];
  updated: number[];
  removed: number[];
}
type Listener = (change: Change, origin: unknown, type: string) => void;

/** What the editor's plug-in asks of presence. */
export interface TextPresence {
  readonly doc: Y.Doc;
  getLocalState(): Record<string, unknown> | null;
  setLocalStateField(field: string, value: unknown): void;
  getStates(): Map<number, Record<string, unknown>>;
  on(name: 'change', listener: Listener): void;
  off(name: 'change', listener: Listener): void;
}

export class Carets {
  readonly #awareness: Awareness;
  readonly #at = new Map<number, unknown>();
  /** The same from the side of the texts: editors ask with every change. */
  readonly #in = new Map<unknown, Set<number>>();
  readonly #lost = new Set<number>();
  readonly #listeners = new Map<unknown, Set<Listener>>();

  constructor(awareness: Awareness) {
    this.#awareness = awareness;
    for (const id of awareness.getStates().keys()) this.#place(id);
    awareness.on('change', this.#onChange);
    awareness.doc.on('afterTransaction', this.#onTransaction);
  }

  /** Presence for the editor of one text. */
  of(text: Y.Text): TextPresence {
    const awareness = this.#awareness;
    return {
      doc: awareness.doc,
      getLocalState: () => awareness.getLocalState(),
      setLocalStateField: (field, value) => awareness.setLocalStateField(field, value),
      getStates: () => new Map([...(this.#in.get(text) ?? [])].map((id) => [id, awareness.getStates().get(id) ?? {}])),
      on: (_name, listener) => {
        const set = this.#listeners.get(text) ?? new Set();
        this.#listeners.set(text, set.add(listener));
      },
      off: (_name, listener) => {
        const set = this.#listeners.get(text);
        set?.delete(listener);
        if (set?.size === 0) this.#listeners.delete(text);
      },
    };
  }

  destroy(): void {
    this.#awareness.off('change', this.#onChange);
    this.#awareness.doc.off('afterTransaction', this.#onTransaction);
  }

  #onChange = ({ added, updated, removed }: Change): void => {
    const texts = new Map<unknown, number[]>();
    for (const id of [...added, ...updated, ...removed]) {
      if (id === this.#awareness.clientID) continue;
      for (const text of new Set([this.#at.get(id), this.#place(id)]))
        if (text) texts.set(text, [...(texts.get(text) ?? []), id]);
    }
    for (const [text, ids] of texts) this.#tell(text, ids);
  };

  #onTransaction = (): void => {
    for (const id of [...this.#lost]) {
      const text = this.#place(id);
      if (text) this.#tell(text, [id]);
    }
  };

  #tell(text: unknown, updated: number[]): void {
    for (const listener of this.#listeners.get(text) ?? [])
      listener({ added: [], updated, removed: [] }, null, 'change');
  }

  /** Finds and remembers the text that somebody's caret is in. */
  #place(id: number): unknown {
    const found = textOf(this.#awareness.getStates().get(id), this.#awareness.doc);
    this.#lost.delete(id);
    if (found === 'later') this.#lost.add(id);
    return this.#move(id, found === 'later' ? null : found);
  }

  #move(id: number, to: unknown): unknown {
    const from = this.#at.get(id);
    const there = this.#in.get(from);
    there?.delete(id);
    if (there?.size === 0) this.#in.delete(from);
    this.#at.delete(id);
    if (to === null) return undefined;
    this.#at.set(id, to);
    this.#in.set(to, (this.#in.get(to) ?? new Set()).add(id));
    return to;
  }
}

function textOf(state: Record<string, unknown> | undefined, doc: Y.Doc): unknown {
  const { head } = (state?.['cursor'] ?? {}) as { head?: unknown };
  if (typeof head !== 'object' || head === null) return null;
  try {
    const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(head), doc);
    return found === null ? 'later' : found.type;
  } catch {
    return null; // whatever another client says about itself
  }
}
