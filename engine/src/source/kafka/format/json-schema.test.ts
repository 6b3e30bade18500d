import { describe, expect, it } from 'vitest';
import { checkJsonSchema, jsonProblems } from '../../../registry/json-reading.ts';
import { jsonSchemaOf } from './json-schema.ts';

const column = (name: string, type: string) => ({ name, type });

describe('the JSON Schema of columns', () => {
  it('says what a row of them is as JSON, each field or null', () => {
    const schema = jsonSchemaOf('sold', [
      column('n', 'BIGINT'),
      column('price', 'DECIMAL(9,2)'),
      column('at', 'TIMESTAMP'),
      column('day', 'DATE'),
      column('tags', 'VARCHAR[]'),
      column('place', 'STRUCT(uf VARCHAR)'),
    ]);
    expect(JSON.parse(schema)).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'sold',
      type: 'object',
      properties: {
        n: { type: ['null', 'integer'] },
        price: { type: ['null', 'number'] },
        at: { type: ['null', 'string'] },
        day: { type: ['null', 'string'], format: 'date' },
        tags: { type: ['null', 'array'], items: { type: ['null', 'string'] } },
        place: { type: ['null', 'object'] },
      },
    });
    expect(() => checkJsonSchema(schema)).not.toThrow();
  });

  it('may follow itself, and not one whose column was text', () => {
    const now = jsonSchemaOf('sold', [column('n', 'BIGINT')]);
    expect(jsonProblems(now, now)).toEqual([]);
    expect(jsonProblems(now, jsonSchemaOf('sold', [column('n', 'VARCHAR')]))).not.toEqual([]);
  });
});
