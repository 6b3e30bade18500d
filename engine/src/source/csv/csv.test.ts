import { gzipSync } from 'node:zlib';
import { english } from '@datacraft/shared';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkbench, faultOf, type Workbench } from '../testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

async function read(content: string | Buffer, options: object = {}) {
  await bench.file('x.csv', content);
  return bench.read({ type: 'csv', path: 'x.csv', ...options });
}

async function typesOf(content: string | Buffer, options: object = {}) {
  const { page } = await read(content, options);
  return Object.fromEntries(page.columns.map(({ name, type }) => [name, type]));
}

describe('delimiter and quotes', () => {
  it.each([
    [',', 'a,b\n1,x\n2,y\n'],
    [';', 'a;b\n1;x\n2;y\n'],
    ['\t', 'a\tb\n1\tx\n2\ty\n'],
    ['|', 'a|b\n1|x\n2|y\n'],
  ])('finds %j', async (_, content) => {
    expect((await read(content)).rows).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
    ]);
  });

  it('takes the semicolon when both semicolons and decimal commas are in every row', async () => {
    expect((await read('a;b\n1,5;2,5\n3,5;4,5\n')).rows).toEqual([
      { a: 1.5, b: 2.5 },
      { a: 3.5, b: 4.5 },
    ]);
  });

  it('keeps delimiters, doubled quotes and line ends inside quotes', async () => {
    expect((await read('a,b\n1,"x, ""y""\nz"\n')).rows).toEqual([{ a: '1', b: 'x, "y"\nz' }]);
  });

  it('finds backslash escapes', async () => {
    expect((await read('a,b\n1,"say \\"hi\\" now"\n2,"and \\"so\\" on"\n')).rows[0]?.['b']).toBe('say "hi" now');
  });

  it.each([
    ['a space', ' ', 'a b\n1 "x y"\n2 y\n'],
    ['two bytes', '||', 'a||b\n1||"x||y"\n2||y|z\n'],
    ['three bytes', '<;>', 'a<;>b\n1<;>"x<;>y"\n2<;>y;z\n'],
    ['a letter of two bytes', '§', 'a§b\n1§"x§y"\n2§y\n'],
    ['a sign of three bytes', '→', 'a→b\n1→"x→y"\n2→y\n'],
    ['a sign of four bytes', '🦆', 'a🦆b\n1🦆"x🦆y"\n2🦆y\n'],
  ])('takes a delimiter of %s that it is told', async (_, delimiter, content) => {
    const { rows, page } = await read(content, { delimiter });
    expect(page.columns.map(({ type }) => type)).toEqual(['BIGINT', 'VARCHAR']);
    expect(rows.map((row) => row['a'])).toEqual(['1', '2']);
    expect(rows[0]?.['b']).toBe(`x${delimiter}y`);
  });

  it('finds a space where every row has as many', async () => {
    expect((await read('id name size\n1 x 10\n2 y 20\n3 z 30\n')).rows[1]).toEqual({ id: '2', name: 'y', size: '20' });
  });

  it.each([
    ['||', 'a||b\n1||x\n2||y||z\n'],
    ['§', 'a§b\n1§x\n2§y§z\n'],
    [' ', 'a b\n1 x\n2 y z\n'],
  ])('counts the rows that a delimiter %j breaks', async (delimiter, content) => {
    await bench.file('x.csv', content);
    const found = await bench.read({
      type: 'csv',
      path: 'x.csv',
      delimiter,
      rejects: 'table',
      columns: { a: 'int', b: 'varchar' },
    });
    expect(found.rows).toEqual([{ a: 1, b: 'x' }]);
  });

  it('reads a file of one column', async () => {
    expect((await read('city\nSantos\nRio\n')).rows).toEqual([{ city: 'Santos' }, { city: 'Rio' }]);
  });
});

describe('line ends', () => {
  it.each([
    ['CRLF', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['CR alone', 'a,b\r1,x\r2,y\r'],
    ['CRLF and LF', 'a,b\r\n1,x\n2,y\r\n'],
    ['LF first, then CRLF and CR', 'a,b\n1,x\r\n2,y\r'],
    ['no last line end', 'a,b\n1,x\n2,y'],
  ])('reads %s', async (_, content) => {
    expect((await read(content)).rows).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
    ]);
  });

  it('leaves line ends in quotes as they are when it unifies the others', async () => {
    expect((await read('a,b\r\n1,"x\r\ny"\n2,z\r\n')).rows[0]?.['b']).toBe('x\r\ny');
  });
});

