/** Eight colours, in the order of the tokens. */
export const CATEGORY_COUNT = 8;

/**
 * Colours bound to values: the same value has the same colour in every chart of a scope, whatever its rank.
 * A dashboard makes one scope for all its tiles.
 */
export class ColorScope {
  readonly #places = new Map<string, number>();

  /** 1 to 8, or null when all colours are taken: such a value is drawn muted. */
  placeOf(value: string): number | null {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    if (this.#places.size >= CATEGORY_COUNT) return null;
    const place = this.#places.size + 1;
    this.#places.set(value, place);
    return place;
  }
}

export interface ChartTheme {
  readonly categories: readonly string[];
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly baseline: string;
  readonly text1: string;
  readonly text2: string;
  readonly sequence: readonly string[];
  readonly font: string;
  readonly page: string;
}

/** The tokens as they are where the chart stands. */
export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    categories: Array.from({ length: CATEGORY_COUNT }, (_, at) => token(`chart-${at + 1}`)),
    muted: token('chart-muted'),
    grid: token('chart-grid'),
    axis: token('chart-axis'),
    baseline: token('line-3'),
    text1: token('text-1'),
    text2: token('text-2'),
    sequence: Array.from({ length: 7 }, (_, at) => token(`seq-${at + 1}`)),
    font: style.fontFamily,
    page: token('surface-page'),
  };
}
