import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkbench, faultOf, type Workbench } from '../testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

async function read(content: string | Buffer, options: object = {}) {
  await bench.file('x.json', content);
  return bench.read({ type: 'json', path: 'x.json', ...options });
}

const two = [
  { id: '1', name: 'Zé' },
  { id: '2', name: null },
];

describe('shapes', () => {
  it.each([
    ['an array', '[{"id":1,"name":"Zé"},{"id":2}]'],
    ['an array over several lines', '[\n  {"id": 1, "name": "Zé"},\n  {"id": 2}\n]\n'],
    ['a record a line', '{"id":1,"name":"Zé"}\n{"id":2}\n'],
    ['lines with blanks between and CRLF', '{"id":1,"name":"Zé"}\r\n\r\n{"id":2}\r\n'],
    ['a gzipped array', gzipSync('[{"id":1,"name":"Zé"},{"id":2}]')],
    ['gzipped lines', gzipSync('{"id":1,"name":"Zé"}\n{"id":2}\n')],
    ['UTF-16', iconv.encode('[{"id":1,"name":"Zé"},{"id":2}]', 'utf-16le', { addBOM: true })],
    ['UTF-8 with a byte order mark', '\ufeff[{"id":1,"name":"Zé"},{"id":2}]'],
  ])('reads %s, strictly and with rejects', async (_, content) => {
    expect((await read(content)).rows).toEqual(two);
    expect(await read(content, { rejects: 'table' })).toMatchObject({ rows: two, rejects: [] });
  });

  it('reads a list inside a document', async () => {
    const document = '{"page": 1, "data": {"items": [{"id":1,"name":"Zé"},{"id":2}]}}';
    expect((await read(document, { records: '$.data.items' })).rows).toEqual(two);
    expect((await read(document, { records: '$.data.items[*]' })).rows).toEqual(two);
  });

  it('says what a document has when the list is not there', async () => {
    const fault = await faultOf(read('{"page":1,"items":[]}', { records: '$.data' }));
    expect(fault.message).toContain('nothing at records: $.data; the document has page, items');
  });
});

describe('values', () => {
  it('J1 keeps objects and lists', async () => {
    const { page, rows } = await read('[{"id":1,"tags":["a","b"],"at":{"x":1,"y":[{"z":true}]}}]');
    expect(page.columns.map(({ type }) => type)).toEqual([
      'BIGINT',
      'VARCHAR[]',
      expect.stringMatching(/^STRUCT/) as string,
    ]);
    expect(rows[0]?.['at']).toEqual({ x: '1', y: [{ z: true }] });
  });

  it('J2 keeps whole numbers of any size', async () => {
    const large = ['9007199254740993', '9223372036854775807', '18446744073709551615', '12345678901234567890123456'];
    const { rows } = await read(large.map((n) => `{"n":${n}}`).join('\n'));
    expect(rows.map((row) => row['n'])).toEqual(large);
  });

  it('J2 keeps large numbers deep inside as JSON text', async () => {
    const { rows } = await read('[{"a":{"n":12345678901234567890123}}]');
    expect(String(rows[0]?.['a'])).toContain('12345678901234567890123');
  });

  it('gives text to a column of several types', async () => {
    expect((await read('{"v":1}\n{"v":"x"}\n')).rows).toEqual([{ v: '1' }, { v: 'x' }]);
  });

  it('lets declared types win', async () => {
    const { page } = await read('[{"amount":"12.50"}]', { columns: { amount: 'decimal(12,2)' } });
    expect(page.columns).toEqual([{ name: 'amount', type: 'DECIMAL(12,2)' }]);
    expect(page.rows).toEqual([['12.50']]);
  });
});

describe('bad records', () => {
  const lines = '{"id":1}\nnot json\n\n[1]\n{"id":"x"}\n{"id":5}\n';

  it('J3 are rejected with their line, the others are read', async () => {
    const { rows, rejects } = await read(lines, { rejects: 'table', columns: { id: 'bigint' } });
    expect(rows).toEqual([{ id: '1' }, { id: '5' }]);
    expect(rejects.map(({ file, line, reason }) => [file, line, reason])).toEqual([
      ['x.json', '2', 'not valid JSON'],
      ['x.json', '4', 'expected an object, got array'],
      ['x.json', '5', 'id: could not convert x to bigint'],
    ]);
  });

  it('stop a strict read, with the first line and the number of them', async () => {
    const fault = await faultOf(read(lines, { columns: { id: 'bigint' } }));
    expect(fault).toMatchObject({ code: 'source-rows-rejected', facts: { fileLine: 2, rejected: 3 } });
  });

  it.each([
    ['a stray comma', '[{"a":1},\n {"a":2,,}]', 'line 2, column 9'],
    ['a document cut short', '[{"a":1},\n{"a"', 'ends too early at line 2'],
  ])('in an array are a fault that names the line: %s', async (_, content, words) => {
    const fault = await faultOf(read(content));
    expect(fault.code).toBe('source-unreadable');
    expect(fault.message).toContain(words);
  });

  it('I7 every non-blank line is stored or rejected', async () => {
    const line = fc.oneof(
      fc.record({ id: fc.integer(), name: fc.string() }).map((record) => JSON.stringify(record)),
      fc.constantFrom('{', '{"id":', '[]', '17', '{"id":"x"}', '', '   ', '{"id":1,"id2":{}}'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (some) => {
        const all = ['{"id":0,"name":"first"}', ...some];
        await bench.file('p.json', all.join('\n') + '\n');
        const { rows, rejects } = await bench.read({
          type: 'json',
          path: 'p.json',
          rejects: 'table',
          columns: { id: 'bigint' },
        });
        expect(rows.length + rejects.length).toBe(all.filter((text) => text.trim() !== '').length);
      }),
      { numRuns: 25 },
    );
  });
});

it('refuses what is no JSON, saying what it is', async () => {
  expect((await faultOf(read('a,b\n1,2\n'))).message).toContain('use type: csv');
  expect((await faultOf(read(Buffer.alloc(0)))).message).toContain('0 bytes');
});
