/**
 * Finding, and replacing, in all cells of an open notebook. What is found follows the text while people write.
 *
 * F1 While it is closed, nothing is looked for.
 * F2 Of a cell that nobody changed nothing is looked for again.
 */
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { readingOf } from '#lib/cell/prose-later.svelte.ts';
import { type Place, placesIn, sameOrNext, settingsOf, type Wanted } from './search.ts';

interface Known {
  readonly text: string;
  readonly name: string;
  readonly config: unknown;
  readonly wanted: Wanted;
  readonly read: string | null;
  readonly places: readonly Place[];
}

export class Finding {
  open = $state(false);
  /** Grows each time it is asked for; the field takes the focus. */
  asked = $state(0);
  words = $state('');
  exact = $state(false);
  replacing = $state(false);
  /** Where the person is among what was found. */
  last = $state.raw<Place | null>(null);
  #begunAt: Place | null = null;
  readonly #cells: () => readonly CellModel[];
  readonly #known = new WeakMap<CellModel, Known>();
  readonly #readings = new WeakMap<CellModel, { text: string; read: string }>();

  readonly wanted = $derived<Wanted>({ words: this.words, exact: this.exact });
  readonly places = $derived.by(() => (this.open ? this.#cells().flatMap((cell) => this.#placesOf(cell)) : []));
  /** Which of the places, or none. */
  readonly at = $derived(this.last === null ? -1 : sameOrNext(this.places, this.last));
  readonly current = $derived(this.places[this.at] ?? null);

  constructor(cells: () => readonly CellModel[]) {
    this.#cells = cells;
  }

  /** `from` is where the person is: what they selected there is looked for at once. */
  ask(from: { readonly cellId: string | null; readonly words?: string; readonly at?: number }): void {
    const { words = '', at = 0, cellId } = from;
    this.#begunAt = cellId === null ? null : { cellId, part: 'text', from: at, to: at };
    if (words !== '' && !words.includes('\n')) this.words = words;
    this.last = this.#begunAt;
    this.open = true;
    this.asked += 1;
  }

  close(): void {
    this.open = false;
  }

  /** Other words: the first of them from where the person was when they began. */
  begin(): Place | null {
    this.last = this.#begunAt;
    return this.at === -1 ? this.step(1) : (this.last = this.current);
  }

  /** The next one, or the one before, round and round. */
  step(by: 1 | -1): Place | null {
    const { places, at } = this;
    if (places.length === 0) return null;
    const next = at === -1 ? this.#nextCell() + (by === 1 ? 0 : -1) : at + by;
    this.last = places[(next + places.length) % places.length] ?? null;
    return this.last;
  }

  /** The first place in a cell below the one where the person is. */
  #nextCell(): number {
    const order = new Map(this.#cells().map((cell, index) => [cell.id as string, index]));
    const here = order.get(this.last?.cellId ?? '') ?? -1;
    const found = this.places.findIndex(({ cellId }) => (order.get(cellId) ?? 0) > here);
    return found === -1 ? 0 : found;
  }

  #placesOf(cell: CellModel): readonly Place[] {
    const { text, name, config } = cell;
    const wanted = this.wanted;
    const read = cell.kind === 'markdown' ? this.#readingOf(cell) : null;
    const known = this.#known.get(cell);
    if (known && isUnchanged(known, { text, name, config, wanted, read })) return known.places;
    const places = placesIn({ id: cell.id, name, text, read, settings: settingsOf(config) }, wanted);
    this.#known.set(cell, { text, name, config, wanted, read, places });
    return places;
  }

  #readingOf(cell: CellModel): string | null {
    const known = this.#readings.get(cell);
    if (known?.text === cell.text) return known.read;
    const read = readingOf(cell.text);
    if (read !== null) this.#readings.set(cell, { text: cell.text, read });
    return read;
  }
}

function isUnchanged(known: Known, now: Omit<Known, 'places'>): boolean {
  return (Object.keys(now) as (keyof typeof now)[]).every((key) => known[key] === now[key]);
}
