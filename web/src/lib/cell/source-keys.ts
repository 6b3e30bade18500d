import type { Json, JsonObject } from '@datacraft/shared';

/** Keys of a source may lie one level down: `auth.type` is the `type` of `auth`. */
export function topKey(key: string): string {
  return key.split('.')[0] ?? key;
}

export function valueAt(config: JsonObject, key: string): Json | undefined {
  const [top = '', inner] = key.split('.');
  const value = config[top];
  if (inner === undefined) return value;
  return isObject(value) ? value[inner] : undefined;
}

/**
 * The top key after one of its inner keys was set. Another `type` begins anew; without its first word (`type`, `cursor`,
 * `username`) there is nothing left to say.
 */
export function changed(config: JsonObject, key: string, value: Json | undefined): Json | undefined {
  const [top = '', inner] = key.split('.');
  if (inner === undefined) return value;
  const before = config[top];
  if (inner === 'type') return value === undefined ? undefined : { type: value };
  const rest = isObject(before) ? Object.entries(before).filter(([name]) => name !== inner) : [];
  const next = [...rest, ...(value === undefined ? [] : [[inner, value] as const])];
  return next.length === 0 ? undefined : Object.fromEntries(next);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
