/** Who else is in the notebook, by awareness. A person counts once, however many tabs are open. */
import type { Awareness } from 'y-protocols/awareness';

export interface Person {
  id: string;
  name: string;
  color: number;
  /** Cell the person is on, if any. */
  cellId: string | null;
  self: boolean;
}

interface AwarenessState {
  user?: { id?: string; name?: string; colorIndex?: number };
  cellId?: string;
}

export class Presence {
  people = $state.raw<Person[]>([]);
  readonly #awareness: Awareness;
  readonly #onChange = (): void => this.#read();

  constructor(awareness: Awareness, user: { id: string; name: string; color: number }) {
    this.#awareness = awareness;
    awareness.setLocalStateField('user', {
      id: user.id,
      name: user.name,
      colorIndex: user.color,
      // The names y-codemirror.next reads for carets and selections.
      color: `var(--presence-${user.color})`,
      colorLight: `color-mix(in srgb, var(--presence-${user.color}) 22%, transparent)`,
    });
    awareness.on('change', this.#onChange);
    this.#read();
  }

  /** Tells the others which cell this person is on. */
  at(cellId: string | null): void {
    this.#awareness.setLocalStateField('cellId', cellId);
  }

  destroy(): void {
    this.#awareness.off('change', this.#onChange);
  }

  #read(): void {
    const byId = new Map<string, Person>();
    for (const [clientId, raw] of this.#awareness.getStates()) {
      const state = raw as AwarenessState;
      if (!state.user?.name) continue;
      const id = state.user.id ?? String(clientId);
      const self = clientId === this.#awareness.clientID;
      if (byId.has(id) && !self) continue;
      byId.set(id, {
        id,
        name: state.user.name,
        color: state.user.colorIndex ?? 8,
        cellId: state.cellId ?? null,
        self,
      });
    }
    this.people = [...byId.values()];
  }
}
