import type { Json, JsonObject } from '@datacraft/shared';

/** Of an event time nobody said more of. */
const USUAL_DELAY = '10 seconds';

/** Keys of a source may lie one level down: `auth.type` is the `type` of `auth`. */
export function topKey(key: string): string {
  return key.split('.')[0] ?? key;
}

/** `format.avro.registry` lies two levels down, where the level between is a word that may stand alone (`format: avro`). */
export function valueAt(config: JsonObject, key: string): Json | undefined {
  let value: Json | undefined = config;
  for (const part of key.split('.')) value = isObject(value) ? value[part] : undefined;
  return value;
}

/** A word, or the one that an object begins with: `avro` of `format: avro` and of `format: { avro: { … } }`. */
export function wordAt(config: JsonObject, key: string): string {
  const value = valueAt(config, key) ?? '';
  return isObject(value) ? (Object.keys(value)[0] ?? '') : String(value);
}

/**
 * The top key after one of its inner keys was set. Another `type` begins anew; an event time comes with how late it may be,
 * and goes with it; without its first word (`type`, `cursor`, `username`) there is nothing left to say.
 */
export function changed(config: JsonObject, key: string, value: Json | undefined): Json | undefined {
  const [top = '', inner, last] = key.split('.');
  if (inner === undefined) return value;
  if (last !== undefined) {
    const left = without(valueAt(config, `${top}.${inner}`), last, value);
    return left === undefined ? inner : { [inner]: left };
  }
  if (inner === 'type') return value === undefined ? undefined : { type: value };
  if (key === 'watermark.column' && (value === undefined || config[top] === undefined))
    return value === undefined ? undefined : { column: value, delay: USUAL_DELAY };
  return without(config[top], inner, value);
}

/** The object with this value of the key; undefined when nothing is left in it. */
function without(before: Json | undefined, key: string, value: Json | undefined): JsonObject | undefined {
  const rest = isObject(before) ? Object.entries(before).filter(([name]) => name !== key) : [];
  const next = [...rest, ...(value === undefined ? [] : [[key, value] as const])];
  return next.length === 0 ? undefined : Object.fromEntries(next);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
