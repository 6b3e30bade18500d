import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MapRow, StructRow, type Table, tableFromIPC, Type, Vector } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArrowOptions } from '../duckdb/session.ts';
import { createTestPool, faultOf } from '../duckdb/testing/pool.ts';

const test = await createTestPool({ memoryLimitMb: 500 });
let dir: string;

beforeAll(async () => {
  dir = await test.dir('arrow');
});
afterAll(() => test.stop());

async function arrow(sql: string, options: Partial<ArrowOptions> = {}) {
  const file = join(dir, 'result.arrow');
  return test.inSession(
    async (session) => {
      const summary = await session.arrow(sql, { ...options, file });
      const bytes = await readFile(file);
      expect(summary.sizeBytes).toBe(bytes.length);
      return { summary, table: tableFromIPC(bytes) };
    },
    { writableDir: dir },
  );
}

/** Each value as text that both sides can make: what Arrow holds, and what SQL says it is. */
function column(table: Table, name = 'v'): unknown[] {
  const vector = table.getChild(name);
  return Array.from({ length: table.numRows }, (_, index) => plain(vector?.get(index)));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Vector) return Array.from({ length: value.length }, (_, index) => plain(value.get(index)));
  if (value instanceof StructRow || value instanceof MapRow) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  }
  return value;
}

