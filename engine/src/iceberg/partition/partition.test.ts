import { parsePartition } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuckSession } from '../../duckdb/session.ts';
import { createTestPool } from '../../duckdb/testing/pool.ts';
import { emptyMetadata } from '../metadata.ts';
import { resolvePartition, withSpec } from './partition-field.ts';
import { bucketMacros, partitionExpression } from './partition-sql.ts';
import { partitionValue, summaryOf } from './partition-value.ts';

const test = await createTestPool();
let session: DuckSession;
beforeAll(async () => {
  session = await test.pool.open({ readable: [] });
  for (const sql of bucketMacros) await session.run(sql);
});
afterAll(() => test.stop());

const ref = { layer: 'silver', name: 't' } as const;

/** The partition value of one value of a type, as text. */
async function valueOf(transform: string, icebergType: string, sql: string): Promise<unknown> {
  const parsed = parsePartition(`${transform.replace('x', '"v"')}`);
  if (!parsed) throw new Error(transform);
  const [field] = resolvePartition([parsed], [{ id: 1, name: 'v', required: false, type: icebergType }], ref);
  if (!field) throw new Error('no field');
  const page = await session.rows(`select (${partitionExpression(field)})::varchar from (select ${sql} as v)`);
  const text = page.rows[0]?.[0];
  return partitionValue(field.resultType, typeof text === 'string' ? text : null);
}

describe('transforms', () => {
  it.each([
    ['year(x)', 'date', `DATE '1969-12-31'`, -1],
    ['month(x)', 'date', `DATE '2017-11-16'`, 574],
    ['month(x)', 'timestamp', `TIMESTAMP '1969-12-31 23:59:59'`, -1],
    ['day(x)', 'timestamp', `TIMESTAMP '2017-11-16 22:31:08'`, 17_486],
    ['day(x)', 'date', `DATE '1969-12-31'`, -1],
    ['hour(x)', 'timestamptz', `TIMESTAMPTZ '2017-11-16 22:31:08+00'`, 419_686],
    ['hour(x)', 'timestamp', `TIMESTAMP '1969-12-31 23:59:59'`, -1],
    ['truncate(10, x)', 'int', '1', 0],
    ['truncate(10, x)', 'long', '(-1)::bigint', -10],
    ['truncate(3, x)', 'string', `'iceberg'`, 'ice'],
    ['truncate(2, x)', 'string', `'çãõ'`, 'çã'],
    ['x', 'string', `'a/b=c é'`, 'a/b=c é'],
    ['x', 'boolean', 'true', true],
    ['x', 'timestamp', `TIMESTAMP '1970-01-01 00:00:01.000001'`, 1_000_001],
    ['month(x)', 'date', 'null::date', null],
    ['bucket(16, x)', 'int', 'null::int', null],
    ['bucket(16, x)', 'string', 'null::varchar', null],
  ] as const)('%s of a %s %s', async (transform, type, sql, expected) => {
    expect(await valueOf(transform, type, sql)).toBe(expected);
  });

  /** "Appendix B: 32-bit Hash Requirements" of the specification, and texts of every length of a tail. */
  it.each([
    ['int', '34', 2_017_239_379],
    ['long', '34::bigint', 2_017_239_379],
    ['date', `DATE '2017-11-16'`, -653_330_422],
    ['timestamp', `TIMESTAMP '2017-11-16 22:31:08'`, -2_047_944_441],
    ['timestamptz', `TIMESTAMPTZ '2017-11-16 14:31:08-08'`, -2_047_944_441],
    ['string', `'iceberg'`, 1_210_000_089],
    ['string', `''`, 0],
    ['string', `'a'`, 1_009_084_850],
    ['string', `'hello'`, 613_153_351],
    ['long', '(-1)::bigint', 1_651_860_712],
    ['string', `'ação de São Paulo'`, -642_659_652],
  ] as const)('a bucket of a %s hashes %s as every reader does', async (type, sql, hash) => {
    for (const width of [16, 1_000, 1_000_000]) {
      const expected = (hash & 0x7fffffff) % width;
      expect(await valueOf(`bucket(${width}, x)`, type, sql)).toBe(expected);
    }
  });

  it('are refused for types they cannot take, by name', () => {
    const fields = [{ id: 1, name: 'v', required: false, type: 'double' }];
    const of = (text: string) =>
      resolvePartition(
        [parsePartition(text)].filter((one) => one !== null),
        fields,
        ref,
      );
    expect(() => of('v')).toThrow('identity of v (DOUBLE) cannot partition');
    expect(() => of('month(w)')).toThrow('partition_by names w, which is no column; its columns are v');
  });
});

describe('a spec', () => {
  const fields = [
    { id: 1, name: 'at', required: false, type: 'date' },
    { id: 2, name: 'channel', required: false, type: 'string' },
  ];
  const of = (...texts: string[]) =>
    resolvePartition(
      texts.flatMap((text) => parsePartition(text) ?? []),
      fields,
      ref,
    );

  it('is new once, known after that, and keeps the ids of fields it shares', () => {
    const first = withSpec(emptyMetadata('file:///x', 'u'), of('month(at)'));
    const second = withSpec(first, of('month(at)', 'channel'));
    const back = withSpec(second, of('month(at)'));
    expect(second['partition-specs'].at(-1)?.fields).toEqual([
      { 'source-id': 1, 'field-id': 1000, name: 'at_month', transform: 'month' },
      { 'source-id': 2, 'field-id': 1001, name: 'channel', transform: 'identity' },
    ]);
    expect([back['default-spec-id'], back['partition-specs'].length]).toEqual([1, 3]);
    expect(withSpec(back, [])['default-spec-id']).toBe(0);
  });

  it('says what its values reach from and to', () => {
    expect(summaryOf('int', [3, null, -2])).toEqual({
      contains_null: true,
      contains_nan: false,
      lower_bound: Buffer.from('feffffff', 'hex'),
      upper_bound: Buffer.from('03000000', 'hex'),
    });
    expect(summaryOf('string', ['z', 'é'])).toMatchObject({
      lower_bound: Buffer.from('z'),
      upper_bound: Buffer.from('é'),
    });
  });
});

describe('partition_by', () => {
  it.each([
    ['channel', { kind: 'identity', column: 'channel', width: null }],
    ['month(order_date)', { kind: 'month', column: 'order_date', width: null }],
    ['days(d)', { kind: 'day', column: 'd', width: null }],
    ['bucket(16, id)', { kind: 'bucket', column: 'id', width: 16 }],
    ['Truncate( 4 , "a b" )', { kind: 'truncate', column: 'a b', width: 4 }],
    ['week(d)', null],
    ['bucket(id)', null],
    ['bucket(0, id)', null],
    ['month(d) ; drop', null],
  ])('reads %s', (text, expected) => {
    expect(parsePartition(text)).toEqual(expected);
  });
});
