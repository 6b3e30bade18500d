import type { Json, JsonObject } from '@datacraft/shared';
import { sourceFields } from './source-fields.ts';
import { topKey } from './source-keys.ts';

/** Keys that mean the same for every type of source. */
const common = ['layer', 'description', 'tags', 'columns'];

/** What a new type changes in a source's config: keys it does not know go, and it gets what it cannot do without. */
export function changeOfType(config: JsonObject, type: string): Record<string, Json | undefined> {
  const kept = new Set([...common, ...(sourceFields[type] ?? []).map((field) => topKey(field.key))]);
  const gone = Object.keys(config).filter((key) => !kept.has(key));
  const needed: Record<string, Json> =
    type === 'simulator' ? { template: 'ecommerce_orders', rows: 1000, seed: 42 } : {};
  return { ...Object.fromEntries(gone.map((key) => [key, undefined])), ...needed, type };
}
