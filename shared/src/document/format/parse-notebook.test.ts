import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../diagnostic.ts';
import type { CellId } from '../../id.ts';
import { readConfigText, writeConfigText } from './config-text.ts';
import { formatNotebook } from './format-notebook.ts';
import { locate } from './locate.ts';
import { fileDiagnostics, parseNotebook } from './parse-notebook.ts';

const head = ['---', 'datacraft: 1', 'title: T', '---'];
const file = (...lines: string[]): string => [...head, ...lines, ''].join('\n');
const said = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`);
const findings = (...lines: string[]): string[] => said(parseNotebook(file(...lines)).diagnostics);

describe('findings have the line and column of the file', () => {
  it.each<[string, string[], string[]]>([
    ['an unknown key', ['```sql a', '---', 'layr: gold', '---', '```'], ['7:1 error unknown-key']],
    [
      'an unknown key deep down',
      ['```chart a', 'from: t', 'type: bar', 'y: { colum: b }', '```'],
      ['8:6 error unknown-key'],
    ],
    ['a bad value', ['```source a', 'type: csv', 'path: x', 'header: maybe', '```'], ['8:9 error bad-value']],
    ['a bad value in a list', ['```sql a', '---', 'tags: [x, 5]', '---', '```'], ['7:11 error bad-value']],
    ['a missing key', ['```source a', 'type: csv', '```'], ['5:11 error missing-key']],
    ['bad YAML', ['```source a', 'type: csv', 'path: "x', '```'], ['7:9 error bad-yaml']],
    ['YAML that is no map', ['```source a', '- x', '```'], ['6:1 error bad-yaml']],
    ['a key that is there twice', ['```input a', 'type: text', 'type: text', '```'], ['7:1 error duplicate-key']],
    ['an alias', ['```source a', 'type: csv', 'path: *x', '```'], ['7:7 error bad-yaml']],
    [
      'a number that would lose digits',
      ['```input a', 'type: number', 'default: 9007199254740993', '```'],
      ['7:10 error bad-value'],
    ],
    ['a name that is none', ['```sql Orders', 'select 1', '```'], ['5:8 error bad-name']],
    ['a name that is taken', ['```sql a', '```', '```sql a', '```'], ['7:8 error duplicate-name']],
    ['a fence left open', ['```sql a', 'select 1'], ['5:1 error unclosed-fence']],
    ['a header left open', ['```sql a', '---', 'layer: gold', '```'], ['6:1 error unclosed-header']],
    ['a kind misspelt', ['```sqll orders', '```'], ['5:1 warning unknown-kind']],
    ['a cell without a name', ['```chart', '```'], ['5:1 error missing-name']],
    ['a sql cell with a header and no name', ['```sql', '---', '---', '```'], ['5:1 error missing-name']],
  ])('%s', (_, lines, expected) => {
    expect(findings(...lines)).toEqual(expected);
  });

  it.each<[string, string[], string[]]>([
    ['an unknown key', ['titel: T'], ['3:1 error unknown-key']],
    ['a bad value', ['schedule: { cron: often }'], ['3:19 error bad-value']],
    ['a time zone that is none', ['schedule: { cron: "@daily", timezone: Mars/Base }'], ['3:39 error bad-value']],
  ])('of the front matter: %s', (_, lines, expected) => {
    expect(said(parseNotebook(['---', 'datacraft: 1', ...lines, '---', ''].join('\n')).diagnostics)).toEqual(expected);
  });

  it('code samples in prose are no findings', () => {
    expect(findings('```sql', 'select 1', '```', '```ts title="x"', '```', '```python example', '```')).toEqual([]);
  });
});

describe('versions of the format', () => {
  const withVersion = (line: string): Diagnostic | undefined =>
    parseNotebook(`---\n${line}\ntitle: T\n---\n`).diagnostics[0];

  it('refuses a higher one and says so', () => {
    expect(withVersion('datacraft: 2')).toMatchObject({ code: 'unsupported-version', line: 2, column: 12 });
    expect(withVersion('datacraft: 2')?.message).toMatch(/version 2.*reads version 1/);
  });

  it('warns when the front matter has none, and takes a file without front matter', () => {
    expect(withVersion('description: x')).toMatchObject({ code: 'missing-version', severity: 'warning' });
    const bare = parseNotebook('# Sales\n\n```sql a\nselect 1\n```\n');
    expect(bare.diagnostics).toEqual([]);
    expect(bare.notebook).toMatchObject({
      title: 'Sales',
      cells: [{ kind: 'markdown' }, { name: 'a', source: 'select 1' }],
    });
  });
});

