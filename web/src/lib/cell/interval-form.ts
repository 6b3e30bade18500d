import type { Json } from '@datacraft/shared';

/** A date, or a time of one, as `start` takes it. */
export function isBeginning(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text.replace(' ', 'T')));
}

/** How many intervals, or a length of time. */
export function isLookback(text: string): boolean {
  return /^\d+(\s*[a-z]+)?$/i.test(text);
}

/** A count is a number in the cell; nothing is no key. */
export function lookbackOf(typed: string): Json | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  return /^\d+$/.test(text) ? Number(text) : text;
}
