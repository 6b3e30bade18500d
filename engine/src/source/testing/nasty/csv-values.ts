import { gzipSync } from 'node:zlib';
import type { NastyFile } from './nasty-file.ts';

/** Values, names and rows that are not what they seem, and files that are no table. */
export const nastyCsvValues: readonly NastyFile[] = [
  {
    what: 'decimal commas, thousands and a semicolon',
    content: 'id;valor\n1;1.234,56\n2;-0,5\n3;1.000.000,00\n',
    rows: [
      ['1', 1234.56],
      ['2', -0.5],
      ['3', 1_000_000],
    ],
  },
  {
    what: 'decimal commas and points in one column',
    content: 'id;valor\n1;1.5\n2;1,5\n',
    rows: [
      ['1', '1.5'],
      ['2', '1,5'],
    ],
  },
  {
    what: 'leading zeros',
    content: 'cep,n\n01310100,1\n04538133,2\n',
    rows: [
      ['01310100', '1'],
      ['04538133', '2'],
    ],
  },
  {
    what: 'numbers beyond 64 bits',
    content: 'n,m\n9223372036854775807,1\n9223372036854775808,2\n',
    rows: [
      ['9223372036854775807', '1'],
      ['9223372036854775808', '2'],
    ],
  },
  {
    what: 'days first, told by one day above 12',
    content: 'd;n\n01/02/2024;1\n31/12/2024;2\n',
    rows: [
      ['2024-02-01', '1'],
      ['2024-12-31', '2'],
    ],
  },
  {
    what: 'dates of two formats in one column',
    content: 'd,n\n2024-01-31,1\n31/01/2024,2\n',
    rows: [
      ['2024-01-31', '1'],
      ['31/01/2024', '2'],
    ],
  },
  {
    what: 'duplicate, empty and colliding names',
    content: 'id,ID,,id\n1,2,3,4\n',
    columns: ['id', 'ID_1', 'column2', 'id_2'],
    rows: [['1', '2', '3', '4']],
  },
  {
    what: 'a title above the header',
    content: 'Relatório de vendas\n\nid;valor\n1;2\n3;4\n',
    columns: ['id', 'valor'],
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
  },
  { what: 'a header alone', content: 'id,name\n', columns: ['id', 'name'], rows: [] },
  {
    what: 'a row too long and a row too short',
    content: 'a,b\n1,x\n2,y,z\n3\n4,w\n5,v\n6,u\n',
    rows: [
      ['1', 'x'],
      ['4', 'w'],
      ['5', 'v'],
      ['6', 'u'],
    ],
    rejects: [
      ['3', /too many values/],
      ['4', /expected 2|too few|missing/i],
    ],
  },
  {
    what: 'a word where a number is declared',
    content: 'id,n\n1,10\n2,dez\n3,30\n',
    options: { columns: { n: 'integer' } },
    rows: [
      ['1', 10],
      ['3', 30],
    ],
    rejects: [['3', /could not convert/]],
  },
  {
    what: 'a number that its declared type does not hold',
    content: 'id,n\n1,127\n2,128\n',
    options: { columns: { n: 'tinyint' } },
    rows: [['1', 127]],
    rejects: [['3', /n: /]],
  },
  {
    what: 'a day that no calendar has',
    content: 'id,d\n1,2024-02-29\n2,2023-02-29\n',
    options: { columns: { d: 'date' } },
    rows: [['1', '2024-02-29']],
    rejects: [['3', /d: /]],
  },
  {
    what: 'bytes that are no UTF-8 in one row of many',
    content: Buffer.concat([Buffer.from('a,b\n1,é\n2,ã\n3,ç\n'), Buffer.from([0x34, 0x2c, 0xe9, 0x0a])]),
    rows: [
      ['1', 'é'],
      ['2', 'ã'],
      ['3', 'ç'],
    ],
    rejects: [['5', /not valid UTF-8/]],
  },
  {
    what: 'a quote that is never closed',
    content: 'a,b\n1,x\n2,"y\n',
    rows: [['1', 'x']],
    rejects: [['3', /not closed/]],
  },
  {
    what: 'a row that says what NULL is',
    content: 'a,b\n1,x\n-,y\n3,\\N\n',
    options: { null_values: ['-', '\\N'] },
    rows: [
      ['1', 'x'],
      [null, 'y'],
      ['3', null],
    ],
  },
  {
    what: 'a NUL character in a word',
    content: 'a,b\n1,x\0y\n2,z\n',
    rows: [
      ['1', 'x\0y'],
      ['2', 'z'],
    ],
  },
  {
    what: 'formulas that a spreadsheet would run',
    content: 'a,b\n1,"=cmd|\'/c calc\'!A1"\n2,@sum(1)\n',
    rows: [
      ['1', "=cmd|'/c calc'!A1"],
      ['2', '@sum(1)'],
    ],
  },
  { what: 'no bytes', content: Buffer.alloc(0), refused: /is empty \(0 bytes\)/ },
  { what: 'only blanks', content: ' \n\n \n', refused: /holds no text/ },
  {
    what: 'a cut gzip',
    content: gzipSync('a,b\n1,2\n'.repeat(100)).subarray(0, 30),
    refused: /gzip file but cannot be unpacked/,
  },
  { what: 'a web page', content: '<!DOCTYPE html>\n<html><body>404</body></html>', refused: /web page/ },
  {
    what: 'an encoding nobody knows',
    content: 'a\n1\n',
    options: { encoding: 'klingon' },
    refused: /encoding "klingon" is not known/,
  },
  {
    what: 'a declared column that is not there',
    content: 'amount,channel\n1,x\n',
    options: { columns: { amont: 'double' } },
    refused: /did you mean amount\?/,
  },
];
