import type { Json, JsonObject } from '../../json.ts';
import { type Context, writeString } from './yaml-scalar.ts';

/**
 * The canonical style: one top-level key per line, known keys first in their order, the rest by name; nested maps
 * and lists in flow style, lists of maps as block items.
 */
export function writeMap(map: JsonObject, keyOrder: readonly string[]): string[] {
  return sortedKeys(map, keyOrder).flatMap((key) => writeEntry(key, map[key] ?? null));
}

function sortedKeys(map: JsonObject, keyOrder: readonly string[]): string[] {
  const known = keyOrder.filter((key) => Object.hasOwn(map, key));
  const others = Object.keys(map).filter((key) => !keyOrder.includes(key));
  return [...known, ...others.sort((a, b) => (a < b ? -1 : 1))];
}

function writeEntry(key: string, value: Json): string[] {
  const name = writeString(key, 'block');
  if (!isListOfMaps(value)) return [`${name}: ${writeValue(value, 'block')}`];
  return [`${name}:`, ...value.flatMap(writeItem)];
}

function writeItem(item: JsonObject): string[] {
  return Object.entries(item).map(([key, value], index) => {
    const lead = index === 0 ? '  - ' : '    ';
    return `${lead}${writeString(key, 'block')}: ${writeValue(value, 'block')}`;
  });
}

function writeValue(value: Json, context: Context): string {
  if (typeof value === 'string') return writeString(value, context);
  if (isList(value)) return `[${value.map((item) => writeValue(item, 'flow')).join(', ')}]`;
  if (!isMap(value)) return value === null ? 'null' : String(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${writeString(key, 'flow-key')}: ${writeValue(item, 'flow')}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isListOfMaps(value: Json): value is readonly JsonObject[] {
  return isList(value) && value.length > 0 && value.every((item) => isMap(item) && Object.keys(item).length > 0);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
