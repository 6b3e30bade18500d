import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import type { NastyFile } from './nasty-file.ts';

const cities = 'nome;cidade\nJosé;São Paulo\nÂngela;Maceió\n';
const cityRows = [
  ['José', 'São Paulo'],
  ['Ângela', 'Maceió'],
];

/** Delimiters, quotes, line ends and encodings. */
export const nastyCsvText: readonly NastyFile[] = [
  {
    what: 'commas in quotes beside plain words',
    content: 'first,last,address\nJohn,Doe,"120 any st., Anytown, WW 08123"\n',
    rows: [['John', 'Doe', '120 any st., Anytown, WW 08123']],
  },
  {
    what: 'doubled quotes around a word',
    content: 'a,b\n1,"ha ""ha"" ha"\n3,4\n',
    rows: [
      ['1', 'ha "ha" ha'],
      ['3', '4'],
    ],
  },
  {
    what: 'JSON in a value',
    content: 'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
    rows: [['1', '{"type": "Point", "coordinates": [102.0, 0.5]}']],
  },
  {
    what: 'line ends in quotes, with CRLF between rows',
    content: 'a,b\r\n1,"Once upon\r\na time"\r\n2,"x"\r\n',
    rows: [
      ['1', 'Once upon\r\na time'],
      ['2', 'x'],
    ],
  },
  {
    what: 'empty values among numbers, quoted and not',
    content: 'a,b,c\n1,"",""\n2,3,4\n',
    rows: [
      ['1', null, null],
      ['2', '3', '4'],
    ],
  },
  {
    what: 'a lone carriage return as line end',
    content: 'a,b\r1,x\r2,y',
    rows: [
      ['1', 'x'],
      ['2', 'y'],
    ],
  },
  {
    what: 'no line end at the end, and a space before it',
    content: 'a,b\n1,x \n2,y ',
    rows: [
      ['1', 'x '],
      ['2', 'y '],
    ],
  },
  {
    what: 'blank lines between rows',
    content: 'a,b\n1,x\n\n\n2,y\n',
    rows: [
      ['1', 'x'],
      ['2', 'y'],
    ],
  },
  {
    what: 'a byte order mark before a quoted header',
    content: '\ufeff"a","b"\n1,x\n',
    columns: ['a', 'b'],
    rows: [['1', 'x']],
  },
  { what: 'Latin-1', content: iconv.encode(cities, 'latin1'), columns: ['nome', 'cidade'], rows: cityRows },
  { what: 'UTF-16 without a mark', content: iconv.encode(cities, 'utf-16le'), rows: cityRows },
  {
    what: 'UTF-16 of the other order, gzipped',
    content: gzipSync(iconv.encode(cities, 'utf-16be', { addBOM: true })),
    rows: cityRows,
  },
  {
    what: 'Shift JIS that is told',
    content: iconv.encode('id,name\n1,東京\n2,大阪\n', 'shift_jis'),
    options: { encoding: 'shift_jis' },
    rows: [
      ['1', '東京'],
      ['2', '大阪'],
    ],
  },
  {
    what: 'an emoji of four bytes as the delimiter',
    content: 'a🦆b\n1🦆x\n',
    options: { delimiter: '🦆' },
    rows: [['1', 'x']],
  },
  {
    what: 'pipes, and commas in the words',
    content: 'a|b\n1|x, y\n2|z, w\n',
    rows: [
      ['1', 'x, y'],
      ['2', 'z, w'],
    ],
  },
  {
    what: 'tabs, and spaces in the words',
    content: 'a\tb\n1\tx y\n2\tz w\n',
    rows: [
      ['1', 'x y'],
      ['2', 'z w'],
    ],
  },
];
