import type { Cell, CellId, Notebook } from '@datacraft/shared';
import { formatNotebook, newId, orderKeys, parseNotebook } from '@datacraft/shared';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createDuckPool } from '../duckdb/pool.ts';
import { readIpynb, writeIpynb } from './ipynb.ts';
import { readImport } from './read-import.ts';

const pool = createDuckPool({ size: 1, warm: 1 });
const parse = (text: string) => pool.parse(text);
afterAll(() => pool.stop());

const read = (files: Readonly<Record<string, string>>) =>
  readImport(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])), 'Files', parse);
const shape = ({ cells }: Notebook) => cells.map(({ kind, name, source, config }) => [kind, name, source, config]);
const code = (source: string, metadata = {}) => ({
  cell_type: 'code',
  source,
  metadata,
  outputs: [],
  execution_count: null,
});
const jupyter = (cells: unknown[], metadata = {}) =>
  JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 });

describe('a script', () => {
  it('is cut where the parser would: not in texts, comments and dollar quotes', async () => {
    const [made] = await read({
      'a.sql': `-- Orders; all of them
/* and
 * more; */
create or replace table shop."Orders" as select 1 as id, ';' as semi, $$;$$ as d; -- last
create view gold.totals(n) as select count(*) from shop."Orders" where id > 0 -- why; not
;
select * from totals join shop.orders using (n)`,
    });
    expect(shape(made?.notebook as Notebook)).toEqual([
      ['markdown', '', 'Orders; all of them\nand\nmore;', {}],
      ['sql', 'orders', `select 1 as id, ';' as semi, $$;$$ as d`, {}],
      ['markdown', '', 'last', {}],
      [
        'sql',
        'totals',
        'select * from (\nselect count(*) from orders where id > 0 -- why; not\n) as made(n)',
        { layer: 'gold', materialize: 'view' },
      ],
      ['sql', 'query', 'select * from totals join orders using (n)', {}],
    ]);
    expect(made?.findings).toEqual([]);
  });

  it('keeps what makes no table as text, and says where it stands', async () => {
    const [made] = await read({ 'dir/b.sql': 'select 1 as a;\n\ninsert into t values (1);\ncreate table t (id int)' });
    expect(made?.notebook.title).toBe('b');
    expect(shape(made?.notebook as Notebook).map(([kind, , source]) => [kind, source])).toEqual([
      ['sql', 'select 1 as a'],
      ['markdown', '```sql\ninsert into t values (1)\n```'],
      ['markdown', '```sql\ncreate table t (id int)\n```'],
    ]);
    expect(made?.findings.map(({ file, line, severity }) => [file, line, severity])).toEqual([
      ['dir/b.sql', 3, 'warning'],
      ['dir/b.sql', 4, 'warning'],
    ]);
  });
});

describe('a Jupyter notebook', () => {
  it('gives SQL and Markdown as cells and keeps other code as text', async () => {
    const [made] = await read({
      'x.ipynb': jupyter([
        { cell_type: 'markdown', source: ['# Sales\n', 'of a year'], metadata: {} },
        code('%%sql --save sales\nselect 1 as n'),
        code('df = %sql select * from sales'),
        code('import pandas as pd\n```'),
        code('%load_ext sql'),
      ]),
    });
    expect(made?.notebook.title).toBe('Sales');
    expect(shape(made?.notebook as Notebook)).toEqual([
      ['markdown', '', '# Sales\nof a year', {}],
      ['sql', 'sales', 'select 1 as n', {}],
      ['sql', 'df', 'select * from sales', {}],
      ['markdown', '', '````python\nimport pandas as pd\n```\n````', {}],
      ['markdown', '', '```python\n%load_ext sql\n```', {}],
    ]);
    expect(made?.findings.map(({ message }) => message)).toEqual([
      'cell 4 is python code: it is kept as text',
      'cell 5 is python code: it is kept as text',
    ]);
  });

  it('of a SQL kernel is SQL, and one that is none is a finding', async () => {
    const [made] = await read({ 'x.ipynb': jupyter([code('select 1 as a')], { language_info: { name: 'SQL' } }) });
    expect(shape(made?.notebook as Notebook)).toEqual([['sql', 'query', 'select 1 as a', {}]]);
    const [broken] = await read({ 'y.ipynb': '{"cells": 3' });
    expect(broken?.findings[0]?.severity).toBe('error');
  });

  it('brings back the text of examples/ecommerce', async () => {
    const text = await readFile('examples/ecommerce/notebook.md', 'utf8');
    const back = await readIpynb('n.ipynb', writeIpynb(parseNotebook(text).notebook), parse);
    expect(formatNotebook(back.notebook)).toBe(text);
  });

  it('brings back any notebook byte for byte', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const text = fc.string({
      unit: fc.constantFrom('a', '\n', '`', '%', '-', ' ', '$', "'", 'é', '😀', '#', '"'),
      maxLength: 40,
    });
    const cell = fc.oneof(
      fc.record({
        kind: fc.constant('markdown' as const),
        name: fc.constant(''),
        source: text.filter((each) => each.trim() !== ''),
        config: fc.constant({}),
      }),
      fc.record({
        kind: fc.constant('sql' as const),
        name,
        source: text,
        config: fc.constantFrom({}, { layer: 'gold', expect: [{ expression: 'a > 0' }] }),
      }),
      fc.record({
        kind: fc.constant('input' as const),
        name,
        source: fc.constant(''),
        config: fc.record({ type: fc.constant('text'), default: text }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(cell, { selector: (each) => each.name || Math.random(), maxLength: 6 }),
        async (drafts) => {
          const keys = orderKeys(drafts.length);
          const cells = drafts.map((draft, index): Cell => ({
            ...draft,
            id: newId<CellId>('cell'),
            order: keys[index] ?? '',
          }));
          const written = formatNotebook({ title: 'T', meta: { tags: ['x'] }, cells });
          const { notebook } = parseNotebook(written);
          const back = await readIpynb('n.ipynb', writeIpynb(notebook), parse);
          expect(formatNotebook(back.notebook)).toBe(written);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a folder', () => {
  it('of data gives a source cell a file, and takes the files along', async () => {
    const [made] = await read({
      'a/Vendas 2024.csv': 'x\n1\n',
      'b.ndjson': '{}',
      '.DS_Store': '',
      'vendas_2024.parquet': 'PAR1',
      '__MACOSX/._b.csv': '',
    });
    expect(shape(made?.notebook as Notebook).map(([kind, name, , config]) => [kind, name, config])).toEqual([
      ['source', 'vendas_2024', { type: 'csv', path: './a/Vendas 2024.csv' }],
      ['source', 'b', { type: 'json', path: './b.ndjson' }],
      ['source', 'vendas_2024_2', { type: 'parquet', path: './vendas_2024.parquet' }],
    ]);
    expect([...(made?.files.keys() ?? [])]).toEqual(['a/Vendas 2024.csv', 'b.ndjson', 'vendas_2024.parquet']);
  });

  it('with a notebook gives the notebook its files', async () => {
    const text = '---\ndatacraft: 1\ntitle: N\n---\n\n```source raw\ntype: csv\npath: ./data/a.csv\n```\n';
    const made = await read({ 'p/n.md': text, 'p/data/a.csv': 'x\n', 'README.md': '# no notebook' });
    expect(made.map(({ notebook, files }) => [notebook.title, [...files.keys()]])).toEqual([['N', ['data/a.csv']]]);
    await expect(read({ 'README.md': '# no notebook' })).rejects.toThrow('there is nothing to import in README.md');
  });
});
