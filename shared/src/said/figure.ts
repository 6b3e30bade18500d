/** A number of data within a sentence: each language writes it its own way, with no more decimals than say something. */
export interface SaidFigure {
  readonly figure: number;
  /** Decimals, at most. */
  readonly digits: number;
}

const FIGURES = 4;
const MOST_DIGITS = 20;

/** Numbers of one sentence, alike: four figures of the largest, and more where the first would look like another one. */
export function figuresOf<Values extends readonly number[]>(...values: Values): { [At in keyof Values]: SaidFigure } {
  const [first = 0, ...others] = values;
  const largest = Math.max(...values.map(Math.abs).filter(Number.isFinite), 0);
  let digits = largest === 0 ? 0 : Math.max(0, FIGURES - 1 - Math.floor(Math.log10(largest)));
  digits = Math.min(digits, MOST_DIGITS);
  const looksLike = (other: number) => other !== first && other.toFixed(digits) === first.toFixed(digits);
  while (digits < MOST_DIGITS && others.some(looksLike)) digits += 1;
  return values.map((figure) => ({ figure, digits })) as { [At in keyof Values]: SaidFigure };
}

export function figureText({ figure, digits }: SaidFigure, locale: 'en' | 'pt-BR'): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(figure);
}
