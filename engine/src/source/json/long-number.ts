/** Whole numbers of fewer digits are the same as DOUBLE, and as text no longer than those are. */
export const LONG_DIGITS = 15;

const LONG = /\d{15}/;

/** False where no number in a text of JSON has so many digits. */
export function mayHoldLong(json: string): boolean {
  return LONG.test(json);
}
