import { gzipSync } from 'node:zlib';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  await shop.run(good, { owner: 'kept' });
});
afterAll(() => shop.close());

const good = sqlCells({ kept: 'select 42 as answer' });

/** What a source over such a file says; every time, what was published before stays. */
async function sourceError(type: string, file: string, content: string | Uint8Array, more = '') {
  await shop.file(file, content);
  const name = `s_${file.replaceAll(/\W/g, '_')}`;
  const text = `\`\`\`source ${name}\ntype: ${type}\npath: ./${file}\n${more}\`\`\`\n`;
  const report = await shop.run(text, { owner: name });
  expect(await shop.rows('select answer from silver.kept')).toEqual([[42]]);
  return { state: report.state, error: taskOf(report, name).error, rows: taskOf(report, name).rowsWritten };
}

describe('a file that is not what it should be', () => {
  it.each([
    ['a CSV with a row too long', 'csv', 'broken.csv', 'a,b\n1,2\n3,4,5\n', /line 3|3/],
    ['JSON that breaks off', 'json', 'broken.json', '[{"a": 1}, {"a": ', /json/i],
    ['Parquet that breaks off', 'parquet', 'broken.parquet', 'PAR1 and then nothing', /parquet/i],
    ['text called Parquet', 'parquet', 'wrong.parquet', 'a,b\n1,2\n', /parquet/i],
    ['an empty CSV', 'csv', 'empty.csv', '', /empty|0 bytes/i],
    ['an empty Parquet file', 'parquet', 'empty.parquet', '', /empty|0 bytes|parquet/i],
    ['an empty JSON file', 'json', 'empty.json', '', /empty|0 bytes/i],
  ])('%s fails its cell with a sentence that says so', async (_, type, file, content, words) => {
    const { state, error } = await sourceError(type, file, content, type === 'csv' ? 'columns: { a: integer }\n' : '');
    expect(state).toBe('failed');
    expect(error?.code).toMatch(/^source-/);
    expect(error?.message).toMatch(words);
    expect(error?.message).not.toContain(shop.root);
  });

  it('tells two columns of one name apart', async () => {
    const { error, rows } = await sourceError('csv', 'twice.csv', 'a,a\n1,2\n');
    expect([error, rows]).toEqual([undefined, 1]);
    expect(await shop.rows('select a, a_1 from bronze.s_twice_csv')).toEqual([['1', '2']]);
  });

  it.each([
    ['CSV', 'csv', 'a,b\n1,'],
    ['JSON', 'json', '{"a": 1}\n{"a": "'],
  ])('%s with a line of 1 GB fails its cell in plain words, without being held in memory', async (_, type, head) => {
    const part = gzipSync(Buffer.alloc(64 * 1024 ** 2, 'x'), { level: 1 });
    const whole = Buffer.concat([gzipSync(head), ...Array.from({ length: 16 }, () => part), gzipSync('"}\n')]);
    const { state, error } = await sourceError(type, `line.${type}.gz`, whole);
    expect(state).toBe('failed');
    expect(error?.code).toMatch(/^(source-|out-of-memory)/);
    expect(error?.message).toMatch(/line longer than|too large|too long|memory/);
  });

  it('says when the file is missing', async () => {
    const report = await shop.run('```source nowhere\ntype: csv\npath: ./nowhere.csv\n```\n', { owner: 'n' });
    expect(taskOf(report, 'nowhere').error).toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('nowhere.csv'),
    });
  });
});

describe('SQL that is wrong', () => {
  const errorOf = async (sql: string) =>
    taskOf(await shop.run(sqlCells({ wrong: sql }), { owner: 'w' }), 'wrong').error;

  it('names an unknown column, its place and the nearest one', async () => {
    expect(await errorOf('select 1 as amount\nunion all\nselect amuont from (select 1 as amount)')).toMatchObject({
      code: 'query-failed',
      line: 3,
      column: 8,
      message: expect.stringContaining('amount'),
    });
  });

  it('says what could not be converted', async () => {
    expect(await errorOf("select 'twelve'::int as n")).toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('twelve'),
    });
  });

  it('divides by zero as DuckDB does: infinity, and NULL for whole numbers', async () => {
    expect(await errorOf('select 1 / 0 as a, 1 // 0 as b, 1 % 0 as c')).toBeUndefined();
    expect(await shop.rows('select a, b, c from silver.wrong')).toEqual([['Infinity', null, null]]);
  });

  it('runs no cell of a cycle and the others all the same', async () => {
    const report = await shop.run(
      sqlCells({ ring_a: 'select * from ring_b', ring_b: 'select * from ring_a', apart: 'select 1 as x' }),
      { owner: 'ring' },
    );
    expect(report.tasks.map((task) => [task.cell, task.state])).toEqual([
      ['apart', 'succeeded'],
      ['ring_a', 'failed'],
      ['ring_b', 'failed'],
    ]);
  });
});

describe('a machine that is too small', () => {
  it('ends a cell that needs more memory than it may have, and says how to help', async () => {
    const deps = { limits: { ...shop.deps.limits, memoryLimitMb: 64, threads: 1 } };
    const sql =
      "select list(range order by hash(range)) as l, string_agg(range::varchar || repeat('x', 100)) as s from range(20000000)";
    const report = await shop.run(sqlCells({ huge: sql, small: 'select 1 as a' }), { owner: 'm', deps });
    expect(taskOf(report, 'huge').error).toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/memory/i),
    });
    expect(taskOf(report, 'small').state).toBe('succeeded');
  });

  it('fails a source all of whose rows were rejected, and keeps its last good table', async () => {
    const source = '```source allbad\ntype: csv\npath: ./allbad.csv\nrejects: table\ncolumns: { n: integer }\n```\n';
    await shop.file('allbad.csv', 'n\n1\nx\n');
    expect((await shop.run(source, { owner: 'allbad' })).state).toBe('succeeded');
    await shop.file('allbad.csv', 'n\nx\ny\n');
    const report = await shop.run(source, { owner: 'allbad' });
    expect(taskOf(report, 'allbad').error).toMatchObject({ code: 'source-rows-rejected' });
    expect(taskOf(report, 'allbad').error?.message).toContain('none of 2 rows could be read');
    expect(await shop.rows('select n from bronze.allbad')).toEqual([[1]]);
  });

  it('publishes nothing of a run when the disk is full at its publish', async () => {
    const { lake } = shop.deps;
    const full = Object.assign(Object.create(lake), {
      writeAll: () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })),
    });
    const report = await shop.run(good.replace('42', '43'), { owner: 'kept', deps: { lake: full } });
    expect(report.state).toBe('failed');
    expect(taskOf(report, 'kept')).toMatchObject({ state: 'failed', rowsWritten: null, snapshotId: null });
    expect(await shop.rows('select answer from silver.kept')).toEqual([[42]]);
    expect((await shop.run(good.replace('42', '43'), { owner: 'kept' })).state).toBe('succeeded');
    await shop.run(good, { owner: 'kept' });
  });
});
