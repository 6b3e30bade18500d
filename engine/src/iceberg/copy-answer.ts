import { Fault, type ResultPage } from '@datacraft/shared';
import { boundOf, type Side } from './bound-value.ts';
import type { IceField, IceType } from './field-type.ts';
import type { PartitionField } from './partition/partition-field.ts';
import { partitionValue } from './partition/partition-value.ts';
import type { DataFile } from './table.ts';

/** The name of a partition's value in a COPY. */
export function partitionName(at: number): string {
  return `__dc_p${at}`;
}

/** Reads what `COPY … (RETURN_STATS)` answers, a row for each file, into where the files are and their figures. */
export function dataFilesOf(
  answer: ResultPage,
  fields: readonly IceField[],
  urlOf: (at: number) => string,
  partition: readonly PartitionField[],
): { readonly path: string; readonly file: DataFile }[] {
  return answer.rows.map((row, index) => {
    const at = (name: string): unknown => row[answer.columns.findIndex((column) => column.name === name)];
    const [rows, sizeBytes] = [Number(at('count')), Number(at('file_size_bytes'))];
    if (!Number.isSafeInteger(rows) || !Number.isSafeInteger(sizeBytes)) {
      throw new Fault(
        'internal',
        `expected count and file_size_bytes of a COPY with RETURN_STATS, got ${JSON.stringify(row)}`,
      );
    }
    const keys = entriesOf(at('partition_keys'));
    const values = partition.map((field, place) =>
      partitionValue(field.resultType, textOf(keys.get(partitionName(place)))),
    );
    const file = {
      url: urlOf(index),
      rows,
      sizeBytes,
      ...figures(fields, entriesOf(at('column_statistics'))),
      partition: values,
    };
    return { path: String(at('filename')), file };
  });
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

interface Leaf {
  readonly id: number;
  readonly path: string;
  readonly type: IceType;
  /** Inside a list or map one row has many values: counted, but without bounds, as Iceberg's own writers do. */
  readonly repeated: boolean;
}

function figures(
  fields: readonly IceField[],
  statistics: Map<string, unknown>,
): Omit<DataFile, 'url' | 'rows' | 'sizeBytes' | 'partition'> {
  const leaves = fields.flatMap((field) => leavesOf(field.id, quoted(field.name), field.type, false));
  const known = leaves.flatMap((leaf) => {
    const found = statistics.get(leaf.path);
    return found === undefined ? [] : [{ leaf, facts: entriesOf(found) }];
  });
  const collect = <Value>(read: (leaf: Leaf, facts: Map<string, unknown>) => Value | null): Map<number, Value> =>
    new Map(
      known.flatMap(({ leaf, facts }) => {
        const value = read(leaf, facts);
        return value === null ? [] : [[leaf.id, value] as const];
      }),
    );
  return {
    columnSizes: collect((_, facts) => countOf(facts, 'column_size_bytes')),
    valueCounts: collect((_, facts) => countOf(facts, 'num_values')),
    nullCounts: collect((_, facts) => countOf(facts, 'null_count')),
    nanCounts: collect((_, facts) => (facts.get('has_nan') === 'false' ? 0 : null)),
    lowerBounds: collect((leaf, facts) => boundFrom(leaf, facts, 'min', 'lower')),
    upperBounds: collect((leaf, facts) => boundFrom(leaf, facts, 'max', 'upper')),
  };
}

function leavesOf(id: number, path: string, type: IceType, repeated: boolean): Leaf[] {
  if (typeof type === 'string') return [{ id, path, type, repeated }];
  switch (type.type) {
    case 'list':
      return leavesOf(type['element-id'], `${path}."element"`, type.element, true);
    case 'map':
      return [
        ...leavesOf(type['key-id'], `${path}."key"`, type.key, true),
        ...leavesOf(type['value-id'], `${path}."value"`, type.value, true),
      ];
    case 'struct':
      return type.fields.flatMap((field) => leavesOf(field.id, `${path}.${quoted(field.name)}`, field.type, repeated));
  }
}

/** RETURN_STATS names a column `"s"."y w"`. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function boundFrom(leaf: Leaf, facts: Map<string, unknown>, key: 'min' | 'max', side: Side): Buffer | null {
  const text = facts.get(key);
  if (leaf.repeated || typeof text !== 'string' || facts.get('has_nan') === 'true') return null;
  return boundOf(leaf.type, text, side);
}

function countOf(facts: Map<string, unknown>, key: string): number | null {
  const value = facts.get(key);
  return value === undefined ? null : Number(value);
}

/** A MAP as a result page may hold it: a list of entries, an object, or either as JSON text. */
function entriesOf(value: unknown): Map<string, unknown> {
  if (typeof value === 'string') return entriesOf(JSON.parse(value));
  if (value instanceof Map) return new Map(Array.from(value, ([key, one]) => [String(key), one]));
  if (!Array.isArray(value)) return new Map(Object.entries(value ?? {}));
  return new Map(
    value.flatMap((entry: unknown): [string, unknown][] => {
      if (Array.isArray(entry)) return [[String(entry[0]), entry[1]]];
      return isEntry(entry) ? [[entry.key, entry.value]] : [];
    }),
  );
}

function isEntry(value: unknown): value is { key: string; value: unknown } {
  return (
    typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string' && 'value' in value
  );
}
