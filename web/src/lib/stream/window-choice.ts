import type { Json, JsonObject } from '@datacraft/shared';

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(s|secs?|seconds?|segundos?)$/, 1],
  [/^(min|mins|minutes?|minutos?)$/, 60],
  [/^(h|hours?|horas?)$/, 3_600],
  [/^(d|days?|dias?)$/, 86_400],
];

/** `10 minutes`, `1 hora`, `90 s`; null when it is no length in whole seconds. */
export function secondsIn(text: string): number | null {
  const [, count = '', word = ''] = /^(\d+)\s*([a-z]+)$/.exec(text.trim().toLowerCase()) ?? [];
  const unit = UNITS.find(([pattern]) => pattern.test(word))?.[1];
  return unit === undefined || Number(count) === 0 ? null : Number(count) * unit;
}

/** The column that a source says is its event time; empty where it says none. */
export function eventTimeOf(cell: { readonly config: JsonObject } | null | undefined): string {
  const said = cell?.config['watermark'];
  return isObject(said) && typeof said['column'] === 'string' ? said['column'] : '';
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
