import type { Expectation } from '@datacraft/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestPool } from '../duckdb/testing/pool.ts';
import { placeIn } from './distribution.ts';
import { judge } from './judge.ts';
import { compileRules } from './rule.ts';
import type { Past } from './whole-check.ts';

let pool: Awaited<ReturnType<typeof createTestPool>>;
beforeAll(async () => {
  pool = await createTestPool();
});
afterAll(() => pool.stop());

type Row = readonly [number | null, number | null, string | null];
const now = new Date('2025-06-01T00:00:00Z');

async function judged(
  rows: readonly Row[],
  rules: readonly Expectation[],
  sequenceBy?: string,
  past: Past = new Map(),
) {
  return pool.inSession(async (session) => {
    const literal = (value: number | string | null) => (typeof value === 'string' ? `'${value}'` : String(value));
    const values = rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ');
    const empty = 'select null::int, null::int, null::varchar where false';
    await session.run(
      `create table t as select k::int as k, n::int as n, s::varchar as s from (${rows.length === 0 ? empty : `values ${values}`}) as t (k, n, s)`,
    );
    await session.run('create table other as select * from (values (1), (2)) as o (k)');
    const options = { now, ...(sequenceBy === undefined ? {} : { sequenceBy }) };
    const result = await judge(session, 't', compileRules(rules, options), past);
    const read = async (sql: string | null | undefined) => (sql ? (await session.rows(sql)).rows : []);
    return {
      ...result,
      kept: result.split ? await read(result.split.keep) : await read('select * from t'),
      aside: await read(result.split?.quarantine),
    };
  });
}

const anyRow: fc.Arbitrary<Row> = fc.tuple(
  fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
  fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
  fc.option(fc.constantFrom('a', 'b', "o''x"), { nil: null }),
);
const anyRule: fc.Arbitrary<Expectation> = fc
  .tuple(
    fc.constantFrom<Expectation>(
      { not_null: ['k', 'n'] },
      { unique: 'k' },
      { unique: ['k', 's'] },
      { accepted_values: { column: 's', values: ['a', "o'x"] } },
      { relationships: { column: 'k', to: 'other' } },
      { expression: 'n >= 0' },
    ),
    fc.constantFrom('drop', 'quarantine', 'warn'),
  )
  .map(([rule, on]) => ({ ...rule, on_violation: on }) as Expectation);