describe('encoding', () => {
  const text = 'nome;cidade\nJosé;São Paulo\nÂngela;Maceió\n';
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['latin-1', iconv.encode(text, 'latin1')],
    ['utf-16le with a byte order mark', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['utf-16le without', iconv.encode(text, 'utf-16le')],
    ['utf-16be with a byte order mark', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['utf-16be without', iconv.encode(text, 'utf-16be')],
    ['gzipped latin-1', gzipSync(iconv.encode(text, 'latin1'))],
  ])('finds %s', async (_, bytes) => {
    expect((await read(bytes)).rows).toEqual([
      { nome: 'José', cidade: 'São Paulo' },
      { nome: 'Ângela', cidade: 'Maceió' },
    ]);
  });

  it('reads the euro sign of windows-1252 and says so', async () => {
    await bench.file('x.csv', iconv.encode('item,preço\nchá,€ 3\n', 'windows-1252'));
    const sniffed = await bench.sniff({ type: 'csv', path: 'x.csv' });
    expect(sniffed.options['encoding']).toBe('windows-1252');
    expect(sniffed.preview.rows).toEqual([['chá', '€ 3']]);
    expect(sniffed.warnings.map(english).join()).toContain('not UTF-8');
  });

  it('rejects the rows of a UTF-8 file that hold broken bytes', async () => {
    const good = 'a,b\n1,é\n2,ã\n3,ç\n';
    const { rows, rejects } = await read(Buffer.concat([Buffer.from(good), Buffer.from([0x34, 0x2c, 0xe9, 0x0a])]), {
      rejects: 'table',
    });
    expect(rows).toHaveLength(3);
    expect(rejects).toMatchObject([
      { file: 'x.csv', line: '5', reason: expect.stringContaining('not valid UTF-8') as string },
    ]);
  });

  it('refuses an encoding nobody knows', async () => {
    expect(await faultOf(read('a\n1\n', { encoding: 'klingon' }))).toMatchObject({ code: 'source-unreadable' });
  });
});

