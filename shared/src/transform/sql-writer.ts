/** Where a piece of the written SQL comes from. */
export interface Segment {
  /** Half-open, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly path: readonly (string | number)[];
}

/** SQL in pieces, some of which are somebody's own words. */
export type Piece = string | { readonly text: string; readonly path: readonly (string | number)[] };

/** Somebody's expression. A comment in it may not swallow what follows. */
export function own(text: string, ...path: readonly (string | number)[]): Piece {
  return { text: text.includes('--') ? `${text}\n` : text, path };
}

/** `a, b`, each from its own place. */
export function joined<T>(
  items: readonly T[],
  write: (item: T, at: number) => readonly Piece[],
  separator = ', ',
): Piece[] {
  return items.flatMap((item, at) => (at === 0 ? write(item, at) : [separator, ...write(item, at)]));
}

export class SqlWriter {
  #text = '';
  readonly #segments: Segment[] = [];

  get text(): string {
    return this.#text;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Writes pieces whose paths lie below `path`. */
  write(pieces: readonly Piece[], path: readonly (string | number)[] = []): void {
    const start = this.#text.length;
    for (const piece of pieces) {
      const from = this.#text.length;
      this.#text += typeof piece === 'string' ? piece : piece.text;
      if (typeof piece !== 'string')
        this.#segments.push({ start: from, end: this.#text.length, path: [...path, ...piece.path] });
    }
    if (path.length > 0) this.#segments.push({ start, end: this.#text.length, path });
  }
}

/** The narrowest place that an offset lies in, or that ends there: what is missing is missed at the next word. */
export function pathAt(segments: readonly Segment[], offset: number): readonly (string | number)[] | null {
  const around = segments.filter(({ start, end }) => start <= offset && offset <= end);
  around.sort((a, b) => a.end - a.start - (b.end - b.start));
  return around[0]?.path ?? null;
}
