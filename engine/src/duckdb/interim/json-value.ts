import {
  DuckDBArrayValue,
  DuckDBBitValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimeTZValue,
  DuckDBTimeValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  DuckDBUUIDValue,
} from '@duckdb/node-api';

/** A value as `ResultPage` keeps it: exact, and nothing that JSON would round or lose. */
export function jsonValue(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  return temporal(value) ?? nested(value) ?? String(value);
}

function temporal(value: object): string | null {
  if (value instanceof DuckDBTimestampTZValue) return isoFromMicros(value.micros, 6, 'Z', value);
  if (value instanceof DuckDBTimestampValue) return isoFromMicros(value.micros, 6, '', value);
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoFromMicros(value.millis * 1000n, 3, '', value);
  if (value instanceof DuckDBTimestampSecondsValue) return isoFromMicros(value.seconds * 1_000_000n, 0, '', value);
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoFromNanos(value);
  const asText =
    value instanceof DuckDBDateValue ||
    value instanceof DuckDBTimeValue ||
    value instanceof DuckDBTimeTZValue ||
    value instanceof DuckDBIntervalValue ||
    value instanceof DuckDBDecimalValue ||
    value instanceof DuckDBUUIDValue ||
    value instanceof DuckDBBitValue;
  return asText ? value.toString() : null;
}

function nested(value: object): unknown {
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, each]) => [name, jsonValue(each)]));
  }
  if (value instanceof DuckDBMapValue)
    return value.entries.map(({ key, value: each }) => ({ key: jsonValue(key), value: jsonValue(each) }));
  if (value instanceof DuckDBUnionValue) return jsonValue(value.value);
  return null;
}

/** Days of the Gregorian calendar that JavaScript's Date can say; outside them DuckDB's own words stand. */
const MAX_MICROS = 8_640_000_000_000_000n * 1000n;

function isoFromMicros(micros: bigint, digits: number, zone: string, value: object): string {
  if (micros > MAX_MICROS || micros < -MAX_MICROS) return String(value);
  const millis = floorDiv(micros, 1000n);
  const rest = micros - floorDiv(micros, 1_000_000n) * 1_000_000n;
  const seconds = new Date(Number(millis)).toISOString().replace(/\.\d+Z$/, '');
  return `${seconds}${fraction(rest, 6, digits)}${zone}`;
}

function isoFromNanos(value: DuckDBTimestampNanosecondsValue): string {
  const { nanos } = value;
  const seconds = floorDiv(nanos, 1_000_000_000n);
  const rest = nanos - seconds * 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, '')}${fraction(rest, 9, 9)}`;
}

/** All the digits there are; whole seconds stay without a fraction. */
function fraction(rest: bigint, width: number, digits: number): string {
  if (rest === 0n || digits === 0) return '';
  return `.${rest.toString().padStart(width, '0').slice(0, digits)}`;
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
