import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createWorkbench, faultOf, type Workbench } from '../testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
  await bench.write('a.parquet', `select 1::bigint as id, 'x' as v`, 'format parquet');
});
afterAll(() => bench.stop());

const read = (path: string, options: object = {}) => bench.read({ type: 'parquet', path, ...options });

it('reads a file with its types', async () => {
  const { page } = await read('a.parquet');
  expect(page.columns).toEqual([
    { name: 'id', type: 'BIGINT' },
    { name: 'v', type: 'VARCHAR' },
  ]);
  expect(page.rows).toEqual([['1', 'x']]);
});

it('P1, P2 reads several files as one: numbers widen, what a file lacks is NULL', async () => {
  await bench.file('many/.keep', '');
  await bench.write('many/1.parquet', `select 1::integer as id, 'x' as v`, 'format parquet');
  await bench.write('many/2.parquet', `select 2.5::double as id`, 'format parquet');
  expect((await read('many/*.parquet')).rows).toEqual([
    { id: 1, v: 'x' },
    { id: 2.5, v: null },
  ]);
});

it('P1 names both files and both types when they clash', async () => {
  await bench.file('clash/.keep', '');
  await bench.write('clash/1.parquet', `select 1 as id`, 'format parquet');
  await bench.write('clash/2.parquet', `select date '2024-01-01' as id`, 'format parquet');
  const fault = await faultOf(read('clash/*.parquet'));
  expect(fault.message).toContain('"id" is INTEGER in clash/1.parquet but DATE in clash/2.parquet');
});

it('sets rows aside that do not fit a declared type', async () => {
  await bench.write('t.parquet', `select unnest(['1', 'x', '3']) as n`, 'format parquet');
  const { rows, rejects } = await read('t.parquet', { columns: { n: 'bigint' }, rejects: 'table' });
  expect(rows).toEqual([{ n: '1' }, { n: '3' }]);
  expect(rejects).toEqual([
    { file: 't.parquet', line: '2', column_name: 'n', reason: 'n: could not convert x to bigint', raw: '{"n":"x"}' },
  ]);
});

it('stops at such a row by default, saying where it is', async () => {
  const fault = await faultOf(read('t.parquet', { columns: { n: 'bigint' } }));
  expect(fault).toMatchObject({ code: 'source-rows-rejected', facts: { fileLine: 2, rejected: 1 } });
});

it('says that a file is cut off', async () => {
  const bytes = await readFile(join(bench.root, 'a.parquet'));
  await bench.file('cut.parquet', bytes.subarray(0, bytes.length - 20));
  expect((await faultOf(read('cut.parquet'))).message).toContain('no valid footer');
});

it('says that a footer is damaged', async () => {
  const bytes = Buffer.from(await readFile(join(bench.root, 'a.parquet')));
  bytes.fill(0xff, bytes.length - 60, bytes.length - 8);
  await bench.file('broken.parquet', bytes);
  expect(await faultOf(read('broken.parquet'))).toMatchObject({ code: 'source-unreadable' });
});

it('refuses what is no Parquet, saying what it is', async () => {
  await bench.file('x.parquet', 'a,b\n1,2\n');
  expect((await faultOf(read('x.parquet'))).message).toContain('use type: csv');
});