describe('reading', () => {
  it('tolerates a byte order mark and Windows line ends, and keeps positions', () => {
    const text = '\ufeff' + file('```sql a', '---', 'layr: gold', '---', 'select 1', '```').replaceAll('\n', '\r\n');
    const { notebook, diagnostics } = parseNotebook(text);
    expect(notebook.cells[0]?.source).toBe('select 1');
    expect(said(diagnostics)).toEqual(['7:1 error unknown-key']);
  });

  it('takes what is fenced inside a fence or a comment as prose', () => {
    const { notebook } = parseNotebook(
      file('````markdown', '```sql a', '```', '````', '<!--', '```sql b', '```', '-->'),
    );
    expect(notebook.cells.map(({ kind }) => kind)).toEqual(['markdown']);
  });

  it('keeps prose cells apart by an HTML comment', () => {
    const text = file('', 'one', '', '<!-- cell -->', '', 'two');
    const { notebook } = parseNotebook(text);
    expect(notebook.cells.map(({ source }) => source)).toEqual(['one', 'two']);
    expect(formatNotebook(notebook)).toBe(text);
  });

  it('uses a longer fence for a text that holds one', () => {
    const source = "select '\n```\n'";
    const cell = { id: 'c' as CellId, kind: 'sql' as const, name: 'a', order: 'a0', source, config: {} };
    const text = formatNotebook({ title: 'T', meta: {}, cells: [cell] });
    expect(text).toContain('````sql a\n');
    expect(parseNotebook(text).notebook.cells[0]?.source).toBe(source);
  });

  it('survives a value nested without end', () => {
    const { diagnostics } = parseNotebook(file('```source a', `path: ${'['.repeat(20_000)}`, '```'));
    expect(diagnostics[0]?.code).toBe('bad-yaml');
  });

  it('gives cells the ids it is asked to give and ascending order keys', () => {
    let count = 0;
    const { notebook } = parseNotebook(file('a', '```sql b', '```', 'c'), {
      newId: () => `cell_${(count += 1)}` as CellId,
    });
    expect(notebook.cells.map(({ id }) => id)).toEqual(['cell_1', 'cell_2', 'cell_3']);
    const orders = notebook.cells.map(({ order }) => order);
    expect([...orders].sort()).toEqual(orders);
  });
});

describe('locate', () => {
  const { notebook, positions } = parseNotebook(
    file(
      'prose',
      '',
      '```sql a',
      '---',
      'layer: gold',
      '---',
      'select',
      '  foo',
      '```',
      '```input b',
      'type: text',
      '```',
    ),
  );
  const about = (cell: number, rest: Partial<Diagnostic>): Diagnostic => ({
    severity: 'error',
    code: 'x',
    message: 'x',
    cell: null,
    cellId: notebook.cells[cell]?.id ?? null,
    part: 'source',
    line: 1,
    column: 1,
    ...rest,
  });

  it.each<[string, Diagnostic, [number, number]]>([
    ['a line of the SQL, under its header', about(1, { line: 2, column: 3 }), [12, 3]],
    ['a line of prose', about(0, {}), [5, 1]],
    ['a value of the config', about(1, { part: 'config', path: ['layer'] }), [9, 8]],
    ['a key of the config', about(1, { part: 'config', path: ['layer'], code: 'unknown-key' }), [9, 1]],
    ['the nearest key above a value that is not there', about(1, { part: 'config', path: ['layer', 0] }), [9, 1]],
    ['the name for what is about the cell', about(2, { part: 'config', path: [] }), [14, 10]],
  ])('finds %s', (_, diagnostic, [line, column]) => {
    expect(locate(diagnostic, positions)).toMatchObject({ line, column });
  });

  it('adds the findings of a compile once, without those about YAML that was not read', () => {
    const parsed = parseNotebook(file('```source a', 'type: csv', '```', '```source b', 'path: "x', '```'));
    const [a, b] = parsed.notebook.cells;
    const missing = (cellId: CellId | undefined, path: string[]): Diagnostic =>
      about(0, { code: 'missing-key', cellId: cellId ?? null, part: 'config', path });
    const all = fileDiagnostics(parsed, [missing(a?.id, ['path']), missing(b?.id, ['type']), missing(b?.id, [])]);
    expect(said(all)).toEqual(['5:11 error missing-key', '8:11 error missing-key', '9:9 error bad-yaml']);
  });

  it('leaves findings about other notebooks alone', () => {
    const stranger = about(0, { cellId: 'cell_else' as CellId, line: 7 });
    expect(locate(stranger, positions)).toEqual(stranger);
  });
});

describe('the text of one config', () => {
  it('is written and read by itself', () => {
    const config = { path: 'a: b', type: 'csv', header: true };
    const text = 'type: csv\npath: "a: b"\nheader: true';
    expect(writeConfigText('source', config)).toBe(text);
    expect(readConfigText(text)).toMatchObject({ config, problems: [] });
    expect(readConfigText('a: "x').problems).toMatchObject([{ code: 'bad-yaml', span: { line: 1 } }]);
  });
});
