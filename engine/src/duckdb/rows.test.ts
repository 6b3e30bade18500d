import { afterAll, describe, expect, it } from 'vitest';
import { createTestPool, faultOf } from './testing/pool.ts';
import { engineChildren } from './testing/children.ts';
import { duckdbVersion } from './version.ts';

const test = await createTestPool();

afterAll(async () => {
  await test.stop();
  expect(await engineChildren()).toEqual([]);
});

/** Expression, DuckDB's word for its type, its JSON. */
const values: readonly (readonly [string, string, unknown])[] = [
  ['true', 'BOOLEAN', true],
  ['(-128)::tinyint', 'TINYINT', -128],
  ['65535::usmallint', 'USMALLINT', 65535],
  ['42', 'INTEGER', 42],
  ['9007199254740993', 'BIGINT', '9007199254740993'],
  ['18446744073709551615::ubigint', 'UBIGINT', '18446744073709551615'],
  ['170141183460469231731687303715884105727::hugeint', 'HUGEINT', '170141183460469231731687303715884105727'],
  ['(-170141183460469231731687303715884105728)::hugeint', 'HUGEINT', '-170141183460469231731687303715884105728'],
  ['340282366920938463463374607431768211455::uhugeint', 'UHUGEINT', '340282366920938463463374607431768211455'],
  ['(-0.05)::decimal(4,2)', 'DECIMAL(4,2)', '-0.05'],
  ['1234567.10::decimal(9,2)', 'DECIMAL(9,2)', '1234567.10'],
  [
    "'-12345678901234567890123456789.123456789'::decimal(38,9)",
    'DECIMAL(38,9)',
    '-12345678901234567890123456789.123456789',
  ],
  ['0.1::double', 'DOUBLE', 0.1],
  ["'nan'::double", 'DOUBLE', 'NaN'],
  ["'-inf'::float", 'FLOAT', '-Infinity'],
  ["date '2024-02-29'", 'DATE', '2024-02-29'],
  ["date '0044-03-15 (BC)'", 'DATE', '0044-03-15 (BC)'],
  ["date 'infinity'", 'DATE', 'infinity'],
  ["date '-infinity'", 'DATE', '-infinity'],
  ["timestamp '2024-01-01 10:00:00.123456'", 'TIMESTAMP', '2024-01-01T10:00:00.123456'],
  ["timestamp '1969-12-31 23:59:59.5'", 'TIMESTAMP', '1969-12-31T23:59:59.5'],
  ["timestamp 'infinity'", 'TIMESTAMP', 'infinity'],
  ["'2024-01-01 10:00:00.123456789'::timestamp_ns", 'TIMESTAMP_NS', '2024-01-01T10:00:00.123456789'],
  ["'2024-01-01 10:00:00.123'::timestamp_ms", 'TIMESTAMP_MS', '2024-01-01T10:00:00.123'],
  ["'2024-01-01 10:00:00'::timestamp_s", 'TIMESTAMP_S', '2024-01-01T10:00:00'],
  ["timestamptz '2024-01-01 10:00:00.5-03'", 'TIMESTAMP WITH TIME ZONE', '2024-01-01T13:00:00.5Z'],
  ["timestamptz '2024-07-01 00:00:00 America/Sao_Paulo'", 'TIMESTAMP WITH TIME ZONE', '2024-07-01T03:00:00Z'],
  ["time '23:59:59.000001'", 'TIME', '23:59:59.000001'],
  ["'10:00:00-03'::timetz", 'TIME WITH TIME ZONE', '10:00:00-03'],
  ['interval 14 month + interval 3 day + interval 4 second', 'INTERVAL', '1 year 2 months 3 days 00:00:04'],
  ["'6f1c0a2e-9d7b-4a7e-8b1a-0123456789ab'::uuid", 'UUID', '6f1c0a2e-9d7b-4a7e-8b1a-0123456789ab'],
  ["encode('é')", 'BLOB', 'w6k='],
  ["'b'::enum('a', 'b')", "ENUM('a', 'b')", 'b'],
  ["'10101'::bit", 'BIT', '10101'],
  ["''", 'VARCHAR', ''],
  ["'é😀'", 'VARCHAR', 'é😀'],
  ['null', 'INTEGER', null],
  ['[1, null, 3]', 'INTEGER[]', [1, null, 3]],
  ['[[9007199254740993], []]', 'BIGINT[][]', [['9007199254740993'], []]],
  ['[1.5::double, 2]::double[2]', 'DOUBLE[2]', [1.5, 2]],
  ["{a: 1, 'B c': [date '2024-01-01']}", 'STRUCT(a INTEGER, "B c" DATE[])', { a: 1, 'B c': ['2024-01-01'] }],
  ["row(1, 'x')", 'STRUCT(INTEGER, VARCHAR)', [1, 'x']],
  ["map {'x': 1, 'y': null}", 'MAP(VARCHAR, INTEGER)', { x: 1, y: null }],
  ["map {date '2024-01-01': 1.5::decimal(3,1)}", 'MAP(DATE, DECIMAL(3,1))', { '2024-01-01': '1.5' }],
  ['union_value(n := 1)', 'UNION(n INTEGER)', 1],
  [`'{"a": [1]}'::json`, 'JSON', '{"a": [1]}'],
];

