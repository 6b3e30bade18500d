import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createTestPool } from '../duckdb/testing/pool.ts';
import { entityKey, latestSql, pointInTime } from './feature-table.ts';

const test = await createTestPool();
afterAll(() => test.stop());

const row = fc.record({ entity: fc.integer({ min: 0, max: 3 }), at: fc.integer({ min: 0, max: 40 }) });
const features = fc.uniqueArray(row, { selector: ({ entity, at }) => `${entity}:${at}`, maxLength: 30 });
const values = (rows: readonly { entity: number; at: number }[], names: string) =>
  rows.length === 0
    ? `(select 0 as entity, timestamp '2024-01-01' as at, 0 as n where false)`
    : `(select entity, timestamp '2024-01-01' + to_days(d) as "at", n from (values ${rows
        .map(({ entity, at }, n) => `(${entity}, ${at}, ${n})`)
        .join(', ')}) v(${names}))`;
const days = 24 * 3600 * 1000;

it('T1, T2: a row learns the latest features not after its time and not older than their time to live: no future leaks', async () => {
  const session = await test.pool.open();
  await fc.assert(
    fc.asyncProperty(
      features,
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 0, max: 20 }),
      async (known, asked, ttl) => {
        const facts = { entity: 'entity', timestamp: 'at', ttl: `${ttl} days` };
        const joined = pointInTime(
          `select entity, "at" as asked_at, n as place from ${values(asked, 'entity, d, n')}`,
          'asked_at',
          [{ relation: values(known, 'entity, d, n'), facts, features: [{ name: 'n', type: 'INTEGER' }] }],
        );
        const { rows } = await session.rows(`select place, n from (${joined}) order by place`);
        const expected = asked.map(({ entity, at }, place) => {
          const seen = known.filter((each) => each.entity === entity && each.at <= at);
          const latest = seen.toSorted((a, b) => b.at - a.at)[0];
          return [place, latest === undefined || at - latest.at > ttl ? null : known.indexOf(latest)];
        });
        expect(rows).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
  await session.close();
});

it('T3: online is the latest row of each entity, under a key that a request makes too', async () => {
  const session = await test.pool.open();
  await fc.assert(
    fc.asyncProperty(features, async (known) => {
      const facts = { entity: 'entity', timestamp: 'at' };
      const columns = [
        { name: 'entity', type: 'INTEGER' },
        { name: 'at', type: 'TIMESTAMP' },
        { name: 'n', type: 'INTEGER' },
      ];
      const { rows } = await session.rows(latestSql(values(known, 'entity, d, n'), facts, columns));
      const found = new Map(rows.map(([key, at, json]) => [key, [Date.parse(String(at)), JSON.parse(String(json))]]));
      const expected = new Map(
        [0, 1, 2, 3].flatMap((entity) => {
          const latest = known.filter((each) => each.entity === entity).toSorted((a, b) => b.at - a.at)[0];
          if (latest === undefined) return [];
          const at = Date.parse('2024-01-01T00:00:00Z') + latest.at * days;
          return [[entityKey(['entity'], { entity }), [at, { n: known.indexOf(latest) }]] as const];
        }),
      );
      expect(found).toEqual(expected);
    }),
    { numRuns: 40 },
  );
  await session.close();
});
