import { boundOf, type Side } from './bound-value.ts';
import { decimalOf, type IceField, type IceType } from './field-type.ts';
import type { ManifestEntry } from './manifest.ts';

/** What values of a column are looked for: from `min` to `max`, both as DuckDB prints them. */
export interface ColumnRange {
  readonly column: string;
  readonly min: string;
  readonly max: string;
}

/**
 * The data files in which rows can be that lie in all of these ranges, by the bounds that their manifest holds. A bound
 * that is missing, or of a type that is not compared here, leaves a file in, and so does a range up to NaN: bounds leave
 * NaN out. For files that hold `fields` as they are.
 */
export function filesWithin(
  entries: readonly ManifestEntry[],
  fields: readonly IceField[],
  ranges: readonly ColumnRange[],
): ManifestEntry[] {
  const wanted = ranges.flatMap((range) => {
    const field = fields.find(({ name }) => name.toLowerCase() === range.column.toLowerCase());
    return field === undefined || isUpToNaN(field, range)
      ? []
      : [{ field, lower: boundFor(field, range, 'lower'), upper: boundFor(field, range, 'upper') }];
  });
  return entries.filter(({ data_file: file }) =>
    wanted.every(({ field: { id, type }, lower, upper }) => {
      const [from, to] = [valueIn(file.lower_bounds, id), valueIn(file.upper_bounds, id)];
      return !isLess(type, to, lower) && !isLess(type, upper, from);
    }),
  );
}

/** DuckDB sorts NaN after all numbers. */
function isUpToNaN({ type }: IceField, { max }: ColumnRange): boolean {
  return (type === 'float' || type === 'double') && max.toLowerCase() === 'nan';
}

function boundFor(field: IceField, range: ColumnRange, side: Side): Buffer | null {
  return boundOf(field.type, side === 'lower' ? range.min : range.max, side);
}

function valueIn(bounds: ManifestEntry['data_file']['lower_bounds'], id: number): Buffer | null {
  return bounds?.find(({ key }) => key === id)?.value ?? null;
}

/** Whether one bound is surely less than the other. */
function isLess(type: IceType, a: Buffer | null, b: Buffer | null): boolean {
  if (a === null || b === null || typeof type !== 'string') return false;
  if (type === 'string' || type === 'binary') return Buffer.compare(a, b) < 0;
  const [x, y] = [numberOf(type, a), numberOf(type, b)];
  return x !== null && y !== null && x < y;
}

/** Of bytes that are not as long as the type has them nothing is known. */
function numberOf(type: string, bytes: Buffer): number | bigint | null {
  if (decimalOf(type))
    return bytes.length === 0 ? null : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  switch (type) {
    case 'int':
    case 'date':
      return bytes.length === 4 ? bytes.readInt32LE() : null;
    case 'long':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return bytes.length === 8 ? bytes.readBigInt64LE() : null;
    case 'float':
      return bytes.length === 4 ? bytes.readFloatLE() : null;
    case 'double':
      return bytes.length === 8 ? bytes.readDoubleLE() : null;
    default:
      return null;
  }
}
