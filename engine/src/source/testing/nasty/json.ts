import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import type { NastyFile } from './nasty-file.ts';

const two = [
  ['1', 'Zé'],
  ['2', null],
];
const array = '[{"id":1,"name":"Zé"},{"id":2}]';

export const nastyJson: readonly NastyFile[] = [
  { what: 'an array on one line', content: array, rows: two },
  {
    what: 'an array over lines with blanks',
    content: '[\n\n  {"id": 1,\n "name": "Zé"},\n  {"id": 2}\n]\n\n',
    rows: two,
  },
  { what: 'lines with CRLF and blank ones between', content: '{"id":1,"name":"Zé"}\r\n\r\n{"id":2}\r\n', rows: two },
  { what: 'a byte order mark', content: `\ufeff${array}`, rows: two },
  { what: 'UTF-16', content: iconv.encode(array, 'utf-16le', { addBOM: true }), rows: two },
  { what: 'gzipped lines', content: gzipSync('{"id":1,"name":"Zé"}\n{"id":2}\n'), rows: two },
  {
    what: 'a list deep in a document',
    content: `{"page": 1, "data": {"items": ${array}}}`,
    options: { records: '$.data.items' },
    rows: two,
  },
  {
    what: 'whole numbers of any size',
    content: '{"n":9007199254740993}\n{"n":18446744073709551616}\n',
    rows: [['9007199254740993'], ['18446744073709551616']],
  },
  { what: 'numbers and words in one field', content: '{"v":1}\n{"v":"x"}\n', rows: [['1'], ['x']] },
  { what: 'escapes and a surrogate pair', content: '{"v":"a\\u00e9\\ud83e\\udd86\\n"}\n', rows: [['aé🦆\n']] },
  { what: 'an empty array', content: '[]', rows: [] },
  {
    what: 'a line that is no JSON',
    content: '{"id":1}\nnot json\n{"id":3}\n',
    rows: [['1'], ['3']],
    rejects: [['2', /not valid JSON/]],
  },
  {
    what: 'a line that is a list',
    content: '{"id":1}\n[1]\n{"id":3}\n',
    rows: [['1'], ['3']],
    rejects: [['2', /expected an object, got array/]],
  },
  {
    what: 'a word where a number is declared',
    content: '{"id":1}\n{"id":"x"}\n',
    options: { columns: { id: 'bigint' } },
    rows: [['1']],
    rejects: [['2', /could not convert x to bigint/]],
  },
  { what: 'a stray comma in an array', content: '[{"a":1},\n {"a":2,,}]', refused: /line 2, column 9/ },
  { what: 'a document cut short', content: '[{"a":1},\n{"a"', refused: /ends too early at line 2/ },
  {
    what: 'no list where records are said to be',
    content: '{"page":1,"items":[]}',
    options: { records: '$.data' },
    refused: /nothing at records: \$\.data; the document has page, items/,
  },
  { what: 'CSV', content: 'a,b\n1,2\n', refused: /use type: csv/ },
  { what: 'no bytes', content: Buffer.alloc(0), refused: /0 bytes/ },
];
