import { createTestDatabase } from '@datacraft/migrations/testing';
import { windowKinds, windowSql } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import type { MadeStream } from './testing/made-stream.ts';
import { lateAndBound, lateOf, madeStream, randomOf } from './testing/made-stream.ts';
import { createStreamBench } from './testing/stream-bench.ts';

function prices(): string[] {
  return [0, 1].flatMap((k) =>
    [0, 100, 250].map((s) => `${k},${new Date(Date.UTC(2026, 0, 1) + s * 1000).toISOString()},${s + k}`),
  );
}

const session = `with marked as (
  select *, t - lag(t) over (partition by k order by t) > interval '8 seconds' as starts from sold
), numbered as (
  select *, count(*) filter (starts) over (partition by k order by t) as session from marked
)
select k, min(t) as began, max(t) as ended, count(*)::int as n, sum(v)::int as v from numbered group by k, session`;

/** As the interface offers them. */
const offered = {
  from: 'sold',
  time: 't',
  key: 'k',
  lengthSeconds: 12,
  hopSeconds: 4,
  other: 'paid',
  otherTime: 't',
} as const;
const offeredCells = Object.fromEntries(
  windowKinds.map((kind) => {
    const other = kind === 'asof_join' ? { other: 'prices', otherTime: 'since' } : {};
    return [`offered_${kind}`, { sql: windowSql({ ...offered, ...other, kind }), lateness: 7 }];
  }),
);

/** Each as it is written for all rows. `sold` and `paid` are the streams. */
const cells: Readonly<Record<string, { readonly sql: string; readonly lateness?: number }>> = {
  plain: { sql: 'select n, k, v * 2 as double from sold where v > 2' },
  tumbling: {
    sql: `select time_bucket(interval '20 seconds', t) as w, k, count(*)::int as n, sum(v)::int as v from sold group by all`,
    lateness: 12,
  },
  busy: {
    sql: `select date_trunc('minute', t) as w, count(*)::int as n from sold where v <> 3 group by w having count(*) > 4`,
    lateness: 3,
  },
  hopping: {
    sql: `select w, count(*)::int as n, max(v) as v from sold, unnest(range(time_bucket(interval '10 seconds', t) - interval '20 seconds', time_bucket(interval '10 seconds', t) + interval '1 second', interval '10 seconds')) as h(w) group by w`,
    lateness: 5,
  },
  sessions: { sql: session, lateness: 9 },
  once: { sql: 'select * from sold qualify row_number() over (partition by id, t order by n) = 1', lateness: 20 },
  latest: {
    sql: `select * from sold qualify row_number() over (partition by k, time_bucket(interval '15 seconds', t) order by t desc, n) = 1`,
    lateness: 4,
  },
  priced: {
    sql: 'select sold.n, sold.t, p.price from sold asof left join prices p on sold.k = p.k and sold.t >= p.since',
  },
  joined: {
    sql: `select s.t, s.n, p.n as paid from sold s join paid p on s.id = p.id and p.t between s.t - interval '4 seconds' and s.t + interval '11 seconds'`,
    lateness: 6,
  },
  unpaid: {
    sql: `select s.t, s.n, p.n as paid from sold s left join paid p on s.id = p.id and p.t >= s.t and p.t < s.t + interval '7 seconds'`,
  },
  chained: {
    sql: `select time_bucket(interval '30 seconds', t) as w, sum(price)::int as price from with_price group by w`,
    lateness: 2,
  },
  ...offeredCells,
  offered_session_of_all: { sql: windowSql({ ...offered, kind: 'session', key: null, lengthSeconds: 3 }), lateness: 7 },
};
const joins = new Set(['joined', 'unpaid', 'offered_interval_join']);

/** When rows of a cell are final: written again, as SQL over its columns. */
const ends: Readonly<Record<string, (bound: string) => string>> = {
  tumbling: (bound) => `w + interval '20 seconds' <= ${bound}`,
  busy: (bound) => `w + interval '1 minute' <= ${bound}`,
  hopping: (bound) => `w + interval '30 seconds' <= ${bound}`,
  sessions: (bound) => `ended + interval '8 seconds' < ${bound}`,
  once: (bound) => `t < ${bound}`,
  latest: (bound) => `t + interval '15 seconds' <= ${bound}`,
  priced: (bound) => `t < ${bound}`,
  joined: (bound) => `t + interval '11 seconds' < ${bound}`,
  unpaid: (bound) => `t + interval '7 seconds' < ${bound}`,
  chained: (bound) => `w + interval '30 seconds' <= ${bound}`,
};
/** Made of rows that are final already. */
const rolled = `select time_bucket(interval '1 minute', w) as m, sum(n)::int as n, sum(v)::int as v from tumbling_final group by all`;

function notebook(): string {
  const source = (name: string) =>
    `\`\`\`source ${name}\ntype: webhook\nwatermark: { column: t, delay: 4 seconds, idle: 30 seconds }\ncolumns: { n: integer, t: timestamp, v: integer, k: integer, id: integer, _partition: bigint }\n\`\`\`\n`;
  const made = Object.entries({
    with_price: {
      sql: 'select sold.*, price from sold left join (select k, max(price) as price from prices group by k) using (k)',
      lateness: undefined,
    },
    ...cells,
  });
  const once = Object.keys(ends).map((name) => [`${name}_final`, cells[name] ?? { sql: '' }, 'final'] as const);
  const written = [
    ...made.map(([name, cell]) => [name, cell, 'update'] as const),
    ...once,
    ['rolled', { sql: rolled, lateness: undefined }, 'update'] as const,
  ].map(
    ([name, { sql, lateness }, output]) =>
      `\`\`\`sql ${name}\n---\nrefresh: streaming\n${lateness === undefined ? '' : `lateness: ${lateness} seconds\n`}output: ${output}\n---\n${sql}\n\`\`\`\n`,
  );
  const csv =
    '```source prices\ntype: csv\npath: ./prices.csv\ncolumns: { k: integer, since: timestamp, price: integer }\n```\n';
  return [source('sold'), source('paid'), csv, ...written].join('\n');
}