describe('rows', () => {
  it.each(values)('keeps %s exactly', async (sql, type, json) => {
    const page = await test.rows(`select ${sql} as v`);
    expect(page).toEqual({ columns: [{ name: 'v', type }], rows: [[json]], totalRows: 1, truncated: false });
  });

  it("names types as DuckDB's own DESCRIBE does", async () => {
    const select = values
      .filter(([sql]) => sql !== 'null')
      .map(([sql], index) => `${sql} as c${index}`)
      .join(', ');
    await test.inSession(async (session) => {
      const page = await session.rows(`describe select ${select}`);
      expect((await session.describe(`select ${select}`)).map(({ type }) => type)).toEqual(
        page.rows.map((row) => row[1]),
      );
    });
  });

  it('keeps two columns of one name apart', async () => {
    const page = await test.rows('select 1 as a, 2 as a');
    expect(page.columns.map(({ name }) => name)).toEqual(['a', 'a']);
    expect(page.rows).toEqual([[1, 2]]);
  });

  it('stops at the limit and counts the rest only when asked', async () => {
    await test.inSession(async (session) => {
      const sql = 'select range from range(10000); -- all';
      expect(await session.rows(sql, { limit: 3 })).toMatchObject({
        rows: [['0'], ['1'], ['2']],
        totalRows: null,
        truncated: true,
      });
      expect(await session.rows('from range(10000);', { limit: 3, countTotal: true })).toMatchObject({
        totalRows: 10000,
        truncated: true,
      });
      expect(await session.rows('from range(3)', { limit: 3 })).toMatchObject({ totalRows: 3, truncated: false });
      expect(await session.rows('from range(4096)', { limit: 2048 })).toMatchObject({
        totalRows: null,
        truncated: true,
      });
      expect((await session.rows('from range(5000)')).rows).toHaveLength(5000);
    });
  });

  it('counts the rows of a statement that ends in a comment', async () => {
    const page = await test.inSession((session) =>
      session.rows('from range(10) -- ten;', { limit: 1, countTotal: true }),
    );
    expect(page.totalRows).toBe(10);
  });

  it('refuses rows that are too large to send', async () => {
    const fault = await faultOf(
      test.inSession((session) => session.rows("select repeat('x', 1000) from range(5000)", { maxBytes: 1e6 })),
    );
    expect(fault).toMatchObject({ code: 'too-large', message: expect.stringContaining('1 MB') });
  });

  it('binds parameters by name and type', async () => {
    const params = { i: 1, big: 2 ** 40, d: 1.5, t: "it's", b: false, n: null, l: ['a', 'b'], li: [1, 2], e: [] };
    const sql =
      'select ' +
      Object.keys(params)
        .map((name) => `typeof($${name}) as ${name}`)
        .join(', ');
    const page = await test.inSession((session) => session.rows(sql, { params }));
    expect(page.rows[0]).toEqual([
      'BIGINT',
      'BIGINT',
      'DOUBLE',
      'VARCHAR',
      'BOOLEAN',
      '"NULL"',
      'VARCHAR[]',
      'BIGINT[]',
      'VARCHAR[]',
    ]);
    const fault = await faultOf(test.inSession((session) => session.rows('select $missing', { params })));
    expect(fault.message).toContain('$missing');
  });

  it('refuses two statements and none', async () => {
    expect((await test.faultOf('select 1; select 2')).message).toContain('got 2');
    expect((await test.faultOf(' -- nothing')).message).toContain('got none');
  });
});

describe('session variables', () => {
  it('reach views, with the type they were given', async () => {
    const page = await test.inSession(async (session) => {
      await session.setVariable('day', '2024-05-01', 'DATE');
      await session.setVariable('none', null, 'DATE');
      await session.setVariable('tags', [], 'VARCHAR[]');
      await session.setVariable('Big "x"', 3);
      await session.setVariable('ratio', 2, 'DOUBLE');
      await session.run(`create view v as select getvariable('day') as day, getvariable('none') as none,
        getvariable('tags') as tags, getvariable('Big "x"') as big, getvariable('ratio') as ratio`);
      return session.rows('from v');
    });
    expect(page.columns.map(({ type }) => type)).toEqual(['DATE', 'DATE', 'VARCHAR[]', 'BIGINT', 'DOUBLE']);
    expect(page.rows).toEqual([['2024-05-01', null, [], '3', 2]]);
  });

  it('take no SQL for a type', async () => {
    const fault = await faultOf(test.inSession((session) => session.setVariable('x', 1, 'int); drop table t; --')));
    expect(fault.code).toBe('bad-request');
  });

  it('end with their session', async () => {
    await test.inSession((session) => session.setVariable('secret', 'x'));
    expect((await test.rows("select getvariable('secret')")).rows).toEqual([[null]]);
  });
});

describe('describe', () => {
  it('runs nothing, and knows types of parameters', async () => {
    const columns = await test.inSession((session) =>
      session.describe("select $p as p, 1 as one, error('not run') as e", { params: { p: 'a' } }),
    );
    expect(columns).toEqual([
      { name: 'p', type: 'VARCHAR' },
      { name: 'one', type: 'INTEGER' },
      { name: 'e', type: 'INTEGER' },
    ]);
  });
});

describe('progress', () => {
  it('is told while a statement runs', async () => {
    const seen: (number | null)[] = [];
    await test.inSession((session) =>
      session.rows('select count(*) from (select hash(range) h from range(30000000)) where h % 7 = 0', {
        onProgress: ({ percent }) => seen.push(percent),
      }),
    );
    expect(seen.length).toBeGreaterThan(0);
  });
});

describe('duckdbVersion', () => {
  it('is that of the library', async () => {
    expect((await test.rows('select version()')).rows).toEqual([[`v${duckdbVersion()}`]]);
  });
});
