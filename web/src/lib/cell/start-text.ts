/** Where a topic begins, as people type it: a word, a time, or offsets of partitions as `0: 1500, 1: 900`. */
import type { Json } from '@datacraft/shared';

export function startAsText(value: Json | undefined): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value ?? '');
  return Object.entries(value)
    .map(([partition, offset]) => `${partition}: ${String(offset)}`)
    .join(', ');
}

/** What is no list of offsets stays text: whether it is a time is said where it is read. */
export function startOfText(text: string): Json {
  const parts = text.split(',').map((part) => /^\s*(\d+)\s*:\s*(\d+)\s*$/.exec(part));
  const offsets = parts.flatMap((part) => (part === null ? [] : [[part[1] ?? '', numberOf(part[2] ?? '')] as const]));
  return offsets.length === parts.length ? Object.fromEntries(offsets) : text.trim();
}

/** One that a number would not keep stays text. */
function numberOf(digits: string): number | string {
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
}
