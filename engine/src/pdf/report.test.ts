import type { ResultPage } from '@datacraft/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from './font.ts';
import type { Report } from './report.ts';
import { reportHash, reportPdf } from './report.ts';
import { wrap } from './sheet.ts';
import { readPdf } from './testing/read-pdf.ts';

const page = (columns: Record<string, string>, rows: ResultPage['rows'], totalRows = rows.length): ResultPage => ({
  columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
  rows,
  totalRows,
  truncated: false,
});
const report = (parts: Report['parts'], more: Partial<Report> = {}): Report => ({
  title: 'Relatório: ações e inadimplência',
  description: null,
  language: 'pt',
  version: { number: 3, at: '2026-11-28T21:03:11.000Z' },
  dataAt: '2026-11-28T20:00:00.000Z',
  parts,
  ...more,
});

describe('a report as a PDF file', () => {
  it('says what was published, when, how old its data is, and its hash on each page', () => {
    const made = report([{ kind: 'text', text: 'Fim. '.repeat(4_000) }]);
    const pages = readPdf(reportPdf(made));
    expect(pages.length).toBeGreaterThan(2);
    expect(pages[0]?.join(' ')).toContain('Relatório: ações e inadimplência');
    for (const [at, texts] of pages.entries()) {
      const foot = texts.slice(-3).join(' ');
      expect(foot).toContain('Versão 3, publicada em 28/11/2026 21:03 UTC · dados de 28/11/2026 20:00 UTC');
      expect(foot).toContain(`sha256 ${reportHash(made)}`);
      expect(foot).toContain(`página ${at + 1} de ${pages.length}`);
    }
  });

  it('R1 is the same bytes for the same content, and has another hash for another', () => {
    const one = report([{ kind: 'text', text: 'a' }]);
    expect(reportPdf(one).equals(reportPdf(structuredClone(one)))).toBe(true);
    expect(reportHash(report([{ kind: 'text', text: 'b' }]))).not.toBe(reportHash(one));
  });

  it('has each row of a table once, under its columns again on each page, numbers and dates as they are written', () => {
    const rows = Array.from({ length: 150 }, (_, at) => [at, `São José nº ${at}`, `${at * 1031}.50`, '2026-03-01']);
    const table = page({ id: 'INTEGER', município: 'VARCHAR', valor: 'DECIMAL(12,2)', dia: 'DATE' }, rows, 4000);
    const pages = readPdf(reportPdf(report([{ kind: 'table', page: table }])));
    expect(pages.length).toBeGreaterThan(2);
    for (const texts of pages) expect(texts.filter((text) => text === 'município')).toHaveLength(1);
    const texts = pages.flat();
    for (const at of rows.keys()) expect(texts.filter((text) => text === `São José nº ${at}`)).toHaveLength(1);
    expect(texts).toContain('153.619,50');
    expect(texts).toContain('01/03/2026');
    expect(texts).toContain('As primeiras 150 de 4.000 linhas.');
    const english = readPdf(reportPdf(report([{ kind: 'table', page: table }], { language: 'en' }))).flat();
    expect(english).toContain('153,619.50');
    expect(english).toContain('2026-03-01');
  });

  it('draws bars, lines and figures, and reads the others as a table', () => {
    const points = page({ x: 'VARCHAR', y0: 'DOUBLE', color: 'VARCHAR' }, [
      ['jan', 1500, 'Loja'],
      ['fev', -20, 'Site'],
    ]);
    const textsOf = (type: 'bar' | 'line' | 'pie' | 'metric') =>
      readPdf(reportPdf(report([{ kind: 'chart', chart: { type }, page: points }]))).flat();
    for (const type of ['bar', 'line'] as const)
      expect(textsOf(type)).toEqual(expect.arrayContaining(['jan', 'fev', 'Loja', 'Site', '1,5\u00a0mil']));
    expect(textsOf('metric')).toContain('1.500');
    expect(textsOf('pie')).toEqual(expect.arrayContaining(['x', 'y0', '1.500', 'Site']));
  });

  it('F1 says how many characters its fonts do not have', () => {
    const texts = readPdf(reportPdf(report([{ kind: 'text', text: 'ção “x” – 漢' }]))).flat();
    expect(texts).toContain('ção “x” – ?');
    expect(texts).toContainEqual(expect.stringContaining('1 caracteres não existem'));
  });

  it('breaks any text into lines that fit and lose no letter', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 20, max: 300 }), (text, width) => {
        const plain = text.replaceAll(/\s/g, ' ');
        const lines = wrap(plain, 'plain', 9, width);
        for (const line of lines) if (line.length > 1) expect(widthOf(line, 'plain', 9)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(plain.replaceAll(' ', ''));
      }),
    );
  });
});
