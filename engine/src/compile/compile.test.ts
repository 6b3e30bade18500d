import type { JsonObject } from '@datacraft/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SqlTree } from '../duckdb/session.ts';
import { compile } from './compile.ts';
import type { CellText } from './testing/a-notebook.ts';
import { aNotebook, chart, csv, input, sql } from './testing/a-notebook.ts';
import { createParse } from './testing/duck-parse.ts';

let parse: (sql: string) => Promise<SqlTree>;
beforeAll(async () => {
  parse = await createParse();
});

const compiled = (...cells: CellText[]) => compile(aNotebook(...cells), { parse });
async function reads(text: string, ...others: CellText[]) {
  const { graph } = await compiled(sql('it', text), csv('raw'), csv('other'), ...others);
  const cell = graph.cells.get('it');
  return {
    dependsOn: cell?.dependsOn,
    tables: cell?.tables.map(({ layer, name }) => `${layer}.${name}`),
    inputs: cell?.inputs,
  };
}
async function findings(...cells: CellText[]) {
  const { diagnostics } = await compiled(...cells);
  return diagnostics.map(({ code, cell, line, column, suggestion }) => ({
    code,
    cell,
    line,
    column,
    ...(suggestion ? { suggestion } : {}),
  }));
}
const codes = async (...cells: CellText[]) => (await findings(...cells)).map(({ code }) => code);

describe('compile: references', () => {
  const cases: [string, string[]][] = [
    ['select * from raw', ['raw']],
    ['from raw', ['raw']],
    ['from RAW', ['raw']],
    ['table raw', ['raw']],
    ['from "raw"', ['raw']],
    ['from bronze.raw', ['raw']],
    ['values (1)', []],
    ['select 1', []],
    ['select * from other, raw', ['other', 'raw']],
    ['select * from raw positional join other', ['raw', 'other']],
    ['select * from raw where exists (from other)', ['raw', 'other']],
    ['select (select max(x) from other) from raw', ['other', 'raw']],
    ['select * from raw, lateral (select raw.a, b from other)', ['raw', 'other']],
    ['from raw union all from other', ['raw', 'other']],
    ['select 1 from raw order by (select 1 from other)', ['raw', 'other']],
    ['select count(*) over (partition by (select 1 from other)) from raw', ['other', 'raw']],
    ['pivot raw on a in (1, 2) using sum(b)', ['raw']],
    ['from raw unpivot (v for n in (a, b))', ['raw']],
    ['from generate_series(1, (select max(x) from other))', ['other']],
    ['describe raw', ['raw']],
    ['summarize raw', ['raw']],
    ['select raw.other from raw', ['raw']],
    ["select 'from other' from raw -- from other", ['raw']],
    ['with raw as (select 1) from raw', []],
    ['with RAW as (select 1) from raw', []],
    ['with raw as (from raw) from raw', ['raw']],
    ['with b as (from raw), raw as (select 1) from b', ['raw']],
    ['with raw as (select 1), b as (from raw) from b', []],
    ['with raw as (select 1) from bronze.raw', ['raw']],
    ['with raw as (select 1) from (with b as (from raw) from b)', []],
    ['from (with raw as (select 1) from raw) union all from raw', ['raw']],
    ['with recursive raw as (select 1 a union all select a + 1 from raw where a < 5) from raw', []],
    ['with recursive raw as (from raw union all select a + 1 from raw where a < 5) from raw', ['raw']],
    ['with recursive r(i, j) using key (i) as (select 1, 1 union select i, j + 1 from recurring.r) from r', []],
    ['with x as materialized (from raw) select (select 1 from x) from other', ['raw', 'other']],
  ];
  it.each(cases)('%s', async (text, dependsOn) => {
    expect((await reads(text)).dependsOn).toEqual(dependsOn);
  });

  it('takes `layer.name` of no cell here as a published table', async () => {
    expect(await reads('from gold.sales join raw on true')).toEqual({
      dependsOn: ['raw'],
      tables: ['gold.sales'],
      inputs: [],
    });
  });

  it('links parameters to inputs, both ends of a date range to one', async () => {
    const inputs = [input('low'), input('period', { type: 'daterange' })];
    const found = await reads('from raw where a > $low and b between $period_start and $period_end', ...inputs);
    expect(found).toEqual({ dependsOn: ['raw'], tables: [], inputs: ['low', 'period'] });
  });

  it('gives layers and materializations their defaults', async () => {
    const { graph } = await compiled(
      csv('raw'),
      sql('a', 'from raw'),
      sql('b', 'from a', { layer: 'gold', materialize: 'view' }),
    );
    expect([...graph.cells.values()].map((cell) => [cell.relation, cell.materialize])).toEqual([
      [{ layer: 'bronze', name: 'raw' }, 'table'],
      [{ layer: 'silver', name: 'a' }, 'table'],
      [{ layer: 'gold', name: 'b' }, 'view'],
    ]);
  });

  it('keeps the text without its closing semicolon', async () => {
    const { graph } = await compiled(sql('a', "select ';' as x; -- done;\n;"));
    expect(graph.cells.get('a')?.sql).toBe("select ';' as x");
  });

  it('orders upstream first and leaves out prose', async () => {
    const { graph } = await compiled(
      chart('c', 'b'),
      { kind: 'markdown', name: '', source: '# hi' },
      sql('b', 'from raw'),
      csv('raw'),
    );
    expect(graph.order).toEqual(['raw', 'b', 'c']);
  });
});

