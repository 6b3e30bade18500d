import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBListVector,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBStructVector,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
  type DuckDBVector,
} from '@duckdb/node-api';

/** The value at `index` as `ResultPage` promises it. */
export function jsonAt(vector: DuckDBVector, index: number): unknown {
  if (vector instanceof DuckDBStructVector) return structAt(vector, index);
  if (vector instanceof DuckDBListVector) return listAt(vector, index);
  return jsonOf(vector.getItem(index) as DuckDBValue);
}

/** A struct without names is a list: its members have nothing else to be called by. */
function structAt(vector: DuckDBStructVector, index: number): unknown {
  if (!vector.isItemValid(index)) return null;
  const { entryNames } = vector.type;
  const values = entryNames.map((_, entry) => jsonAt(vector.entryVectorAt(entry), index));
  if (entryNames.every((name) => name === '')) return values;
  return Object.fromEntries(entryNames.map((name, entry) => [name, values[entry]]));
}

function listAt(vector: DuckDBListVector, index: number): unknown {
  if (vector.getItemVector(index) === null) return null;
  const start = vector.getEntryOffset(index);
  return Array.from({ length: vector.getEntryLength(index) }, (_, item) => jsonAt(vector.childVector, start + item));
}

export function jsonOf(value: DuckDBValue): unknown {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    default:
      return jsonOfObject(value);
  }
}

function jsonOfObject(value: Exclude<DuckDBValue, null | string | number | bigint | boolean>): unknown {
  if (value instanceof DuckDBTimestampValue) return isoText(value);
  if (value instanceof DuckDBTimestampTZValue) return isoText(new DuckDBTimestampValue(value.micros), 'Z');
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoText(value);
  if (value instanceof DuckDBTimestampMillisecondsValue || value instanceof DuckDBTimestampSecondsValue)
    return isoText(value);
  if (value instanceof DuckDBDateValue) return dateText(value);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonOf);
  if (value instanceof DuckDBStructValue) return mapValues(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue)
    return mapValues(value.entries.map((entry) => [keyText(entry.key), entry.value]));
  if (value instanceof DuckDBUnionValue) return jsonOf(value.value);
  if (value instanceof DuckDBVariantValue) return jsonOf(value.value);
  return String(value);
}

function mapValues(entries: readonly (readonly [string, DuckDBValue])[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(([name, value]) => [name, jsonOf(value)]));
}

function keyText(key: DuckDBValue): string {
  const json = jsonOf(key);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** `infinity` and years before Christ have no ISO form and stay as DuckDB writes them. */
function isoText(value: { toString(): string }, zone = ''): string {
  const text = String(value);
  return /^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? text.replace(' ', 'T') + zone : text;
}

function dateText(date: DuckDBDateValue): string {
  if (date.days === DuckDBDateValue.PosInf.days) return 'infinity';
  return date.days === DuckDBDateValue.NegInf.days ? '-infinity' : String(date);
}
