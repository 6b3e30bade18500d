import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { avroFile } from '../avro-file.ts';
import { workbook } from '../workbook.ts';
import type { Workbench } from '../workbench.ts';
import type { NastyFile } from './nasty-file.ts';

const written = (select: string) => async (bench: Workbench, name: string) => {
  await bench.write(name, select, 'format parquet');
  const bytes = await readFile(join(bench.root, name));
  await rm(join(bench.root, name));
  return bytes;
};
const changed = (select: string, change: (bytes: Buffer) => Buffer) => async (bench: Workbench, name: string) =>
  change(await written(select)(bench, name));

export const nastyParquet: readonly NastyFile[] = [
  { what: 'no rows', content: written('select 1 as id where false'), columns: ['id'], rows: [] },
  {
    what: 'names with quotes, dots and blanks',
    content: written(`select 1 as "a ""b"".c", 2 as "É "`),
    columns: ['a "b".c', 'É '],
    rows: [[1, 2]],
  },
  {
    what: 'the greatest decimal',
    content: written(`select 9999999999999999999999999999.9999999999::decimal(38,10) as n`),
    rows: [['9999999999999999999999999999.9999999999']],
  },
  {
    what: 'a word where a number is declared',
    content: written(`select unnest(['1', 'x', '3']) as n`),
    options: { columns: { n: 'bigint' } },
    rows: [['1'], ['3']],
    rejects: [['2', /could not convert x to bigint/]],
  },
  {
    what: 'a footer that is cut off',
    content: changed('select 1 as id', (bytes) => bytes.subarray(0, bytes.length - 20)),
    refused: /no valid footer/,
  },
  {
    what: 'a footer that is damaged',
    content: changed('select 1 as id', (bytes) => bytes.fill(0xff, bytes.length - 60, bytes.length - 8)),
    refused: /.{20}/,
  },
  { what: 'a CSV with its name', content: 'a,b\n1,2\n', refused: /use type: csv/ },
  { what: 'no bytes', content: Buffer.alloc(0), refused: /0 bytes/ },
];

const record = (fields: readonly object[]) => ({ type: 'record', name: 'R', fields });
const id = { name: 'id', type: 'string' };
const some = avroFile(record([id]), [{ id: 'a' }, { id: 'b' }], { blockRows: 1 });

export const nastyAvro: readonly NastyFile[] = [
  { what: 'no records', content: avroFile(record([id]), []), columns: ['id'], rows: [] },
  {
    what: 'the greatest long',
    content: avroFile(record([{ name: 'n', type: 'long' }]), [
      Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
    ]),
    rows: [['9223372036854775807']],
  },
  {
    what: 'a union with null',
    content: avroFile(record([{ name: 'n', type: ['null', 'int'] }]), [{ n: null }, { n: { int: 7 } }]),
    rows: [[null], [7]],
  },
  {
    what: 'a word where a number is declared',
    content: avroFile(record([id]), [{ id: '1' }, { id: 'x' }]),
    options: { columns: { id: 'integer' } },
    rows: [[1]],
    rejects: [['2', /id: could not convert/]],
  },
  {
    what: 'a block cut off',
    content: some.subarray(0, some.length - 5),
    refused: /cut off in block 2|block 2 does not end/,
  },
  { what: 'a header cut off', content: some.subarray(0, 30), refused: /cut off in its header/ },
  {
    what: 'a codec nobody unpacks',
    content: avroFile(record([id]), [{ id: 'a' }], { codec: 'xz' }),
    refused: /packed with xz; write it with deflate/,
  },
  { what: 'a CSV with its name', content: 'a,b\n1,2\n', refused: /read as avro but is plain text; use type: csv/ },
];

const sheet = workbook({
  Vendas: [
    ['id', 'nome'],
    [{ number: '1' }, 'Zé'],
    [{ number: '2' }, null],
  ],
  Metas: [['mes'], ['jan']],
});

export const nastyExcel: readonly NastyFile[] = [
  {
    what: 'a cell that is empty',
    content: sheet,
    rows: [
      ['1', 'Zé'],
      ['2', null],
    ],
  },
  { what: 'a second sheet', content: sheet, options: { sheet: 'Metas' }, rows: [['jan']] },
  {
    what: 'a title and blank columns around a range',
    content: workbook({
      A: [
        ['Relatório', null, null],
        [null, 'k', 'v'],
        [null, 'a', { number: '1' }],
        ['total', null, null],
      ],
    }),
    options: { range: 'B2:C3' },
    columns: ['k', 'v'],
    rows: [['a', '1']],
  },
  {
    what: 'numbers, words, truth and dates in one column',
    content: workbook({ A: [['v'], ['x'], [{ number: '1.50' }], [true], [{ date: 45292 }]] }),
    rows: [['x'], ['1.50'], ['true'], ['2024-01-01']],
  },
  {
    what: 'a word where a number is declared',
    content: workbook({ A: [['n'], [{ number: '1' }], ['?'], [{ number: '3' }]] }),
    options: { columns: { n: 'integer' } },
    rows: [[1], [3]],
    rejects: [['3', /n: could not convert/]],
  },
  {
    what: 'a whole number that no double holds',
    content: workbook({ A: [['n'], [{ number: '9007199254740993' }]] }),
    rows: [['9007199254740993']],
  },
  {
    what: 'a sheet that is not there',
    content: sheet,
    options: { sheet: 'Outra' },
    refused: /has no sheet Outra; it has Vendas, Metas/,
  },
  { what: 'a workbook cut off', content: sheet.subarray(0, 700), refused: /is a damaged workbook/ },
  { what: 'a CSV with its name', content: 'a;b\n1;2\n', refused: /is read as excel but is plain text/ },
];
