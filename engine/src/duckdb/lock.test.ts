import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineChildren } from './testing/children.ts';
import { createTestPool } from './testing/pool.ts';

const test = await createTestPool();
let mine: string;
let others: string;
let given: string;

beforeAll(async () => {
  mine = await test.dir('mine');
  others = await test.dir('others');
  given = join(others, 'given.csv');
  await writeFile(given, 'a\n1\n');
  await writeFile(join(others, 'secret.csv'), 'password\nhunter2\n');
  await symlink('/etc/passwd', join(mine, 'link.csv'));
  await symlink(others, join(mine, 'linked'));
  await mkdir(join(test.root, 'spill'));
});

afterAll(async () => {
  await test.stop();
  expect(await engineChildren()).toEqual([]);
});

const attempts = [
  "from read_text('/etc/passwd')",
  "from read_blob('/proc/self/environ')",
  "from read_csv('/etc/passwd')",
  "from '/etc/passwd.csv'",
  "from glob('/etc/*')",
  "from read_text('<mine>/link.csv')",
  "from read_csv('<mine>/linked/secret.csv')",
  "from '<others>/secret.csv'",
  "from read_csv('<others>/*.csv')",
  "from glob('<others>/*')",
  "from '<mine>/../others/secret.csv'",
  "from sniff_csv('<others>/secret.csv')",
  "from parquet_metadata('<others>/x.parquet')",
  "from 'https://example.com/data.parquet'",
  "from 's3://bucket/data.parquet'",
  "copy (select 1) to '<others>/out.csv'",
  "copy (select 1) to '<others>/given.csv'",
  "copy (select 1) to '/tmp/datacraft-escape.csv'",
  "copy (select 1) to '<mine>/linked/out.csv'",
  "export database '<others>/export'",
  "import database '<others>/export'",
  "attach '<others>/new.db'",
  "attach '/tmp/datacraft-escape.db' as escape",
  'install httpfs',
  'load httpfs',
  "load '<mine>/evil.duckdb_extension'",
  "install httpfs from 'http://example.com'",
  'create secret s (type s3, key_id 1)',
  'from duckdb_secrets()',
  "set memory_limit = '100GB'",
  'set threads = 64',
  'set enable_external_access = true',
  'set lock_configuration = false',
  "set allowed_directories = ['/']",
  "set allowed_paths = ['/etc/passwd']",
  "set temp_directory = '/tmp'",
  "set log_query_path = '/tmp/datacraft-escape.log'",
  "set profiling_output = '/tmp/datacraft-escape.json'",
  "set home_directory = '/'",
  "set extension_directory = '/tmp'",
  "set custom_extension_repository = 'http://example.com'",
  "set file_search_path = '/etc'",
  'set session threads = 3',
  'set errors_as_json = false',
  'set max_expression_depth = 100000',
  'reset memory_limit',
  'reset lock_configuration',
  'pragma threads = 3',
  "pragma memory_limit = '100GB'",
  "pragma profiling_output = '/tmp/datacraft-escape.json'",
];

describe('a locked session', () => {
  it.each(attempts)('D1 refuses %s', async (attempt) => {
    const sql = attempt.replaceAll('<mine>', mine).replaceAll('<others>', others);
    const fault = await test.faultOf(sql, { writableDir: mine, readable: [given] });
    expect(fault.code).toBe('query-refused');
    expect(fault.message).not.toContain(test.root);
  });

  it('D1 reads the files it was given and its own directory, and writes there', async () => {
    const rows = await test.inSession(
      async (session) => {
        await session.run(`copy (from '${given}') to '${mine}/out.parquet'`);
        return (await session.rows(`from '${mine}/out.parquet'`)).rows;
      },
      { writableDir: mine, readable: [given] },
    );
    expect(rows).toEqual([['1']]);
    expect(await readFile(given, 'utf8')).toBe('a\n1\n');
  });

  it("D1 does not see another session's directory or tables", async () => {
    const [a, b] = [await test.dir('a'), await test.dir('b')];
    await test.inSession((session) => session.run(`create table t as select 1; copy t to '${a}/t.csv'`), {
      writableDir: a,
    });
    expect((await test.faultOf(`from '${a}/t.csv'`, { writableDir: b })).code).toBe('query-refused');
    expect((await test.faultOf('from t', { writableDir: b })).code).toBe('query-failed');
  });

  it('D1 has no environment of ours', async () => {
    process.env.DATACRAFT_TEST_SECRET = 'hunter2';
    const pids = await test.inSession(() => engineChildren());
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('hunter2');
  });

  it('works in UTC', async () => {
    const page = await test.rows(
      "select current_setting('TimeZone'), date_trunc('day', timestamptz '2024-01-01 01:00:00+00')",
    );
    expect(page.rows).toEqual([['UTC', '2024-01-01T00:00:00Z']]);
  });

  it('leaves no spill directory behind', async () => {
    await test.inSession((session) => session.run('select 1'), { writableDir: mine });
    await expect(stat(join(mine, '.spill'))).rejects.toThrow('ENOENT');
  });
});