describe('header', () => {
  it('tells a header from data', async () => {
    expect((await read('1,x\n2,y\n')).page.columns.map(({ name }) => name)).toEqual(['column0', 'column1']);
  });

  it('gives duplicate and empty names a name of their own, with a warning', async () => {
    await bench.file('x.csv', 'id,ID,,id\n1,2,3,4\n');
    const sniffed = await bench.sniff({ type: 'csv', path: 'x.csv' });
    expect(sniffed.columns.map(({ name }) => name)).toEqual(['id', 'ID_1', 'column2', 'id_2']);
    expect(sniffed.warnings).toHaveLength(3);
  });

  it('skips titles above the header and says so', async () => {
    await bench.file('x.csv', 'Relatório de vendas\n\nid;valor\n1;2\n3;4\n');
    const sniffed = await bench.sniff({ type: 'csv', path: 'x.csv' });
    expect(sniffed.preview.rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(sniffed.warnings.map(english).join()).toContain('Relatório de vendas');
  });

  it('gives declared names to columns without a header', async () => {
    const { rows } = await read('1,x\n2,y\n', { header: false, columns: { id: 'integer', name: 'varchar' } });
    expect(rows[0]).toEqual({ id: 1, name: 'x' });
  });

  it('gives no rows for a header alone', async () => {
    expect((await read('id,name\n')).page).toMatchObject({ rows: [], columns: [{ name: 'id' }, { name: 'name' }] });
  });
});

describe('types', () => {
  it('finds whole numbers, decimals, booleans, dates and timestamps', async () => {
    expect(
      await typesOf('i,d,b,day,at,tz,t\n1,1.5,true,2024-01-31,2024-01-31 10:00:00,2024-01-31T10:00:00Z,10:00:00\n'),
    ).toEqual({
      i: 'BIGINT',
      d: 'DOUBLE',
      b: 'BOOLEAN',
      day: 'DATE',
      at: 'TIMESTAMP',
      tz: 'TIMESTAMP WITH TIME ZONE',
      t: 'TIME',
    });
  });

  it('reads decimal commas with thousands points', async () => {
    const { rows } = await read('id;valor\n1;1.234,56\n2;12,5\n3;1.000.000,00\n');
    expect(rows.map((row) => row['valor'])).toEqual([1234.56, 12.5, 1_000_000]);
  });

  it('reads declared decimals from decimal commas exactly', async () => {
    const { page, rows } = await read('id;valor\n1;1.234,56\n2;12,5\n', { columns: { valor: 'decimal(12,2)' } });
    expect(page.columns[1]?.type).toBe('DECIMAL(12,2)');
    expect(rows.map((row) => row['valor'])).toEqual(['1234.56', '12.50']);
  });

  it('keeps numbers with leading zeros and numbers too large for 64 bits', async () => {
    const { rows } = await read('cep,n\n01310100,12345678901234567890\n04538133,1\n');
    expect(rows[0]).toEqual({ cep: '01310100', n: '12345678901234567890' });
  });

  it('reads dates day first when a day above 12 is seen', async () => {
    expect((await read('d\n01/02/2024\n31/12/2024\n', { header: true })).rows[0]).toEqual({ d: '2024-02-01' });
  });

  it('reads dates month first when a day above 12 stands second', async () => {
    expect((await read('d\n01/02/2024\n12/31/2024\n')).rows[0]).toEqual({ d: '2024-01-02' });
  });

  it('leaves ambiguous dates as text, with a warning that says how to decide', async () => {
    await bench.file('x.csv', 'd\n01/02/2024\n03/04/2024\n');
    const sniffed = await bench.sniff({ type: 'csv', path: 'x.csv' });
    expect(sniffed.columns).toEqual([{ name: 'd', type: 'VARCHAR' }]);
    expect(sniffed.warnings.map(english).join()).toContain('date_format');
  });

  it('lets a declared date format decide', async () => {
    expect((await read('d\n01/02/2024\n03/04/2024\n', { date_format: '%d/%m/%Y' })).rows[1]).toEqual({
      d: '2024-04-03',
    });
  });

  it('reads NA in a number column as NULL', async () => {
    expect((await read('a,b\n1,x\nNA,y\n3,z\n')).rows.map((row) => row['a'])).toEqual(['1', null, '3']);
  });

  it('lets declared types win', async () => {
    expect(await typesOf('a,b\n1,2\n', { columns: { A: 'varchar' } })).toEqual({ a: 'VARCHAR', b: 'BIGINT' });
  });

  it('names near columns when a declared one is not there', async () => {
    const fault = await faultOf(read('amount,channel\n1,x\n', { columns: { amont: 'double' } }));
    expect(fault.code).toBe('source-unreadable');
    expect(fault.message).toContain('did you mean amount?');
  });

  it('refuses a declared type that is none', async () => {
    expect((await faultOf(read('a,b\n1,2\n', { columns: { a: 'decimal(99,2)' } }))).code).toBe('source-unreadable');
    expect((await faultOf(read('a,b\n1,2\n', { columns: { a: "int'; drop" } }))).message).toContain('is not a type');
  });
});

describe('bad rows', () => {
  const dirty = 'id,amount\n1,10\n2,abc\n3,30,extra\n4\n5,50\n6,60\n7,70\n';
  const declared = { columns: { amount: 'double' } };

  it('C3 stop reading with file, line, column, reason and what to do', async () => {
    const fault = await faultOf(read(dirty, declared));
    expect(fault).toMatchObject({
      code: 'source-rows-rejected',
      facts: { file: 'x.csv', fileLine: 3, columnName: 'amount', rejected: 3 },
    });
    expect(fault.message).toContain('x.csv, line 3: amount: could not convert string "abc"');
    expect(fault.message).toContain('rejects: table');
  });

  it('C2 go to the rejects with rejects: table, one row for each', async () => {
    const { rows, rejects } = await read(dirty, { ...declared, rejects: 'table' });
    expect(rows.map((row) => row['id'])).toEqual(['1', '5', '6', '7']);
    expect(rejects.map(({ line, raw }) => [line, raw])).toEqual([
      ['3', '2,abc'],
      ['4', '3,30,extra'],
      ['5', '4'],
    ]);
    expect(rejects[1]?.['reason']).toBe('too many values: expected 2 found: 3');
  });

  it('make a column text, not fail, when its type was only guessed', async () => {
    expect((await read('id,amount\n1,10\n2,abc\n3,30\n')).rows[1]).toEqual({ id: '2', amount: 'abc' });
  });

  it('are set aside with rejects: table when nearly all values of a column are numbers', async () => {
    const { rejects } = await read('id,amount\n1,10\n2,abc\n3,30\n4,40\n5,50\n', { rejects: 'table' });
    expect(rejects).toMatchObject([{ line: '3', column_name: 'amount' }]);
  });

  it('count lines over quoted line ends and skipped titles', async () => {
    const { rejects } = await read('title\na,b\n1,"x\ny"\nz\n2,w\n3,w\n4,w\n5,w\n', { rejects: 'table' });
    expect(rejects).toMatchObject([{ line: '5', raw: 'z' }]);
  });

  it('are all of them when each is wider than the header that holds the declared names', async () => {
    const { rows, rejects } = await read('id,amount\n1,10,x\n2,20,x\n', { ...declared, rejects: 'table' });
    expect(rows).toEqual([]);
    expect(rejects).toMatchObject([{ line: '2' }, { line: '3', reason: 'too many values: expected 2 found: 3' }]);
  });

  it('report a quote that is never closed', async () => {
    const { rejects } = await read('a,b\n1,x\n2,"y\n', { rejects: 'table' });
    expect(rejects).toMatchObject([{ line: '3', reason: expect.stringContaining('not closed') as string }]);
  });

  it('report a line that is too long, and go on after it', async () => {
    const { rows, rejects } = await read(`a,b\n1,${'x'.repeat(3_000_000)}\n2,y\n`, { rejects: 'table' });
    expect(rows).toEqual([{ a: '2', b: 'y' }]);
    expect(rejects).toMatchObject([{ reason: expect.stringContaining('too long') as string }]);
  });

  it('C2 never drop what stands in a line beyond the buffer, or after a quote left open for megabytes', async () => {
    const long = await faultOf(read(`a,b\n1,${'x'.repeat(20_000_000)}\n2,y\n`, { rejects: 'table' }));
    expect(long.message).toContain('line longer than 16 MB');
    const open = await faultOf(read(`a,b\n1,"open\n${'2,x\n'.repeat(2_000_000)}`, { rejects: 'table' }));
    expect(open).toMatchObject({ code: 'source-unreadable', facts: { fileLine: 2 } });
  });

  it('keep NUL bytes as they are', async () => {
    expect((await read('a,b\n1,x\0y\n2,z\n')).rows[0]?.['b']).toBe('x\0y');
  });
});

describe('several files', () => {
  it('are one relation in the order of their names, by column name', async () => {
    await bench.file('many/b.csv', 'b,a\n2.5,2\n');
    await bench.file('many/a.csv', 'a,b\n1,1\n');
    const { rows, page } = await bench.read({ type: 'csv', path: 'many/*.csv' });
    expect(rows).toEqual([
      { a: '1', b: 1 },
      { a: '2', b: 2.5 },
    ]);
    expect(page.columns[1]?.type).toBe('DOUBLE');
  });

  it('keep each its name in the rejects', async () => {
    await bench.file('parts/1.csv', 'a,b\n1,2\nx\n');
    await bench.file('parts/2.csv', 'a,b\n1,2\n3,4\ny\n');
    const { rejects } = await bench.read({ type: 'csv', path: 'parts/*.csv', rejects: 'table' });
    expect(rejects.map(({ file, line }) => [file, line])).toEqual([
      ['parts/1.csv', '3'],
      ['parts/2.csv', '4'],
    ]);
  });
});

describe('files that are no CSV', () => {
  it.each([
    ['0 bytes', Buffer.alloc(0), 'empty (0 bytes)'],
    ['blanks alone', Buffer.from('\n \n'), 'holds no text'],
    ['Parquet', Buffer.from('PAR1xxxxPAR1'), 'use type: parquet'],
    ['a zip archive', Buffer.from('PK\x03\x04\0\0\0\0data.csv'), 'zip archive'],
    ['an Excel workbook', Buffer.from('PK\x03\x04\0\0[Content_Types].xml'), 'Excel'],
    ['JSON', Buffer.from('[{"a": 1}]'), 'use type: json'],
    ['a web page', Buffer.from('<!DOCTYPE html><html></html>'), 'web page'],
    ['a cut gzip', gzipSync('a,b\n1,2\n'.repeat(100)).subarray(0, 30), 'gzip'],
  ])('say that they are %s', async (_, bytes, words) => {
    const fault = await faultOf(read(bytes));
    expect(fault.code).toBe('source-unreadable');
    expect(fault.message).toContain(words);
  });
});

it('C1 reads gzip as it reads the plain file', async () => {
  const text = 'a,b\n1,x\n2,y\n';
  expect((await read(gzipSync(text))).rows).toEqual((await read(text)).rows);
});
