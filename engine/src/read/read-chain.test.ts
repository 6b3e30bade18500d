import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Params } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { Graph } from '../compile/graph.ts';
import type { CellText } from '../compile/testing/a-notebook.ts';
import { aNotebook, chart, csv, input, sql } from '../compile/testing/a-notebook.ts';
import { namesOfGraph } from '../compile/names.ts';
import { readSelect } from '../compile/select.ts';
import { createDuckPool } from '../duckdb/pool.ts';
import type { Scan } from './read-chain.ts';
import { readChain } from './read-chain.ts';
import { rowsOf, withChain, writeParquet } from './testing/run-chain.ts';

const pool = createDuckPool({ size: 2, warm: 1 });
const parse = (text: string) => pool.parse(text);
const dir = mkdtempSync(join(tmpdir(), 'read-chain-'));
afterAll(async () => {
  await pool.stop();
  rmSync(dir, { recursive: true });
});

const nothing: Graph = { cells: new Map(), order: [] };
const compileSelect = (graph: Graph, text: string) => readSelect(text, namesOfGraph(graph), parse);
const graphOf = async (cells: readonly CellText[]) => (await compile(aNotebook(...cells), { parse })).graph;

let count = 0;
async function stored(select: string): Promise<Scan> {
  const file = join(dir, `it's ${(count += 1)}.parquet`);
  await writeParquet(pool, dir, file, select);
  return { scan: `select * from read_parquet(['${file.replaceAll("'", "''")}'])`, files: [file] };
}
async function warehouse(tables: Record<string, string>) {
  const scans = new Map<string, Scan>();
  for (const [name, select] of Object.entries(tables)) scans.set(name, await stored(select));
  return (name: string) => scans.get(name) ?? null;
}

const notebook = [
  csv('raw'),
  input('low', { type: 'number', default: 2 }),
  sql('orders', 'select * from raw where amount >= $low;'),
  sql('plain', 'select amount * 10 as amount from raw -- tens'),
  sql('half', 'select amount / 2 as amount from plain', { materialize: 'ephemeral' }),
  sql('total', 'select sum(amount)::double as total from half join gold.calendar on true', { layer: 'gold' }),
  chart('bars', 'total'),
];
const raw = 'select unnest([1, 2, 3]) as amount';
const calendar = "select date '2025-01-01' as day";

async function rows(graph: Graph, target: string, tables: Record<string, string>, params: Params = {}) {
  return rowsOf(pool, readChain(graph, target, { params, published: await warehouse(tables) }));
}