/** What was final stays as it is; gives what is final now. */
async function expectAdded(shop: Workshop, before: ReadonlyMap<string, string[]>, seed: number) {
  const now = new Map<string, string[]>();
  for (const name of Object.keys(ends)) {
    const rows = (await shop.rows(`select * from silver.${name}_final`)).map((row) => JSON.stringify(row));
    const left = [...rows];
    for (const row of before.get(name) ?? []) {
      const at = left.indexOf(row);
      expect(at, `${name}_final kept ${row}, seed ${seed}`).toBeGreaterThanOrEqual(0);
      left.splice(at, 1);
    }
    now.set(name, rows);
  }
  return now;
}

async function expectFinal(shop: Workshop, made: Pick<MadeStream, 'commits'>, seed: number): Promise<number> {
  let rows = 0;
  for (const [name, endOf] of Object.entries(ends)) {
    const streams = joins.has(name) ? ['sold', 'paid'] : ['sold'];
    const { bound } = lateAndBound(made.commits, { delay: 4, idle: 30, lateness: cells[name]?.lateness ?? 0, streams });
    const wanted = await shop.rows(`select * from silver.${name} where ${endOf(bound)} order by all`);
    const found = await shop.rows(`select * from silver.${name}_final order by all`);
    expect(found, `${name}_final, seed ${seed}`).toEqual(wanted);
    rows += wanted.length;
  }
  const batch = rolled.replace('tumbling_final', 'silver.tumbling_final');
  expect(await shop.rows('select * from silver.rolled order by all'), `rolled, seed ${seed}`).toEqual(
    await shop.rows(`select * from (${batch}) order by all`),
  );
  expect(await shop.rows('select * from silver.rolled_late'), `rolled late, seed ${seed}`).toEqual([]);
  return rows;
}

async function expectBatch(shop: Workshop, name: string, late: MadeStream['late'], seed: number) {
  const cell = cells[name];
  const without = (stream: string) =>
    `(select * from bronze.${stream} where n not in (${[...(late[stream] ?? []), -1].join(', ')})) as ${stream}`;
  const with_price = `(select sold.*, price from ${without('sold')} left join (select k, max(price) as price from bronze.prices group by k) using (k)) as with_price`;
  const sql = (cell?.sql ?? '')
    .replace(/from sold ([as])\s/, (_, name: string) => `from ${without('sold').replace(/as sold$/, name)} `)
    .replace(/join paid ([pb])\s/, (_, name: string) => `join ${without('paid').replace(/as paid$/, name)} `)
    .replace(/from sold\b/, `from ${without('sold')}`)
    .replace(/from with_price\b/, `from ${with_price}`)
    .replace(/join prices ([pb])\b/, 'join bronze.prices $1');
  const batch = await shop.rows(`select * from (${sql}) order by all`);
  const streamed = await shop.rows(`select * from silver.${name} order by all`);
  expect(streamed, `${name}, seed ${seed}`).toEqual(batch);
  if (name !== 'plain') {
    const rows = await shop.rows(`select n from silver.${name}_late order by n`);
    const wanted = joins.has(name) ? [...(late['sold'] ?? []), ...(late['paid'] ?? [])] : [...(late['sold'] ?? [])];
    expect(
      rows.map(([n]) => n),
      `${name} late, seed ${seed}`,
    ).toEqual(wanted.toSorted((a, b) => a - b));
  }
  return batch.length;
}

const RUNS = Number(process.env['SEEDS'] ?? 1);

describe('cells that are made of streams', () => {
  it('Y1 Y2 windows, sessions and joins hold what the same text makes of all rows that were not late, final output each of them once, and those that were lie apart', async () => {
    const first = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    for (let seed = first; seed < first + RUNS; seed += 1) {
      console.log(`streams equal batch: seed ${seed}`);
      const random = randomOf(seed);
      const made = madeStream(random);
      const shop = await createWorkshop(await createTestDatabase());
      await shop.file('prices.csv', `k,since,price\n${prices().join('\n')}\n`);
      const bench = await createStreamBench(shop, `equals_${seed}`, notebook());
      let final: ReadonlyMap<string, string[]> = new Map();
      for (const { stream, events, at } of made.commits) {
        await bench.push(stream, events);
        const outcome = await bench.commit(stream, at);
        expect(outcome?.failedCells, `seed ${seed}`).toEqual({});
        final = await expectAdded(shop, final, seed);
      }
      let rows = 0;
      for (const [name, { lateness = 0 }] of Object.entries(cells)) {
        const late =
          name === 'plain'
            ? {}
            : lateOf(made.commits, {
                delay: 4,
                idle: 30,
                lateness,
                streams: joins.has(name) ? ['sold', 'paid'] : ['sold'],
              });
        rows += await expectBatch(shop, name, late, seed);
      }
      expect(rows).toBeGreaterThan(50);
      expect(await expectFinal(shop, made, seed)).toBeGreaterThan(20);
      await shop.close();
    }
  }, 600_000);
});
