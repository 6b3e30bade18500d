import { describe, expect, it } from 'vitest';
import type { Column } from '@datacraft/shared';
import { parseDuckType } from './duck-type.ts';
import { evolveSchema } from './evolve-schema.ts';
import { columnsOf, duckTypeOf, icebergTypeOf } from './type-map.ts';
import type { WriteMode } from './table.ts';

const ref = { layer: 'silver', name: 'orders' } as const;
const column = (text: string): Column => {
  const space = text.indexOf(' ');
  return { name: text.slice(0, space), type: text.slice(space + 1) };
};
const none = { fields: [], lastColumnId: 0 };
const create = (...columns: string[]) => evolveSchema(none, columns.map(column), 'overwrite', ref);
const evolve = (mode: WriteMode, from: string[], to: string[]) =>
  evolveSchema(create(...from), to.map(column), mode, ref);
const shape = (fields: ReturnType<typeof create>['fields']) =>
  fields.map(
    (field) => `${field.id} ${field.name} ${typeof field.type === 'string' ? field.type : duckTypeOf(field.type)}`,
  );

describe('types', () => {
  const iceberg = (type: string) => {
    let id = 0;
    return icebergTypeOf(parseDuckType(type), () => ++id);
  };

  it('are read with quotes, brackets and nesting', () => {
    const odd = `STRUCT(x BIGINT, "y "",w" DECIMAL(12,2)[], z MAP(VARCHAR, STRUCT(a TIMESTAMP WITH TIME ZONE))[3])`;
    expect(columnsOf([{ id: 1, name: 'c', required: false, type: iceberg(odd) }])[0]?.type).toBe(
      odd.replace('[3]', '[]'),
    );
    expect(iceberg(`ENUM('a', 'it''s )', 'c')[]`)).toMatchObject({ type: 'list', element: 'string' });
    expect(iceberg('STRUCT(INTEGER, DECIMAL(4,1))')).toBe('string');
    expect(iceberg('STRUCT(a STRUCT(DECIMAL(4,1)))')).toMatchObject({ fields: [{ name: 'a', type: 'string' }] });
    expect(iceberg('UNION(a INTEGER, b STRUCT(c VARCHAR))')).toBe('string');
    expect(() => parseDuckType('STRUCT(x BIGINT')).toThrow(/expected a DuckDB type/);
    expect(() => parseDuckType('BIGINT) evil')).toThrow(/expected a DuckDB type/);
  });

  it('that Iceberg lacks are kept in the nearest it has', () => {
    const stored = [
      'UBIGINT',
      'HUGEINT',
      'TIMESTAMP_NS',
      'INTERVAL',
      'JSON',
      'BIT',
      'USMALLINT',
      'TIME WITH TIME ZONE',
      '"NULL"',
    ];
    expect(stored.map(iceberg)).toEqual([
      'decimal(20, 0)',
      'decimal(38, 0)',
      'timestamp',
      'string',
      'string',
      'string',
      'int',
      'string',
      'int',
    ]);
  });

  it('give every inner field an id of its own', () => {
    const { fields, lastColumnId } = create(
      'a INTEGER',
      's STRUCT(x INTEGER, y STRUCT(z INTEGER)[])',
      'm MAP(VARCHAR, DATE[])',
    );
    const ids = [...JSON.stringify(fields).matchAll(/"(?:id|element-id|key-id|value-id)":(\d+)/g)].map((found) =>
      Number(found[1]),
    );
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: lastColumnId }, (_, index) => index + 1));
  });
});

describe('evolveSchema', () => {
  it('promotes under the same id', () => {
    const wide = evolve(
      'overwrite',
      ['i INTEGER', 'f FLOAT', 'd DECIMAL(5,2)', 'l INTEGER[]'],
      ['i BIGINT', 'f DOUBLE', 'd DECIMAL(9,2)', 'l BIGINT[]'],
    );
    expect(shape(wide.fields)).toEqual(['1 i long', '2 f double', '3 d decimal(9, 2)', '4 l BIGINT[]']);
    expect(wide.lastColumnId).toBe(5);
  });

  it('W4 gives an incompatible column of an overwrite a new id', () => {
    expect(shape(evolve('overwrite', ['a INTEGER', 'b DECIMAL(9,2)'], ['a VARCHAR', 'b DECIMAL(9,3)']).fields)).toEqual(
      ['3 a string', '4 b decimal(9, 3)'],
    );
    expect(shape(evolve('overwrite', ['a BIGINT', 'l VARCHAR[]'], ['a INTEGER', 'l INTEGER[]']).fields)).toEqual([
      '4 a int',
      '5 l INTEGER[]',
    ]);
  });

  it('W4 never gives the id of a dropped column again', () => {
    const dropped = evolve('overwrite', ['a INTEGER', 'b INTEGER'], ['a INTEGER']);
    expect(shape(evolveSchema(dropped, [column('a INTEGER'), column('b INTEGER')], 'overwrite', ref).fields)).toEqual([
      '1 a int',
      '3 b int',
    ]);
  });

  it('drops and orders as the SELECT says on overwrite, keeps and adds on append', () => {
    expect(shape(evolve('overwrite', ['a DATE', 'b DATE', 'c DATE'], ['C DATE', 'x TIME', 'a DATE']).fields)).toEqual([
      '3 C date',
      '4 x time',
      '1 a date',
    ]);
    const appended = evolve('append', ['a DATE', 'b DATE'], ['x TIME', 'B DATE']);
    expect(shape(appended.fields)).toEqual(['1 a date', '2 b date', '3 x time']);
    expect(shape(appended.writtenFields)).toEqual(['3 x time', '2 b date']);
  });

  it('merges inside structs, and writes only what the SELECT has', () => {
    const merged = evolve('append', ['s STRUCT(x INTEGER, y DATE)[]'], ['s STRUCT(z TIME, x BIGINT)[]']);
    expect(shape(merged.fields)).toEqual(['1 s STRUCT("x" BIGINT, "y" DATE, "z" TIME)[]']);
    expect(shape(merged.writtenFields)).toEqual(['1 s STRUCT("z" TIME, "x" BIGINT)[]']);
    expect(merged.lastColumnId).toBe(5);
  });

  it('writes a narrower append into the wider column, refuses another type', () => {
    expect(shape(evolve('append', ['a BIGINT'], ['a INTEGER']).writtenFields)).toEqual(['1 a long']);
    expect(() => evolve('append', ['a BIGINT'], ['a VARCHAR'])).toThrow(
      /column "a" is VARCHAR now, but silver.orders holds BIGINT/,
    );
  });

  it('refuses two columns of one name, and none', () => {
    expect(() => create('a DATE', 'A DATE')).toThrow(/two columns named "A"/);
    expect(() => create()).toThrow(/no columns/);
  });
});