describe('compile: diagnostics', () => {
  it('points at an unknown name past non-ASCII text and names the nearest', async () => {
    const text = "select 'é😀' as a,\n  'ção', x from ordes";
    expect(await findings(csv('orders'), sql('a', text))).toEqual([
      { code: 'unknown-name', cell: 'a', line: 2, column: 17, suggestion: 'orders' },
    ]);
  });

  it('puts a syntax error at its token', async () => {
    expect(await findings(sql('a', 'select 1,\nfrom from x'))).toEqual([
      { code: 'sql-syntax', cell: 'a', line: 2, column: 6 },
    ]);
  });

  it('reports each cell of a cycle at the name that leads on', async () => {
    expect(
      await findings(sql('a', 'select * from b'), sql('b', 'from c'), sql('c', 'from a'), sql('d', 'from a')),
    ).toEqual([
      { code: 'cycle', cell: 'a', line: 1, column: 15 },
      { code: 'cycle', cell: 'b', line: 1, column: 6 },
      { code: 'cycle', cell: 'c', line: 1, column: 6 },
    ]);
    const { diagnostics } = await compiled(sql('a', 'from b'), sql('b', 'from a'));
    expect(diagnostics.map(({ message }) => message)).toContain('`a` reads itself by way of others: a → b → a');
  });

  it('takes a cell that reads itself, by name or by relation, for a cycle', async () => {
    expect(await codes(sql('a', 'from a', { materialize: 'incremental', strategy: 'append' }))).toEqual(['cycle']);
    expect(await codes(sql('a', 'from silver.a'))).toEqual(['cycle']);
  });

  it('finds cycles that go through an input and its options', async () => {
    const options = { type: 'select', options: { from: 'a', column: 'x' } };
    expect(await codes(input('pick', options), sql('a', 'select $pick as x'))).toEqual(['cycle', 'cycle']);
  });

  const refused: [string, string][] = [
    ["from read_csv('/etc/passwd')", 'table-function-refused'],
    ["from glob('*')", 'table-function-refused'],
    ['from duckdb_settings()', 'table-function-refused'],
    ["from query('select 1')", 'table-function-refused'],
    ["from query_table('raw')", 'table-function-refused'],
    ["from pragma_table_info('raw')", 'table-function-refused'],
    ["select getenv('HOME')", 'function-refused'],
    ["select current_setting('x')", 'function-refused'],
    ["select getvariable('x')", 'function-refused'],
    ["from '/etc/passwd'", 'file-refused'],
    ["from 'f.csv'", 'file-refused'],
    ['from "s3://b/f.parquet"', 'file-refused'],
    ['from memory.main.raw', 'unknown-name'],
    ['from information_schema.tables', 'unknown-name'],
    ['from duckdb_tables', 'unknown-name'],
    ['from sqlite_master', 'unknown-name'],
    ['from raw at (version => 1)', 'unsupported-clause'],
    ['show tables', 'not-a-select'],
    ['insert into raw values (1)', 'not-a-select'],
    ['create table x as select 1', 'not-a-select'],
    ["copy raw to 'x'", 'not-a-select'],
    ['pivot raw on a using sum(b)', 'not-a-select'],
    ['select 1; select 2', 'not-a-select'],
    ["attach 'x'", 'not-a-select'],
    ['select ?', 'unknown-parameter'],
    ['select $1', 'unknown-parameter'],
    ['select $nope', 'unknown-parameter'],
    ['', 'empty-cell'],
    ['-- nothing', 'empty-cell'],
    [';', 'empty-cell'],
    ['select random()', 'not-repeatable'],
  ];
  it.each(refused)('%s → %s', async (text, code) => {
    expect(await codes(csv('raw'), sql('a', text))).toEqual([code]);
  });

  it('takes an empty cell for no failure but its readers for one', async () => {
    const { diagnostics } = await compiled(sql('a', ''), sql('b', 'from a'));
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['empty-cell', 'info'],
      ['unknown-name', 'error'],
    ]);
  });

  it('puts the second statement where it stands', async () => {
    expect(await findings(sql('a', 'select 1;\n  select 2'))).toEqual([
      { code: 'not-a-select', cell: 'a', line: 2, column: 3 },
    ]);
  });

  it('says the same of a second statement that is no SELECT', async () => {
    expect(await findings(csv('raw'), sql('a', 'from raw;\ndrop table raw'))).toEqual([
      { code: 'not-a-select', cell: 'a', line: 2, column: 1 },
    ]);
  });

  it('names the nearest input of an unknown parameter, and both ends of a range', async () => {
    const cells = [input('min_amount'), input('period', { type: 'daterange' })];
    expect(await findings(...cells, sql('a', 'select $min_amont, $period'))).toEqual([
      { code: 'unknown-parameter', cell: 'a', line: 1, column: 8, suggestion: '$min_amount' },
      { code: 'unknown-parameter', cell: 'a', line: 1, column: 20, suggestion: '$period_start' },
    ]);
  });

  it('reports names: bad, duplicate, and tables two cells would publish', async () => {
    expect(await findings({ name: 'Vendas São Paulo', source: 'select 1' })).toEqual([
      { code: 'bad-name', cell: 'Vendas São Paulo', line: 1, column: 1, suggestion: 'vendas_sao_paulo' },
    ]);
    expect(await codes(sql('a', 'select 1'), sql('a', 'select 2'))).toEqual(['duplicate-name']);
    const rejects = [csv('raw', { rejects: 'table' }), sql('raw_rejects', 'select 1', { layer: 'bronze' })];
    expect(await codes(...rejects)).toEqual(['layer-owned-twice']);
  });

  it('reports unknown names in config: chart, options, relationships', async () => {
    const relationships = { expect: [{ relationships: { column: 'x', to: 'nope' } }] };
    const options = { type: 'select', options: { from: 'nope', column: 'x' } };
    expect(await codes(chart('c', 'nope'))).toEqual(['unknown-name']);
    expect(await codes(input('i', options))).toEqual(['unknown-name']);
    expect(await codes(sql('a', 'select 1 x', relationships))).toEqual(['unknown-name']);
  });

  it('makes the target of a relationship upstream', async () => {
    const relationships = { expect: [{ relationships: { column: 'x', to: 'dim.id' } }] };
    const { graph } = await compiled(sql('a', 'select 1 x', relationships), sql('dim', 'select 1 id'));
    expect(graph.cells.get('a')?.dependsOn).toEqual(['dim']);
    expect(graph.order).toEqual(['dim', 'a']);
  });

  it.each([
    'amount >=',
    '1) or (1 = 1',
    'x in (from raw)',
    "getenv('HOME') = 'x'",
    'x = $low',
    'true; drop table x',
    'true) from range(3) where (true',
  ])('refuses the expectation %s', async (expression) => {
    const cells = [csv('raw'), input('low'), sql('a', 'select 1 x', { expect: [{ expression }] })];
    const { diagnostics } = await compiled(...cells);
    expect(diagnostics.map(({ part, path, severity }) => ({ part, path, severity }))).toEqual([
      { part: 'config', path: ['expect', 0, 'expression'], severity: 'error' },
    ]);
  });

  it('refuses a view that needs an input, also by way of an ephemeral cell, but not one over a table that does', async () => {
    const low = input('low');
    const filtered = (materialize: string) => sql('e', 'select $low as x', { materialize });
    const view = sql('v', 'from e', { materialize: 'view' });
    expect(await findings(low, filtered('view'))).toMatchObject([{ code: 'view-reads-input', cell: 'e' }]);
    expect(await findings(low, filtered('ephemeral'), view)).toMatchObject([{ code: 'view-reads-input', cell: 'v' }]);
    expect(await findings(low, filtered('table'), view)).toEqual([]);
  });

  it('points facts at dimensions and links at hubs, with as many columns as their keys have', async () => {
    const dim = sql('dim', 'select 1 as a, 2 as b', { materialize: 'dimension', unique_key: ['a', 'b'] });
    const fact = (dimensions: Record<string, string>) =>
      sql('f', 'select 1 as a, 2 as b', { materialize: 'fact', dimensions });
    expect(await codes(dim, fact({ 'a, b': 'dim' }))).toEqual([]);
    expect(await codes(dim, fact({ a: 'dim' }))).toEqual(['key-width']);
    expect(await codes(sql('dim', 'select 1 as a'), fact({ a: 'dim' }))).toEqual(['not-a-model-target']);
    expect(await findings(dim, fact({ a: 'dimm' }))).toMatchObject([{ code: 'unknown-name', suggestion: 'dim' }]);
    expect(await codes(dim, sql('l', 'select 1 as a', { materialize: 'link', hubs: { a: 'dim' } }))).toEqual([
      'not-a-model-target',
    ]);
    expect(await codes(sql('t', 'select 1 as a', { scd: 2 }))).toEqual(['not-applied']);
  });

  it('warns of `allow_partials` where no intervals are recorded', async () => {
    const partial = { materialize: 'incremental', time_column: 'a', allow_partials: true };
    const text = "select date '2024-01-01' as a";
    expect(await codes(sql('t', text, { ...partial, start: '2024-01-01' }))).toEqual([]);
    expect(await codes(sql('t', text, partial))).toEqual(['not-applied']);
    expect(await codes(sql('t', text, { allow_partials: true }))).toEqual(['not-applied']);
  });

  it('warns of gold that reads raw bronze, refuses it where the notebook asks, and lets silver through', async () => {
    const raw = csv('raw');
    const clean = sql('clean', 'from raw');
    expect(await findings(raw, clean, sql('mart', 'from clean', { layer: 'gold' }))).toEqual([]);
    const mart = sql('mart', 'from raw', { layer: 'gold' });
    expect(await findings(raw, mart)).toMatchObject([{ code: 'layer-policy', cell: 'mart' }]);
    const strict = { ...aNotebook(raw, mart), meta: { layer_policy: 'error' } };
    expect((await compile(strict, { parse })).diagnostics).toMatchObject([{ code: 'layer-policy', severity: 'error' }]);
    expect((await compiled(raw, mart)).diagnostics).toMatchObject([{ severity: 'warning' }]);
  });

  it('a model reads what it learns from, and says which of its keys do not fit', async () => {
    const model = (config: JsonObject) => ({ kind: 'model' as const, name: 'm', config: { from: 'raw', ...config } });
    const raw = sql('raw', 'select 1 as a, true as b');
    const { graph, diagnostics } = await compiled(raw, model({ task: 'classification', target: 'b' }));
    expect(diagnostics).toEqual([]);
    expect(graph.cells.get('m')).toMatchObject({ dependsOn: ['raw'], relation: { layer: 'silver', name: 'm' } });
    const found = async (config: JsonObject) =>
      (await compiled(raw, model(config))).diagnostics.map(({ code, message }) => `${code}: ${message}`);
    expect(await found({ task: 'regression' })).toEqual([
      'missing-key: missing key "target": regression predicts one column',
    ]);
    expect(await found({ task: 'regression', target: 'a', algorithm: 'kmeans' })).toEqual([
      'bad-value: kmeans does not do regression: use gradient_boosting or random_forest or linear_regression',
    ]);
    expect(await found({ task: 'clustering', params: { clustrs: 3 } })).toEqual([
      'unknown-key: kmeans has no parameter `clustrs`: it knows clusters, steps, restarts; did you mean `clusters`?',
    ]);
    expect(await found({ task: 'classification', target: 'b', params: { trees: 0 } })).toEqual([
      'bad-value: bad value for "trees": expected a whole number from 1 to 2000, got 0',
    ]);
    expect((await found({ task: 'clustering', from: 'rwa' }))[0]).toMatch(/^unknown-name: .*did you mean `raw`/);
  });

  it('says what is not built yet', async () => {
    expect(await codes(sql('a', 'select 1', { engine: 'spark' }))).toEqual(['unsupported-engine']);
  });
});
