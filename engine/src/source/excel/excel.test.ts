import type { ExcelSource } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SheetCell, workbook } from '../testing/workbook.ts';
import { createWorkbench, faultOf, type Workbench } from '../testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

async function read(sheets: Parameters<typeof workbook>[0], options: Partial<ExcelSource> = {}) {
  await bench.file('x.xlsx', workbook(sheets));
  return bench.read({ type: 'excel', path: 'x.xlsx', ...options });
}

const orders: readonly (readonly SheetCell[])[] = [
  ['id', 'Cliente', 'valor', 'pago', 'data'],
  [{ number: '1' }, 'Zé', { number: '10.5' }, true, { date: 45292 }],
  [{ number: '2' }, '007', { number: '20' }, false, { date: 45293.5 }],
];

describe('a worksheet', () => {
  it('gives numbers, texts, truth values and dates their types', async () => {
    const { rows, page } = await read({ Vendas: orders });
    expect(page.columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'BIGINT'],
      ['Cliente', 'VARCHAR'],
      ['valor', 'DOUBLE'],
      ['pago', 'BOOLEAN'],
      ['data', 'TIMESTAMP'],
    ]);
    expect(rows).toEqual([
      { id: '1', Cliente: 'Zé', valor: 10.5, pago: true, data: '2024-01-01T00:00:00' },
      { id: '2', Cliente: '007', valor: 20, pago: false, data: '2024-01-02T12:00:00' },
    ]);
  });

  it('is chosen by name or position, and a wrong one is named with those there are', async () => {
    const sheets = { Vendas: orders, Metas: [['mes'], ['jan']] };
    expect((await read(sheets, { sheet: 'Metas' })).rows).toEqual([{ mes: 'jan' }]);
    expect((await read(sheets, { sheet: 2 })).rows).toEqual([{ mes: 'jan' }]);
    expect((await faultOf(read(sheets, { sheet: 'Outra' }))).message).toContain(
      'has no sheet Outra; it has Vendas, Metas',
    );
  });

  it('is read in its range, with names of its own when it has no header', async () => {
    const sheets = {
      A: [
        ['Relatório', null, null],
        [null, null, null],
        [null, 'k', 'v'],
        [null, 'a', { number: '1' }],
        ['total', null, null],
      ],
    };
    expect((await read(sheets, { range: 'B3:C4' })).rows).toEqual([{ k: 'a', v: '1' }]);
    const bare = await read(sheets, { range: 'B4:C4', header: false, columns: { key: 'varchar', value: 'int' } });
    expect(bare.rows).toEqual([{ key: 'a', value: 1 }]);
  });

  it('E1 keeps a column of mixed kinds as the texts they show', async () => {
    const { rows } = await read({ A: [['v'], ['x'], [{ number: '1.50' }], [true], [{ date: 45292 }]] });
    expect(rows).toEqual([{ v: 'x' }, { v: '1.50' }, { v: 'true' }, { v: '2024-01-01' }]);
  });

  it('E2 sets rows aside that do not fit a declared type, by their row of the sheet', async () => {
    const sheets = { A: [['n'], [{ number: '1' }], [null], ['?'], [{ number: '3' }]] };
    const { rows, rejects } = await read(sheets, { columns: { n: 'integer' }, rejects: 'table' });
    expect(rows).toEqual([{ n: 1 }, { n: 3 }]);
    expect(rejects).toMatchObject([{ file: 'x.xlsx', line: '4', column_name: 'n' }]);
  });

  it('keeps whole numbers that a double cannot hold', async () => {
    expect((await read({ A: [['n'], [{ number: '9007199254740993' }]] })).rows).toEqual([{ n: '9007199254740993' }]);
  });
});

describe('a file', () => {
  it('that is no workbook is refused for what it is', async () => {
    await bench.file('x.xlsx', 'a;b\n1;2\n');
    expect((await faultOf(bench.read({ type: 'excel', path: 'x.xlsx' }))).message).toContain(
      'is read as excel but is plain text',
    );
  });

  it('that is cut off says so', async () => {
    await bench.file('x.xlsx', workbook({ A: orders }).subarray(0, 900));
    expect((await faultOf(bench.read({ type: 'excel', path: 'x.xlsx' }))).message).toContain('is a damaged workbook');
  });
});
