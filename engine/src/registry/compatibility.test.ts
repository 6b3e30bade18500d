import { describe, expect, it } from 'vitest';
import type { Compatibility } from '@datacraft/shared';
import type { SchemaType } from './compatibility.ts';
import { incompatibilities } from './compatibility.ts';

const record = (...fields: object[]) => ({ type: 'record', name: 'Sale', fields });
const id = { name: 'id', type: 'long' };
const note = { name: 'note', type: 'string' };
const optional = { name: 'note', type: ['null', 'string'], default: null };

function judge(kind: SchemaType, next: unknown, earlier: readonly unknown[], compatibility: Compatibility): string[] {
  const typed = (schema: unknown) => ({ schema: JSON.stringify(schema), schemaType: kind });
  return incompatibilities(typed(next), earlier.map(typed), compatibility);
}
const avro = (next: unknown, earlier: readonly unknown[], compatibility: Compatibility) =>
  judge('AVRO', next, earlier, compatibility);
const json = (next: unknown, earlier: readonly unknown[], compatibility: Compatibility) =>
  judge('JSON', next, earlier, compatibility);

describe('compatibility of Avro schemas', () => {
  it('lets a field with a default come both ways, and one without only forward', () => {
    for (const mode of ['BACKWARD', 'FORWARD', 'FULL'] as const)
      expect(avro(record(id, optional), [record(id)], mode)).toEqual([]);
    expect(avro(record(id, note), [record(id)], 'FORWARD')).toEqual([]);
    expect(avro(record(id, note), [record(id)], 'BACKWARD')).toEqual([
      'what was written before cannot be read any more: note: the field is not in the data and has no default',
    ]);
    expect(avro(record(id), [record(id, note)], 'FULL')).toEqual([
      'who has the schema before cannot read what is written now: note: the field is not in the data and has no default',
    ]);
  });

  it('promotes int to long, and tells where a type does not fit, also inside', () => {
    const qty = (type: unknown) => record({ name: 'qty', type });
    expect(avro(qty('long'), [qty('int')], 'BACKWARD')).toEqual([]);
    expect(avro(qty('long'), [qty('int')], 'FORWARD')).toEqual([
      'who has the schema before cannot read what is written now: qty: long cannot be read as int',
    ]);
    const inside = (type: string) =>
      qty({ type: 'array', items: { type: 'record', name: 'Line', fields: [{ name: 'n', type }] } });
    expect(avro(inside('string'), [inside('int')], 'BACKWARD')[0]).toContain('qty[].n: int cannot be read as string');
    expect(avro(qty(['null', 'int']), [qty('int')], 'BACKWARD')).toEqual([]);
    expect(avro(qty('int'), [qty(['null', 'int'])], 'BACKWARD')[0]).toContain('qty: null cannot be read as int');
  });

  it('knows enums, aliases, fixed, decimals, names, and types that hold themselves', () => {
    const colour = (symbols: string[], more = {}) =>
      record({ name: 'c', type: { type: 'enum', name: 'C', symbols, ...more } });
    expect(avro(colour(['A']), [colour(['A', 'B'])], 'BACKWARD')[0]).toContain('c: the symbols B are not known');
    expect(avro(colour(['A'], { default: 'A' }), [colour(['A', 'B'])], 'BACKWARD')).toEqual([]);
    const renamed = record({ name: 'number', aliases: ['id'], type: 'long' });
    expect(avro(renamed, [record(id)], 'BACKWARD')).toEqual([]);
    expect(avro({ ...record(id), name: 'Order' }, [record(id)], 'BACKWARD')[0]).toContain('is now called Order');
    const sum = (precision: number) =>
      record({ name: 's', type: { type: 'bytes', logicalType: 'decimal', precision, scale: 2 } });
    expect(avro(sum(12), [sum(10)], 'BACKWARD')[0]).toContain('decimal(10, 2) cannot be read as decimal(12, 2)');
    const tree = record(id, { name: 'next', type: ['null', 'Sale'], default: null });
    expect(avro(tree, [tree], 'FULL_TRANSITIVE')).toEqual([]);
  });

  it('compares with the last, or with all where it is transitive', () => {
    const [first, second, third] = [record(id, note), record(id), record(id, { ...note, type: 'int', default: 0 })];
    expect(avro(third, [first, second], 'BACKWARD')).toEqual([]);
    expect(avro(third, [first, second], 'BACKWARD_TRANSITIVE')[0]).toContain('note: string cannot be read as int');
    expect(avro('string', [first], 'NONE')).toEqual([]);
  });
});

describe('compatibility of JSON Schemas', () => {
  const open = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] };

  it('lets optional properties come, and tells required ones, types and lists by their path', () => {
    const more = { ...open, properties: { ...open.properties, note: { type: 'string' } } };
    expect(json(more, [open], 'BACKWARD')).toEqual([]);
    expect(json({ ...more, required: ['id', 'note'] }, [open], 'BACKWARD')).toEqual([
      'what was written before cannot be read any more: note: it is required now',
    ]);
    const wider = { ...open, properties: { id: { type: 'number' } } };
    expect(json(wider, [open], 'BACKWARD')).toEqual([]);
    expect(json(open, [wider], 'BACKWARD')[0]).toContain('id: number cannot be read as integer');
    const list = (...values: string[]) => ({ type: 'object', properties: { c: { enum: values } } });
    expect(json(list('a'), [list('a', 'b')], 'BACKWARD')[0]).toContain('c: "b" is not allowed any more');
    expect(json(list('a', 'b'), [list('a')], 'FORWARD')[0]).toContain('c: "b" is not allowed any more');
  });

  it('follows references, and takes what it does not know for another schema', () => {
    const withDefs = (type: string) => ({
      $defs: { Id: { type } },
      type: 'object',
      properties: { id: { $ref: '#/$defs/Id' } },
    });
    expect(json(withDefs('string'), [withDefs('integer')], 'BACKWARD')[0]).toContain(
      'id: integer cannot be read as string',
    );
    expect(json({ ...open, patternProperties: { x: false } }, [open], 'BACKWARD')[0]).toContain(
      'patternProperties is another',
    );
    expect(json({ ...open, title: 'Only words' }, [open], 'FULL_TRANSITIVE')).toEqual([]);
    expect(json({ ...open, additionalProperties: false }, [open], 'BACKWARD')[0]).toContain(
      'other properties are not allowed',
    );
  });
});