describe('read chain', () => {
  it('reads a published cell from its rows and nothing else', async () => {
    const graph = await graphOf(notebook);
    const published = await warehouse({ 'silver.plain': 'select 7 as amount', 'bronze.raw': raw });
    const chain = readChain(graph, 'plain', { published });
    expect([chain.views, chain.variables, chain.files.length, chain.reads]).toEqual([[], [], 1, ['silver.plain']]);
    expect(await rowsOf(pool, chain)).toEqual([{ amount: 7 }]);
  });

  it('inlines what depends on an input, with its value, over published upstream', async () => {
    const graph = await graphOf(notebook);
    const tables = { 'bronze.raw': raw, 'silver.orders': "select 'old' as amount" };
    expect(await rows(graph, 'orders', tables)).toEqual([{ amount: 2 }, { amount: 3 }]);
    expect(await rows(graph, 'orders', tables, { low: 3 })).toEqual([{ amount: 3 }]);
    expect(await rows(graph, 'orders', tables, { low: null })).toEqual([]);
  });

  it('reads what a model answered when it was trained, whatever its inputs are now: reading trains nothing', async () => {
    const learned = {
      kind: 'model',
      name: 'scored',
      config: { task: 'classification', from: 'orders', target: 'amount' },
    };
    const graph = await graphOf([...notebook, learned as CellText, sql('good', 'select prediction from scored')]);
    const tables = { 'bronze.raw': raw, 'silver.scored': "select 'yes' as prediction" };
    expect(await rows(graph, 'good', tables, { low: 3 })).toEqual([{ prediction: 'yes' }]);
    await expect(rows(graph, 'good', { 'bronze.raw': raw })).rejects.toThrow('`scored` has no rows yet: run it first');
  });

  it('reads stored rows also behind inputs within a run', async () => {
    const graph = await graphOf(notebook);
    const published = await warehouse({ 'silver.orders': 'select 9 as amount' });
    expect(await rowsOf(pool, readChain(graph, 'orders', { published, trustStored: true }))).toEqual([{ amount: 9 }]);
  });

  it('inlines ephemeral and unpublished cells down to what is stored, and foreign tables', async () => {
    const graph = await graphOf(notebook);
    expect(await rows(graph, 'total', { 'bronze.raw': raw, 'gold.calendar': calendar })).toEqual([{ total: 30 }]);
    expect(await rows(graph, 'bars', { 'bronze.raw': raw, 'gold.calendar': calendar })).toEqual([{ total: 30 }]);
  });

  it('says which source has no rows, and which table is not published', async () => {
    const graph = await graphOf(notebook);
    await expect(rows(graph, 'plain', {})).rejects.toThrow('`raw` has no rows yet: run it first');
    await expect(rows(graph, 'total', { 'bronze.raw': raw })).rejects.toThrow(
      'the table gold.calendar is not published',
    );
  });

  it('reads a SELECT over cells by name and by relation, with text in place of a cell', async () => {
    const graph = await graphOf(notebook);
    const published = await warehouse({ 'bronze.raw': raw, 'silver.plain': 'select 70 as amount' });
    const select = await compileSelect(
      graph,
      'select p.amount a, q.amount b from plain p join silver.plain q using (amount) order by 1',
    );
    expect(select.findings).toEqual([]);
    expect(await rowsOf(pool, readChain(graph, select, { published }))).toEqual([{ a: 70, b: 70 }]);
    const typed = await compileSelect(graph, 'select amount + $low as amount from raw limit 1');
    const override = new Map([['plain', typed]]);
    expect(await rowsOf(pool, readChain(graph, select, { published, override }))).toEqual([{ a: 3, b: 3 }]);
    expect(await rowsOf(pool, readChain(graph, 'half', { published, override, params: { low: 9 } }))).toEqual([
      { amount: 5 },
    ]);
  });

  it('answers the warehouse question outside of notebooks, tables only', async () => {
    const published = await warehouse({ 'gold.calendar': calendar });
    const text = 'select day, $n::int as n from gold.calendar';
    const select = await readSelect(text, { ...namesOfGraph(nothing), parameters: new Map([['n', 'n']]) }, parse);
    expect(select.findings).toEqual([]);
    expect(select.tables).toEqual([{ layer: 'gold', name: 'calendar' }]);
    const chain = readChain(nothing, select, { published });
    expect(await rowsOf(pool, { ...chain, variables: [{ name: 'n', value: 4, type: 'BIGINT' }] })).toEqual([
      { day: '2025-01-01', n: 4 },
    ]);
    const bare = await compileSelect(nothing, 'from calendar');
    expect(bare.findings.map(({ code }) => code)).toEqual(['unknown-name']);
  });

  it('binds every type of input', async () => {
    const cells = [
      input('t', { type: 'text', default: "o'x" }),
      input('n', { type: 'slider', default: 2, min: 0, max: 9 }),
      input('d', { type: 'date', default: '2025-01-02' }),
      input('p', { type: 'daterange', default: ['2025-01-01', '2025-02-01'] }),
      input('b', { type: 'boolean', default: true }),
      input('s', { type: 'select', options: ['u', 'v'], default: 'u' }),
      input('e', { type: 'date' }),
      sql(
        'a',
        'select $t as t, $n as n, $d as d, $p_end - $p_start as days, $b as b, $s as s, typeof($e) as e from range(9) limit $n',
      ),
    ];
    const graph = await graphOf(cells);
    const row = { t: "o'x", n: '2', d: '2025-01-02', days: '31', b: true, s: 'u', e: 'DATE' };
    expect(await rowsOf(pool, readChain(graph, 'a', { published: () => null }))).toEqual([row, row]);
  });

  it.each([
    [{ type: 'number', default: 0 }, 3, 'BIGINT'],
    [{ type: 'number', default: 0 }, 2.5, 'DOUBLE'],
    [{ type: 'number', default: 0.5 }, 3, 'DOUBLE'],
    [{ type: 'slider', min: 0, max: 1, step: 0.1 }, 1, 'DOUBLE'],
    [{ type: 'select', options: [1, 2] }, 2, 'BIGINT'],
    [{ type: 'multiselect', options: ['a', 'b'] }, ['a'], 'VARCHAR[]'],
  ])('binds %j at %j as %s', async (config, value, type) => {
    const graph = await graphOf([input('n', config), sql('a', 'select typeof($n) as t')]);
    const chain = readChain(graph, 'a', { published: () => null, params: { n: value } });
    expect(await rowsOf(pool, chain)).toEqual([{ t: type }]);
  });

  it('counts by a whole number', async () => {
    const graph = await graphOf([input('n'), sql('a', 'select count(*)::int as c from range($n)')]);
    expect(await rowsOf(pool, readChain(graph, 'a', { published: () => null, params: { n: 3 } }))).toEqual([{ c: 3 }]);
  });

  it('maps the place of an error back, past rewritten parameters, in the cell that has it', async () => {
    const text = 'select $low + $low as é, nope from raw';
    const graph = await graphOf([csv('raw'), input('low'), sql('a', text), sql('b', 'from a')]);
    const published = await warehouse({ 'bronze.raw': raw });
    const chain = readChain(graph, 'a', { published });
    expect(chain.toOriginal(chain.select.indexOf('nope'))).toBe(text.indexOf('nope'));
    const view = readChain(graph, 'b', { published }).views.find((each) => each.cell === 'a');
    expect(view?.toOriginal(view.sql.indexOf('nope'))).toBe(text.indexOf('nope'));
    const error: unknown = await rowsOf(pool, chain).catch((thrown: unknown) => thrown);
    const offset = isFault(error, 'query-failed') ? Number(error.facts['offset']) : Number.NaN;
    expect(chain.toOriginal(offset)).toBe(text.indexOf('nope'));
  });

  it('keeps a cell whose text has a WITH of its own name, and names that are words of SQL', async () => {
    const graph = await graphOf([
      sql('a', 'with a as (select 1 as x) from a'),
      sql('order', 'from a'),
      sql('b', 'from "order"'),
      sql('s', 'summarize b'),
    ]);
    expect(await rowsOf(pool, readChain(graph, 'b', { published: () => null }))).toEqual([{ x: 1 }]);
    expect(await rowsOf(pool, readChain(graph, 's', { published: () => null }))).toHaveLength(1);
  });

  it.each([
    'describe one',
    'summarize one',
    'from one -- end',
    'values (1)',
    'table one',
    'pivot one on x in (1)',
    '-- why\nwith y as (from one) from y',
  ])('gives a SELECT that COPY takes for: %s', async (text) => {
    const graph = await graphOf([sql('one', 'select 1 as x'), sql('it', text)]);
    const chain = readChain(graph, 'it', { published: () => null });
    await expect(rowsOf(pool, chain)).resolves.toHaveLength(1);
    const copy = `copy (\n${chain.select}\n) to '${join(dir, 'copy.parquet')}' (format parquet)`;
    await withChain(pool, chain, (session) => session.run(copy), dir);
  });

  it('refuses what has errors, in it or before it, and cycles', async () => {
    const graph = await graphOf([sql('a', 'selec'), sql('b', 'from a'), sql('c', 'from d'), sql('d', 'from c')]);
    for (const name of ['a', 'b', 'c'])
      expect(() => readChain(graph, name, { published: () => null })).toThrow(/first/);
  });

  it('reads only its files in a locked session', async () => {
    const published = await warehouse({ 'bronze.raw': raw, 'silver.other': raw });
    const chain = readChain(await graphOf([csv('raw')]), 'raw', { published });
    const other = published('silver.other')?.scan ?? '';
    await expect(withChain(pool, chain, (session) => session.rows(other))).rejects.toMatchObject({
      code: 'query-refused',
    });
  });
});
