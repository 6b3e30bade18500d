import type { ParamValue } from '@datacraft/shared';

/**
 * A range of days after one end was changed: an end alone is both, an end beyond the other takes it along, and two empty
 * ones are no range.
 */
export function rangeAfter(before: readonly unknown[], which: 0 | 1, text: string): ParamValue {
  const pair = [before[0] ?? '', before[1] ?? ''].map(String);
  pair[which] = text;
  const [start = '', stop = ''] = pair;
  if (start === '' && stop === '') return null;
  if (start === '' || stop === '') return [start || stop, start || stop];
  return start <= stop ? [start, stop] : [text, text];
}
