import { strToU8, zipSync } from 'fflate';
import type { ExcelSource } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkbench, faultOf, type Workbench } from '../testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

/** A cell of the file: a number as its digits, `{ date }` as the serial number that Excel keeps. */
type Cell = string | boolean | null | { number: string } | { date: number };

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function cellXml(cell: Cell, at: string): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${cell}</t></is></c>`;
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  return 'number' in cell ? `<c r="${at}"><v>${cell.number}</v></c>` : `<c r="${at}" s="1"><v>${cell.date}</v></c>`;
}

function sheetXml(rows: readonly (readonly Cell[])[]): string {
  const body = rows.map(
    (row, r) =>
      `<row r="${r + 1}">${row.map((cell, c) => cellXml(cell, `${String.fromCharCode(65 + c)}${r + 1}`)).join('')}</row>`,
  );
  return `<?xml version="1.0"?><worksheet ${NS}><sheetData>${body.join('')}</sheetData></worksheet>`;
}

function workbook(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>): Buffer {
  const names = Object.keys(sheets);
  const files: Record<string, Uint8Array> = {
    '[Content_Types].xml': strToU8(
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    ),
    'xl/workbook.xml': strToU8(
      `<?xml version="1.0"?><workbook ${NS} xmlns:r="${RELS}"><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${RELS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="rId99" Type="${RELS}/styles" Target="styles.xml"/></Relationships>`,
    ),
    'xl/styles.xml': strToU8(
      `<?xml version="1.0"?><styleSheet ${NS}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    ),
  };
  names.forEach((name, i) => (files[`xl/worksheets/sheet${i + 1}.xml`] = strToU8(sheetXml(sheets[name] ?? []))));
  return Buffer.from(zipSync(files));
}

async function read(sheets: Parameters<typeof workbook>[0], options: Partial<ExcelSource> = {}) {
  await bench.file('x.xlsx', workbook(sheets));
  return bench.read({ type: 'excel', path: 'x.xlsx', ...options });
}

const orders: readonly (readonly Cell[])[] = [
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
