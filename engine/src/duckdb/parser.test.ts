import { afterAll, describe, expect, it } from 'vitest';
import { engineChildren } from './testing/children.ts';
import { createTestPool } from './testing/pool.ts';

const test = await createTestPool();

afterAll(async () => {
  await test.stop();
  expect(await engineChildren()).toEqual([]);
});

const deep = (before: string, core: string, after: string, times: number): string =>
  `select ${before.repeat(times)}${core}${after.repeat(times)}`;

describe('parse', () => {
  it('gives the tree of each statement', async () => {
    const tree = await test.pool.parse('select a from orders; select 2');
    expect(tree).toMatchObject({ kind: 'tree', statements: [{ node: { type: 'SELECT_NODE' } }, {}] });
  });

  it('gives no statement for a text without one', async () => {
    expect(await test.pool.parse(' -- nothing')).toEqual({ kind: 'tree', statements: [] });
  });

  it('places a syntax error in UTF-16 units', async () => {
    const sql = "select 'é😀' frm from from";
    const tree = await test.pool.parse(sql);
    expect(tree).toMatchObject({ kind: 'error', message: 'syntax error at or near "from"' });
    expect(sql.slice(tree.kind === 'error' ? (tree.offset ?? 0) : 0)).toBe('from');
  });

  it('refuses what is no SELECT', async () => {
    expect(await test.pool.parse('drop table x')).toMatchObject({
      kind: 'error',
      message: expect.stringContaining('SELECT'),
    });
  });

  it('answers the second time with what it knows', async () => {
    const first = await test.pool.parse('select 42 as answer');
    expect(await test.pool.parse('select 42 as answer')).toBe(first);
  });

  it.each([
    ['parentheses', deep('(', '1', ')', 100_000)],
    ['lists', deep('[', '1', ']', 100_000)],
    ['subqueries', deep('(select ', '1', ')', 100_000)],
    ['negations', deep('not ', 'true', '', 100_000)],
    ['sums', deep('1 + ', '1', '', 100_000)],
    ['cases', deep('case when true then ', '1', ' end', 20_000)],
    ['casts', deep('', '1', '::int', 100_000)],
    ['types', `select null::${'struct(a '.repeat(20_000)}int${')'.repeat(20_000)}`],
    ['ctes', `${'with t as ('.repeat(20_000)}select 1${')'.repeat(20_000)} select 1`],
    ['nothing but quotes', `select ${"'".repeat(99_999)}`],
    ['a text beyond all measure', `select '${'x'.repeat(2_000_000)}'`],
  ])('survives hostile %s and parses on', async (_name, sql) => {
    const tree = await test.pool.parse(sql);
    expect(tree.kind === 'error' || tree.statements.length === 1).toBe(true);
    expect(await test.pool.parse(`select ${sql.length}`)).toMatchObject({ kind: 'tree' });
  });
});
