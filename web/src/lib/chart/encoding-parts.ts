import type { Aggregate, Encoding, Json } from '@datacraft/shared';

export interface EncodingParts {
  column: string;
  aggregate?: Aggregate;
  bucket?: string;
  label?: string;
  format?: string;
}

/** An encoding in its long form; without a column when there is none. */
export function partsOf(encoding: Encoding | undefined): EncodingParts {
  if (encoding === undefined) return { column: '' };
  return typeof encoding === 'string' ? { column: encoding } : encoding;
}

/** An encoding with a part changed: the short form when there is nothing but a name. */
export function packed(encoding: Encoding | undefined, change: Record<string, string>): Json | undefined {
  const entries = Object.entries({ ...partsOf(encoding), ...change }).filter(([, value]) => value !== '');
  const next = Object.fromEntries(entries);
  if (next['column'] === undefined) return undefined;
  return entries.length === 1 ? next['column'] : next;
}
