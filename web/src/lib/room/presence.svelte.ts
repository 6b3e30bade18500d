/**
 * Who else is in the notebook, by awareness. A person counts once, however many tabs are open.
 *
 * P1 What did not change stays the same object: carets move with every key of everybody, and nobody's place with them.
 */
import type { Awareness } from 'y-protocols/awareness';

export interface Person {
  id: string;
  name: string;
  color: number;
  /** Cell the person is on, if any. */
  cellId: string | null;
  /** The cell at the top of what the person sees, for who follows them. */
  seesId: string | null;
  view: View;
  self: boolean;
}

/** What of the notebook somebody has before them; the others go along to no other place. */
type View = 'notebook' | 'graph' | 'elsewhere';

interface AwarenessState {
  user?: { id?: string; name?: string; colorIndex?: number };
  cellId?: string;
  seesId?: string;
  view?: string;
  /** Who the server knows them as; it vouches for this alone. */
  account?: { id?: string; name?: string };
}

const NOBODY: readonly Person[] = [];

export class Presence {
  people = $state.raw<readonly Person[]>([]);
  #byCell = $state.raw<ReadonlyMap<string, readonly Person[]>>(new Map());
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
    if (this.#awareness.getLocalState()?.['cellId'] === cellId) return;
    this.#awareness.setLocalStateField('cellId', cellId);
  }

  /** Tells the others what is at the top of this person's screen. */
  sees(cellId: string | null): void {
    if (this.#awareness.getLocalState()?.['seesId'] !== cellId) this.#awareness.setLocalStateField('seesId', cellId);
  }

  /** Tells the others which side of the notebook this person looks at. */
  looksAt(view: string): void {
    if (this.#awareness.getLocalState()?.['view'] !== view) this.#awareness.setLocalStateField('view', view);
  }

  /** The others who are on a cell. */
  on(cellId: string): readonly Person[] {
    return this.#byCell.get(cellId) ?? NOBODY;
  }

  destroy(): void {
    this.#awareness.off('change', this.#onChange);
  }

  #read(): void {
    const byId = new Map<string, Person>();
    for (const [clientId, raw] of this.#awareness.getStates()) {
      const state = raw as AwarenessState;
      if (!state.user?.name) continue;
      const id = state.account?.id ?? state.user.id ?? String(clientId);
      const self = clientId === this.#awareness.clientID;
      if (byId.has(id) && !self) continue;
      byId.set(id, {
        id,
        name: state.account?.name ?? state.user.name,
        color: state.user.colorIndex ?? 8,
        cellId: state.cellId ?? null,
        seesId: state.seesId ?? null,
        view: viewOf(state.view ?? 'notebook'),
        self,
      });
    }
    this.#tell([...byId.values()]);
  }

  #tell(found: readonly Person[]): void {
    const known = new Map(this.people.map((person) => [person.id, person]));
    const people = found.map((person) => sameOr(known.get(person.id), person, isSamePerson));
    if (isSameList(people, this.people)) return;
    const others = people.filter((person) => !person.self && person.cellId !== null);
    const byCell = Map.groupBy(others, (person) => person.cellId ?? '');
    this.people = people;
    this.#byCell = new Map([...byCell].map(([id, on]) => [id, sameOr(this.#byCell.get(id), on, isSameList)]));
  }
}

function viewOf(said: string): View {
  return said === 'notebook' || said === 'graph' ? said : 'elsewhere';
}

function sameOr<Value>(known: Value | undefined, found: Value, isSame: (a: Value, b: Value) => boolean): Value {
  return known !== undefined && isSame(known, found) ? known : found;
}

function isSamePerson(a: Person, b: Person): boolean {
  return (Object.keys(a) as (keyof Person)[]).every((key) => a[key] === b[key]);
}

function isSameList(a: readonly Person[], b: readonly Person[]): boolean {
  return a.length === b.length && a.every((person, at) => person === b[at]);
}