/** The 128 bits of a decimal as the whole number they are. */
function unscaled(table: Table, name = 'v'): (string | null)[] {
  const vector = table.getChild(name);
  return Array.from({ length: table.numRows }, (_, index) => {
    const words: unknown = vector?.get(index);
    if (!(words instanceof Uint32Array)) return null;
    const bits = [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
    return String(BigInt.asIntN(128, bits));
  });
}

function nullValueNull(sql: string, type: string): string {
  return `select null::${type} as v union all select (${sql})::${type} union all select null`;
}

/** Type, SQL of one value, what is read back. Each is read with a NULL before and after it. */
const values: readonly (readonly [string, string, Type, unknown])[] = [
  ['BOOLEAN', 'true', Type.Bool, true],
  ['TINYINT', '-128', Type.Int, -128],
  ['SMALLINT', '-32768', Type.Int, -32768],
  ['INTEGER', '-2147483648', Type.Int, -2147483648],
  ['BIGINT', '-9223372036854775808', Type.Int, '-9223372036854775808'],
  ['UTINYINT', '255', Type.Int, 255],
  ['USMALLINT', '65535', Type.Int, 65535],
  ['UINTEGER', '4294967295', Type.Int, 4294967295],
  ['UBIGINT', '18446744073709551615', Type.Int, '18446744073709551615'],
  ['FLOAT', '1.5', Type.Float, 1.5],
  ['DOUBLE', '0.1', Type.Float, 0.1],
  ['VARCHAR', "''", Type.Utf8, ''],
  ['VARCHAR', "'twelve bytes'", Type.Utf8, 'twelve bytes'],
  ['VARCHAR', "'é😀 longer than twelve bytes'", Type.Utf8, 'é😀 longer than twelve bytes'],
  ['JSON', `'{"a":1}'`, Type.Utf8, '{"a":1}'],
  ['BLOB', "encode('é')", Type.Binary, 'c3a9'],
  ['BLOB', "encode(repeat('ab', 20))", Type.Binary, '6162'.repeat(20)],
  ['UUID', "'6f1c0a2e-9d7b-4a7e-8b1a-0123456789ab'", Type.Utf8, '6f1c0a2e-9d7b-4a7e-8b1a-0123456789ab'],
  ["ENUM('a', 'bee')", "'bee'", Type.Utf8, 'bee'],
  ['INTERVAL', 'interval 1 month + interval 1 second', Type.Utf8, '1 month 00:00:01'],
  ['TIME WITH TIME ZONE', "'10:00:00-03'", Type.Utf8, '10:00:00-03'],
  ['BIT', "'101'", Type.Utf8, '101'],
  ['UHUGEINT', '340282366920938463463374607431768211455', Type.Utf8, '340282366920938463463374607431768211455'],
  ['INTEGER[]', '[1, null, 3]', Type.List, [1, null, 3]],
  [
    'VARCHAR[][]',
    "[['a', null], [], null, ['a text that is not inline']]",
    Type.List,
    [['a', null], [], null, ['a text that is not inline']],
  ],
  ['INTEGER[3]', '[1, null, 3]', Type.FixedSizeList, [1, null, 3]],
  ['STRUCT(a INTEGER, b VARCHAR[])', "{a: 1, b: ['x']}", Type.Struct, { a: 1, b: ['x'] }],
  ['MAP(VARCHAR, BIGINT)', "map {'k': 1, 'l': null}", Type.Map, { k: '1', l: null }],
  ['UNION(n INTEGER, t VARCHAR)', "union_value(t := 'x')", Type.Utf8, 'x'],
];

describe('an Arrow file', () => {
  it.each(values)('A2 keeps %s %s', async (type, sql, arrowType, expected) => {
    const { table, summary } = await arrow(nullValueNull(sql, type));
    const field = table.schema.fields[0];
    expect(field?.type.typeId).toBe(arrowType);
    expect(summary.columns[0]?.type).toBe(type);
    expect(field?.metadata.get('duckdb.type')).toBe(type);
    expect(column(table)).toEqual([null, expected, null]);
    expect(table.getChild('v')?.nullCount).toBe(2);
  });

  it.each([
    ['DECIMAL(4,2)', '-0.05', '-5'],
    ['DECIMAL(9,2)', '1234567.89', '123456789'],
    ['DECIMAL(18,4)', '-12345678901234.5678', '-123456789012345678'],
    ['DECIMAL(38,9)', "'-12345678901234567890123456789.123456789'", '-12345678901234567890123456789123456789'],
    ['HUGEINT', '170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
    ['HUGEINT', '(-170141183460469231731687303715884105728)', '-170141183460469231731687303715884105728'],
  ])('A2 keeps %s %s in 128 bits', async (type, sql, expected) => {
    const { table } = await arrow(nullValueNull(sql, type));
    const scale = /,(\d+)\)/.exec(type)?.[1] ?? '0';
    expect(table.schema.fields[0]?.type).toMatchObject({ bitWidth: 128, scale: Number(scale) });
    expect(unscaled(table)).toEqual([null, expected, null]);
  });

  it.each([
    ["date '1969-07-20'", 'DATE', [-165], Int32Array],
    ["timestamp '1969-07-20 20:17:40.123456'", 'TIMESTAMP', [-14182939876544n], BigInt64Array],
    ["'2024-01-01 10:00:00'::timestamp_s", 'TIMESTAMP_S', [1704103200n], BigInt64Array],
    ["'2024-01-01 10:00:00.123'::timestamp_ms", 'TIMESTAMP_MS', [1704103200123n], BigInt64Array],
    ["'2024-01-01 10:00:00.123456789'::timestamp_ns", 'TIMESTAMP_NS', [1704103200123456789n], BigInt64Array],
    ["timestamptz '2024-01-01 10:00:00.123456-03'", 'TIMESTAMP WITH TIME ZONE', [1704114000123456n], BigInt64Array],
    ["time '23:59:59.999999'", 'TIME', [86399999999n], BigInt64Array],
  ])('A2 keeps every digit of %s', async (sql, type, expected, array) => {
    const { table } = await arrow(`select ${sql} as v`);
    const values: unknown = table.getChild('v')?.data[0]?.values;
    expect(values).toBeInstanceOf(array);
    expect([...(values as Iterable<unknown>)].slice(0, 1)).toEqual(expected);
    expect(table.schema.fields[0]?.metadata.get('duckdb.type')).toBe(type);
  });

  it('A2 says that TIMESTAMP WITH TIME ZONE is UTC and TIMESTAMP is nowhere', async () => {
    const { table } = await arrow('select now() as z, now()::timestamp as l');
    expect(table.schema.fields.map(({ type }) => Reflect.get(type, 'timezone') ?? null)).toEqual(['UTC', null]);
  });

  it('A1 equals SQL over many batches, filtered so that NULLs fall between bytes', async () => {
    const sql = `select range as i, case when range % 3 = 0 then null else 'text ' || range end as t,
        range % 2 = 0 as b, case when range % 5 = 0 then null else range % 7 = 0 end as nb,
        [range, null] as l, case when range % 4 = 0 then null else {x: range, y: case when range % 6 = 0 then 'y' end} end as s
      from range(200000) where hash(range) % 3 <> 0`;
    const { table, summary } = await arrow(sql);
    expect(table.batches.length).toBeGreaterThan(1);
    expect(table.numRows).toBe(summary.rowCount);
    const page = await test.rows(sql);
    expect(page.rows).toHaveLength(summary.rowCount);
    for (const [position, name] of ['i', 't', 'b', 'nb'].entries()) {
      expect(column(table, name)).toEqual(page.rows.map((row) => row[position]));
    }
    const sums = [...(table.getChild('s')?.toArray() ?? [])].filter((row) => row !== null).length;
    expect(sums).toBe(page.rows.filter((row) => row[5] !== null).length);
    for (const index of [0, 1, 70_000, summary.rowCount - 1]) {
      const at = (name: string): unknown => plain(table.getChild(name)?.get(index));
      expect(at('l')).toEqual(page.rows[index]?.[4]);
      expect(at('s')).toEqual(page.rows[index]?.[5]);
    }
  });

  it('stops at the limit and says so', async () => {
    const { table, summary } = await arrow('from range(100000)', { limit: 2500 });
    expect(summary).toMatchObject({ rowCount: 2500, truncated: true });
    expect(table.numRows).toBe(2500);
    expect((await arrow('from range(2048)', { limit: 2048 })).summary.truncated).toBe(false);
  });

  it('has columns when there are no rows', async () => {
    const { table, summary } = await arrow("select 1 as a, 'x' as b, [1] as c where false");
    expect(summary.rowCount).toBe(0);
    expect(table.schema.names).toEqual(['a', 'b', 'c']);
  });

  it('binds parameters', async () => {
    const { table } = await arrow('select $p as v', { params: { p: 'bound' } });
    expect(column(table)).toEqual(['bound']);
  });

  it('is written only inside the private directory', async () => {
    const session = await test.pool.open({ writableDir: dir });
    for (const file of ['/tmp/datacraft-escape.arrow', `${dir}/../escape.arrow`]) {
      expect((await faultOf(session.arrow('select 1', { file }))).code).toBe('query-refused');
    }
    await session.close();
  });
});