describe('judging', () => {
  it('E2 has every row in exactly one of kept, quarantined and dropped, for any rows and rules', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRow, { maxLength: 12 }),
        fc.array(anyRule, { maxLength: 4 }),
        async (rows, rules) => {
          const { kept, aside, removed, checks, mayPublish } = await judged(rows, rules, 'n');
          expect(mayPublish).toBe(true);
          expect(rows.length - kept.length).toBe(removed);
          expect(aside.length).toBeLessThanOrEqual(removed);
          const isDropping = rules.some((rule) => 'on_violation' in rule && rule.on_violation === 'drop');
          if (!isDropping) expect(aside.length).toBe(removed);
          for (const [index, check] of checks.entries()) {
            if (rules[index] && 'unique' in rules[index] === false && check.status === 'passed')
              expect(check.violations).toBe(0);
          }
          const left = new Map<string, number>();
          const keyOf = (row: readonly unknown[]) => JSON.stringify(row.slice(0, 3));
          const clean = rows.map((row) => [row[0], row[1], row[2]?.replaceAll("''", "'") ?? null]);
          for (const row of clean) left.set(keyOf(row), (left.get(keyOf(row)) ?? 0) + 1);
          for (const row of [...kept, ...aside]) left.set(keyOf(row), (left.get(keyOf(row)) ?? 0) - 1);
          expect(Math.min(0, ...left.values())).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps the latest of duplicates, and counts the others', async () => {
    const result = await judged(
      [
        [1, 1, 'old'],
        [1, 3, 'new'],
        [1, 2, 'mid'],
      ],
      [{ unique: 'k', on_violation: 'quarantine' }],
      'n',
    );
    expect([result.kept, result.removed]).toEqual([[[1, 3, 'new']], 2]);
    expect(result.aside.map((row) => row[3])).toEqual(['unique k', 'unique k']);
  });

  it('E3 passes over NULL in every row rule but not_null', async () => {
    const rules: Expectation[] = [
      { unique: 'k' },
      { accepted_values: { column: 's', values: ['a'] } },
      { expression: 'n >= 0' },
      { relationships: { column: 'k', to: 'other' } },
    ];
    expect(
      (
        await judged(
          [
            [null, null, null],
            [null, null, null],
          ],
          rules,
        )
      ).checks.map((check) => check.status),
    ).toEqual(['passed', 'passed', 'passed', 'passed']);
    expect((await judged([[null, 1, 'a']], [{ not_null: 'k' }])).mayPublish).toBe(false);
  });

  it('E1 fails a rule that cannot be evaluated, alone', async () => {
    const { checks, mayPublish } = await judged([[1, 1, 'a']], [{ expression: 'nobody > 1' }, { expression: 'n > 0' }]);
    expect([mayPublish, checks.map((check) => check.status)]).toEqual([false, ['not-evaluated', 'passed']]);
  });

  it('counts rows and ages of the whole', async () => {
    const rules: Expectation[] = [{ row_count: { min: 2 } }, { row_count: { max: 2 }, severity: 'warn' }];
    const status = async (rows: Row[]) => (await judged(rows, rules)).checks.map((check) => check.status);
    expect(await status([[1, 1, 'a']])).toEqual(['failed', 'passed']);
    expect(
      await status([
        [1, 1, 'a'],
        [2, 1, 'a'],
        [3, 1, 'a'],
      ]),
    ).toEqual(['passed', 'warned']);
  });

  it('E4 holds with `mostly` while enough rows pass, takes rows out all the same, and publishes nothing when too few do', async () => {
    const rows: Row[] = Array.from({ length: 10 }, (_, n) => [n, n === 0 ? null : n, 'a']);
    const of = async (rule: Expectation) => {
      const { checks, mayPublish, kept, removed } = await judged(rows, [rule]);
      return [checks[0]?.status, mayPublish, kept.length, removed];
    };
    expect(await of({ not_null: 'n', mostly: 0.9 })).toEqual(['passed', true, 10, 0]);
    expect(await of({ not_null: 'n', mostly: 0.91 })).toEqual(['failed', false, 10, 0]);
    expect(await of({ not_null: 'n', mostly: 0.91, severity: 'warn' })).toEqual(['warned', true, 10, 0]);
    expect(await of({ not_null: 'n', mostly: 0.9, on_violation: 'quarantine' })).toEqual(['warned', true, 9, 1]);
    expect(await of({ not_null: 'n', mostly: 0.91, on_violation: 'quarantine' })).toEqual(['failed', false, 10, 0]);
  });

  it('measures a column, one rule for each statistic, and has no answer where there are no values', async () => {
    const rows: Row[] = [
      [1, 10, 'a'],
      [2, 20, null],
      [3, 30, null],
      [4, 40, 'b'],
    ];
    const rules: Expectation[] = [
      {
        distribution: {
          column: 'n',
          mean: { min: 20, max: 30 },
          median: { max: 24 },
          quantiles: { '0.5': { min: 25 } },
        },
      },
      { distribution: { column: 's', nulls: { max: 0.4 }, distinct: { min: 0.5 } }, severity: 'warn' },
    ];
    const { checks, mayPublish } = await judged(rows, rules);
    expect(checks.map(({ rule, status, value }) => [rule, status, value])).toEqual([
      ['distribution n mean 20..30', 'passed', 25],
      ['distribution n median ..24', 'failed', 25],
      ['distribution n quantile 0.5 25..', 'passed', 25],
      ['distribution s nulls ..0.4', 'warned', 0.5],
      ['distribution s distinct 0.5..', 'passed', 0.5],
    ]);
    expect(mayPublish).toBe(false);
    const aside = await judged(rows, [
      { expression: 'n < 40', on_violation: 'quarantine' },
      { distribution: { column: 'n', mean: { max: 20 } } },
    ]);
    expect(aside.checks[1]).toMatchObject({ status: 'passed', value: 20 });
    const none = await judged([], [{ distribution: { column: 'n', mean: { min: 0 } } }]);
    expect(none.checks[0]).toMatchObject({ status: 'not-evaluated' });
  });

  it('holds what is measured against what the last results were, once there are enough of them', async () => {
    const rule: Expectation = { distribution: { column: 'n', mean: { deviations: 3, history: 10 } } };
    const label = 'distribution n mean within 3 sd of the last 10';
    const check = async (n: number, past: number[]) =>
      (await judged([[1, n, 'a']], [rule], undefined, new Map([[label, past]]))).checks[0];
    expect(await check(900, [1, 2])).toMatchObject({ status: 'passed', reason: expect.stringContaining('2 of 5') });
    expect(await check(12, [10, 11, 9, 10, 10])).toMatchObject({ status: 'passed', value: 12 });
    expect(await check(13, [10, 11, 9, 10, 10])).toMatchObject({ status: 'failed', value: 13 });
    expect(placeIn({ deviations: 3 }, 0.1 + 0.2, [0.3, 0.3, 0.3, 0.3, 0.3])).toEqual({ ok: true });
  });

  it('counts the rows that an `sql` rule gives, and has no answer where it cannot run', async () => {
    const rules: Expectation[] = [
      { sql: 'select k from t group by k having count(*) > 1;' },
      { sql: 'select * from t where n > (select max(k) from other)', severity: 'warn' },
      { sql: 'select nobody from t' },
    ];
    const { checks, mayPublish } = await judged([[1, 5, 'a']], rules);
    expect(checks.map(({ status, violations }) => [status, violations])).toEqual([
      ['passed', 0],
      ['warned', 1],
      ['not-evaluated', null],
    ]);
    expect(mayPublish).toBe(false);
  });
});
