import { Fault, relationName, say, type Column, type RelationRef } from '@datacraft/shared';
import { parseDuckType } from './duck-type.ts';
import { decimalOf, type IceField, type IceStruct, type IceType } from './field-type.ts';
import type { WriteMode } from './table.ts';
import { columnsOf, icebergTypeOf } from './type-map.ts';

export interface BaseSchema {
  readonly fields: readonly IceField[];
  readonly lastColumnId: number;
}

export interface EvolvedSchema {
  /** What the table will have. */
  readonly fields: readonly IceField[];
  /** What the data file holds, in the order of the SELECT. */
  readonly writtenFields: readonly IceField[];
  readonly lastColumnId: number;
}

/** A type as the table will have it, and as this write's file has it (which may lack fields of a struct). */
interface Merged {
  readonly table: IceType;
  readonly file: IceType;
}

/**
 * Brings new columns into a schema. Names are compared as DuckDB does, without case. Overwrite follows the SELECT:
 * columns that it lacks are dropped, what cannot be promoted gets a new field id. Append keeps every column, and
 * refuses what would not fit.
 */
export function evolveSchema(
  base: BaseSchema,
  columns: readonly Column[],
  mode: WriteMode,
  ref: RelationRef,
): EvolvedSchema {
  requireDistinctNames(columns, ref);
  let lastColumnId = base.lastColumnId;
  const nextId = (): number => ++lastColumnId;
  const both = columns.map((column) => {
    const known = base.fields.find((field) => sameName(field.name, column.name));
    const merged =
      known &&
      mergeType(
        known.type,
        icebergTypeOf(parseDuckType(column.type), () => 0),
        mode,
        nextId,
      );
    if (known && merged)
      return { known, table: { ...known, type: merged.table }, file: { ...known, type: merged.file }, column };
    if (known && mode === 'append') throw doesNotFit(ref, known, column);
    const id = nextId();
    const type = icebergTypeOf(parseDuckType(column.type), nextId);
    const fresh: IceField = { id, name: column.name, required: false, type };
    return { known: undefined, table: fresh, file: fresh, column };
  });
  if (mode === 'overwrite') {
    const named = both.map((one) => ({
      table: { ...one.table, name: one.column.name },
      file: { ...one.file, name: one.column.name },
    }));
    return { fields: named.map((one) => one.table), writtenFields: named.map((one) => one.file), lastColumnId };
  }
  const kept = base.fields.map((field) => both.find((one) => one.known === field)?.table ?? field);
  const added = both.filter((one) => !one.known).map((one) => one.table);
  return { fields: [...kept, ...added], writtenFields: both.map((one) => one.file), lastColumnId };
}

/** Null when `wanted` cannot be kept in the field that holds `old`. Ids in `wanted` are not looked at. */
function mergeType(old: IceType, wanted: IceType, mode: WriteMode, nextId: () => number): Merged | null {
  if (typeof old === 'string' || typeof wanted === 'string') {
    if (typeof old !== 'string' || typeof wanted !== 'string') return null;
    const type = mergePrimitive(old, wanted, mode);
    return type === null ? null : { table: type, file: type };
  }
  if (old.type === 'list' && wanted.type === 'list') {
    const element = mergeType(old.element, wanted.element, mode, nextId);
    return element && { table: { ...old, element: element.table }, file: { ...old, element: element.file } };
  }
  if (old.type === 'map' && wanted.type === 'map') {
    const key = mergeType(old.key, wanted.key, mode, nextId);
    const value = mergeType(old.value, wanted.value, mode, nextId);
    if (!key || !value) return null;
    return {
      table: { ...old, key: key.table, value: value.table },
      file: { ...old, key: key.file, value: value.file },
    };
  }
  if (old.type === 'struct' && wanted.type === 'struct') return mergeStruct(old, wanted, mode, nextId);
  return null;
}

function mergeStruct(old: IceStruct, wanted: IceStruct, mode: WriteMode, nextId: () => number): Merged | null {
  const both: { known: IceField | undefined; table: IceField; file: IceField }[] = [];
  for (const field of wanted.fields) {
    const known = old.fields.find((one) => sameName(one.name, field.name));
    const merged = known && mergeType(known.type, field.type, mode, nextId);
    if (known && !merged) return null;
    if (known && merged) {
      both.push({ known, table: { ...known, type: merged.table }, file: { ...known, type: merged.file } });
    } else {
      const fresh: IceField = { ...field, id: nextId(), type: withFreshIds(field.type, nextId) };
      both.push({ known: undefined, table: fresh, file: fresh });
    }
  }
  const file: IceStruct = { type: 'struct', fields: both.map((one) => one.file) };
  if (mode === 'overwrite') return { table: { type: 'struct', fields: both.map((one) => one.table) }, file };
  const kept = old.fields.map((field) => both.find((one) => one.known === field)?.table ?? field);
  const added = both.filter((one) => !one.known).map((one) => one.table);
  return { table: { type: 'struct', fields: [...kept, ...added] }, file };
}

function withFreshIds(type: IceType, nextId: () => number): IceType {
  if (typeof type === 'string') return type;
  switch (type.type) {
    case 'list':
      return { ...type, 'element-id': nextId(), element: withFreshIds(type.element, nextId) };
    case 'map': {
      const [keyId, valueId] = [nextId(), nextId()];
      const [key, value] = [withFreshIds(type.key, nextId), withFreshIds(type.value, nextId)];
      return { ...type, 'key-id': keyId, 'value-id': valueId, key, value };
    }
    case 'struct':
      return {
        type: 'struct',
        fields: type.fields.map((field) => ({ ...field, id: nextId(), type: withFreshIds(field.type, nextId) })),
      };
  }
}

/** The type both fit in under one field id: Iceberg's promotions, and for an append also the narrower into the wider. */
function mergePrimitive(old: string, wanted: string, mode: WriteMode): string | null {
  if (old === wanted) return old;
  if (canPromote(old, wanted)) return wanted;
  return mode === 'append' && canPromote(wanted, old) ? old : null;
}

export function canPromote(from: string, to: string): boolean {
  if ((from === 'int' && to === 'long') || (from === 'float' && to === 'double')) return true;
  const [narrow, wide] = [decimalOf(from), decimalOf(to)];
  return narrow !== null && wide !== null && narrow.scale === wide.scale && narrow.precision <= wide.precision;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function requireDistinctNames(columns: readonly Column[], ref: RelationRef): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name.toLowerCase())) {
      throw new Fault(
        'query-failed',
        say('{table} would have two columns named "{name}"; give one of them another name with AS', {
          table: relationName(ref),
          name,
        }),
      );
    }
    seen.add(name.toLowerCase());
  }
  if (columns.length === 0)
    throw new Fault(
      'query-failed',
      say('{table} would have no columns; select at least one', { table: relationName(ref) }),
    );
}

function doesNotFit(ref: RelationRef, known: IceField, column: Column): Fault {
  const held = columnsOf([known])[0]?.type ?? '';
  return new Fault(
    'query-failed',
    say(
      'column "{name}" is {type} now, but {table} holds {held}; cast it in the SELECT, or run the cell with a full refresh',
      { name: column.name, type: column.type, table: relationName(ref), held },
    ),
    { relation: relationName(ref), field: column.name, expected: held, got: column.type },
  );
}
