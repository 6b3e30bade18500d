/** A range of the text file: 1-based, the end exclusive, columns in UTF-16 code units. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where a YAML value stands, and where each of its keys and items does. */
export interface Place {
  /** The key that leads to it; null for items and for the root. */
  readonly key: Span | null;
  readonly value: Span;
  readonly children: ReadonlyMap<string | number, Place>;
}

/** The place at `path`, or the nearest one above it that exists, with how many steps of the path were found. */
export function placeAt(root: Place, path: readonly (string | number)[]): { place: Place; found: number } {
  let place = root;
  let found = 0;
  for (const step of path) {
    const next = place.children.get(step);
    if (next === undefined) break;
    place = next;
    found += 1;
  }
  return { place, found };
}
