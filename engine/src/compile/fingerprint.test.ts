import type { Params } from '@datacraft/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SqlTree } from '../duckdb/session.ts';
import { compile } from './compile.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { CellText } from './testing/a-notebook.ts';
import { aNotebook, csv, input, sql } from './testing/a-notebook.ts';
import { createParse } from './testing/duck-parse.ts';

let parse: (sql: string) => Promise<SqlTree>;
beforeAll(async () => {
  parse = await createParse();
});

interface World {
  identity?: string;
  snapshot?: string | null;
  params?: Params;
}
async function of(name: string, cells: CellText[], { identity = 'v1', snapshot = '1', params = {} }: World = {}) {
  const { graph } = await compile(aNotebook(...cells), { parse });
  return fingerprintOf(graph, name, { sourceIdentity: () => identity, tableSnapshot: () => snapshot, params });
}
const ofSql = (text: string) => of('a', [csv('raw'), sql('a', text)]);

describe('fingerprint', () => {
  const base = 'select x as y, 10 as n from raw where z > 1.50';
  it.each([
    ['white space and lines', 'select x as y,\n\n  10 as n\nfrom raw where z>1.50'],
    ['comments', '-- why\nselect x as y, /* ten */ 10 as n from raw where z > 1.50 -- end'],
    ['keyword case', 'SELECT x AS y, 10 AS n FROM raw WHERE z > 1.50'],
    ['a closing semicolon', `${base};`],
  ])('is blind to %s', async (_, text) => {
    expect(await ofSql(text)).toBe(await ofSql(base));
  });

  it.each([
    ['an alias', 'select x as yy, 10 as n from raw where z > 1.50'],
    ['a literal', 'select x as y, 11 as n from raw where z > 1.50'],
    ['an alias by case', 'select x as Y, 10 as n from raw where z > 1.50'],
    ['a comparison', 'select x as y, 10 as n from raw where z >= 1.50'],
  ])('sees %s', async (_, text) => {
    expect(await ofSql(text)).not.toBe(await ofSql(base));
  });

  it('sees numbers that JSON would round to one', async () => {
    expect(await ofSql('select 9007199254740993')).not.toBe(await ofSql('select 9007199254740992'));
    const huge = '170141183460469231731687303715884105727';
    expect(await ofSql(`select ${huge}`)).not.toBe(await ofSql(`select ${huge.slice(0, -1)}6`));
  });

  it('leaves documentation, defaults and the order of keys out', async () => {
    const plain = await of('a', [sql('a', 'select 1', { unique_key: 'x', partition_by: 'y' })]);
    const spelt = {
      partition_by: 'y',
      unique_key: 'x',
      layer: 'silver',
      materialize: 'table',
      description: 'd',
      tags: ['t'],
    };
    expect(await of('a', [sql('a', 'select 1', { ...spelt, columns: { x: { description: 'id' } } })])).toBe(plain);
    expect(await of('a', [sql('a', 'select 1', { ...spelt, layer: 'gold' })])).not.toBe(plain);
  });

  it('keeps declared types of a source in, since they change rows', async () => {
    expect(await of('raw', [csv('raw', { columns: { x: 'int' } })])).not.toBe(await of('raw', [csv('raw')]));
    expect(await of('raw', [csv('raw', { description: 'x' })])).toBe(await of('raw', [csv('raw')]));
  });

  const chain = [csv('raw'), sql('b', 'from raw'), sql('c', 'from b'), sql('far', 'select 1')];
  it('follows upstream through any number of cells, and nothing else', async () => {
    const before = await of('c', chain);
    expect(
      await of('c', [chain[0] ?? csv('raw'), sql('b', 'from raw where x'), sql('c', 'from b'), sql('far', 'select 1')]),
    ).not.toBe(before);
    expect(await of('c', [csv('raw'), sql('b', 'from raw'), sql('c', 'from b'), sql('far', 'select 2')])).toBe(before);
    expect(await of('c', [...chain].reverse())).toBe(before);
    expect(await of('c', [...chain, { kind: 'markdown', name: '', source: 'hi' }])).toBe(before);
  });

  it('comes back when a cell gets its old name back', async () => {
    const renamed = [csv('raw'), sql('b2', 'from raw'), sql('c', 'from b2'), sql('far', 'select 1')];
    expect(await of('c', renamed)).not.toBe(await of('c', chain));
    expect(await of('c', [csv('raw'), sql('b', 'from raw'), sql('c', 'from b'), sql('far', 'select 1')])).toBe(
      await of('c', chain),
    );
  });

  it('follows files, foreign tables and the parameters that are read', async () => {
    const foreign = [sql('a', 'from gold.t where x > $low'), input('low'), input('other')];
    const before = await of('a', foreign);
    expect(await of('a', foreign, { snapshot: '2' })).not.toBe(before);
    expect(await of('a', foreign, { params: { low: 5 } })).not.toBe(before);
    expect(await of('a', foreign, { params: { low: 0 } })).toBe(before);
    expect(await of('a', foreign, { params: { other: 5 } })).toBe(before);
    expect(await of('c', chain, { identity: 'v2' })).not.toBe(await of('c', chain));
  });

  it('reads texts of a command line by the type of the input and refuses what does not fit', async () => {
    const cells = [sql('a', 'select $low as x'), input('low')];
    expect(await of('a', cells, { params: { low: '5' } })).toBe(await of('a', cells, { params: { low: 5 } }));
    await expect(of('a', cells, { params: { low: 'five' } })).rejects.toThrow(/`low` does not take that value/);
    await expect(of('a', cells, { params: { lwo: 5 } })).rejects.toThrow(/did you mean `low`/);
  });
});
