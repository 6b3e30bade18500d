import { parseNotebook } from '@datacraft/shared';
import { afterAll, describe, expect, it } from 'vitest';
import { createDuckPool } from '../../duckdb/pool.ts';
import { compile } from '../compile.ts';
import { isSelectCell } from '../graph.ts';
import { aggregateFunctions } from './aggregates.ts';

const duck = createDuckPool({ memoryLimitMb: 200, threads: 1 });
afterAll(() => duck.stop());

const MINUTE = 60_000_000;

const sources = `\`\`\`source sold
type: webhook
watermark: { column: t, delay: 10 seconds }
\`\`\`

\`\`\`source paid
type: webhook
watermark: { column: paid_at, delay: 10 seconds }
\`\`\`

\`\`\`source plain
type: webhook
\`\`\`

\`\`\`source prices
type: csv
path: ./prices.csv
\`\`\`
`;

async function compiled(sql: string, header = 'refresh: streaming', more = '') {
  const text = `${sources}${more}\n\`\`\`sql made\n---\n${header}\n---\n${sql}\n\`\`\`\n`;
  const { graph, diagnostics } = await compile(parseNotebook(text).notebook, duck);
  const cell = graph.cells.get('made');
  return { shape: isSelectCell(cell) ? cell.streaming : undefined, diagnostics };
}

const shapeOf = async (sql: string, more?: string) => (await compiled(sql, undefined, more)).shape;
const said = async (sql: string) => {
  const { shape, diagnostics } = await compiled(sql);
  expect(shape).toBeUndefined();
  return diagnostics.map(
    ({ severity, code, line, column, message }) => `${severity} ${code} ${line}:${column} ${message}`,
  );
};

const bounds = (size: number) => ({ before: 0, after: size });

describe('a streaming cell', () => {
  it.each([
    [`select time_bucket(interval '1 minute', t) as m, count(*) as n from sold group by all`, 'm', bounds(MINUTE)],
    [
      `select date_trunc('hour', s.t) as h, shop, sum(v) from sold s group by 1, shop having count(*) > 2`,
      'h',
      bounds(60 * MINUTE),
    ],
    [`select t::date as day, count(*) from sold group by day order by day`, 'day', bounds(24 * 60 * MINUTE)],
    [`select t, id, any_value(v) as v from sold group by t, id`, 't', bounds(1)],
    [`select distinct * from sold`, 't', bounds(1)],
    [
      `with ok as (select * from sold where v > 0) select time_bucket(interval 5 minutes, t) as m, max(v) from ok group by m`,
      'm',
      bounds(5 * MINUTE),
    ],
    [`select * from sold qualify row_number() over (partition by id, t order by v) = 1`, 't', bounds(1)],
    [
      `select *, time_bucket(interval '1 minute', t) as m from sold qualify row_number() over (partition by id, time_bucket(interval '1 minute', t) order by v) = 1`,
      't',
      { before: MINUTE - 1, after: MINUTE },
    ],
    [`select sold.*, p.price from sold asof left join prices p on sold.k = p.k and sold.t >= p.since`, 't', bounds(1)],
  ])('groups, windows and as-of joins end with time: %s', async (sql, key, { before, after }) => {
    expect(await shapeOf(sql)).toEqual({
      kind: 'windows',
      streams: [{ name: 'sold', column: 't' }],
      key,
      before,
      after,
    });
  });

  it('a row is in each of the windows that hop over it', async () => {
    const windows = `unnest(range(time_bucket(interval '1 minute', t) - interval '4 minutes', time_bucket(interval '1 minute', t) + interval '1 minute', interval '1 minute'))`;
    const hop = { kind: 'windows', key: 'w', before: MINUTE, after: 5 * MINUTE };
    expect(await shapeOf(`select w, count(*) from sold, ${windows} as h(w) group by w`)).toMatchObject(hop);
    expect(
      await shapeOf(`with h as (select shop, ${windows} as w from sold) select w, shop, count(*) from h group by all`),
    ).toMatchObject(hop);
  });

  it('sessions are told by their gap, and end with their last row', async () => {
    const session = (last: string) => `with marked as (
  select *, t - lag(t) over (partition by who order by t) > interval '30 minutes' as starts from sold
), numbered as (
  select *, count(*) filter (starts) over (partition by who order by t) as n from marked
)
select who, min(t) as session_start, ${last} count(*) as events from numbered group by who, n`;
    expect(await shapeOf(session('max(t) as session_end,'))).toEqual({
      kind: 'sessions',
      streams: [{ name: 'sold', column: 't' }],
      gap: 30 * MINUTE,
      by: ['who'],
      end: 'session_end',
    });
    expect(await said(session(''))).toEqual([
      expect.stringContaining('6:63 made anew with each commit: select `max(t) as session_end` too'),
    ]);
  });

  it('two streams are joined within a span of time', async () => {
    const on = (join: string, condition: string) =>
      `select s.t, p.id from sold s ${join} paid p on s.id = p.id and ${condition}`;
    const near = `p.paid_at between s.t - interval '5 minutes' and s.t + interval '10 minutes'`;
    const streams = [
      { name: 'sold', column: 't' },
      { name: 'paid', column: 'paid_at' },
    ];
    expect(await shapeOf(on('join', near))).toEqual({
      kind: 'windows',
      streams,
      key: 't',
      before: 5 * MINUTE,
      after: 10 * MINUTE + 1,
    });
    expect(await shapeOf(on('left join', near))).toMatchObject({ key: 't' });
    expect(await shapeOf(`select p.paid_at, s.id from sold s, paid p where s.id = p.id and ${near}`)).toMatchObject({
      key: 'paid_at',
      before: 10 * MINUTE,
      after: 5 * MINUTE + 1,
    });
    expect(await said(on('join', 's.t < p.paid_at'))).toEqual([expect.stringContaining('say how far apart in time')]);
  });

  it('rows by themselves need no event time, and cells below read them as they read the stream', async () => {
    expect(await shapeOf('select id, v * 2 as v from plain where v > 0')).toEqual({
      kind: 'rows',
      streams: ['plain'],
      column: null,
    });
    const clean = '\n```sql clean\n---\nrefresh: streaming\n---\nselect * from sold left join prices using (k)\n```\n';
    expect(await shapeOf(`select date_trunc('minute', t) as m, count(*) from clean group by m`, clean)).toMatchObject({
      streams: [{ name: 'clean', column: 't' }],
    });
  });

  it.each([
    [
      `select shop, count(*) as n\nfrom sold group by shop`,
      /^warning not-streamable 1:14 .*select a window of `t` too/,
    ],
    [
      `select date_trunc('hour', t) as h, count(*) as n\nfrom plain group by h`,
      /1:36 .*`plain` has no event time here: give its source `watermark/,
    ],
    [`select *, sum(v) over (order by t) as total from sold`, /1:11 .*PARTITION BY/],
    [`select * from sold\nlimit 10`, /2:7 .*LIMIT/],
    [`select s.* from sold s asof join paid p on s.id = p.id and s.t >= p.paid_at`, /needs a table on its right/],
    [`select * from sold union all select * from sold`, /UNION/],
    [`select * from prices full join sold using (k)`, /stream stands on the left/],
    [`select *, (select count(*) from sold) as n from sold`, /read once/],
    [`select t, v from sold group by rollup (t, v)`, /several groupings/],
    [`select * from prices`, /reads no live source/],
  ])('says where it cannot be made commit by commit, and what to write: %s', async (sql, message) => {
    expect(await said(sql)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    [
      'row_count: { min: 1 }',
      `select date_trunc('hour', t) as h, count(*) from sold group by h`,
      /all rows of the table/,
    ],
    ['unique: id', 'select id from plain', /group by the key/],
    ['not_null: n\n    on_violation: quarantine', `select distinct t, n from sold`, /none is set aside/],
    ['unique: id', 'select distinct t, id from sold', /without `t` is about all rows/],
    ['freshness: { column: t, max_age: 1 hour }', 'select t from sold', /newest row of the whole table/],
    ['not_null: id\n    mostly: 0.9', 'select t, id from sold', /`not_null` with `mostly`/],
  ])('a rule about all rows needs all rows: %s', async (rule, sql, message) => {
    const { shape, diagnostics } = await compiled(sql, `refresh: streaming\nexpect:\n  - ${rule}`);
    expect(shape).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'not-streamable', path: ['expect', 0] }]);
    expect(diagnostics[0]?.message).toMatch(message);
  });

  it.each([
    ['unique: [id, t]', 'select distinct t, id from sold', ''],
    ['not_null: n\n    on_violation: quarantine', `select distinct t, n from sold`, '\noutput: final'],
  ])('a rule that rows of one time answer for is judged commit by commit: %s', async (rule, sql, more) => {
    const { shape, diagnostics } = await compiled(sql, `refresh: streaming${more}\nexpect:\n  - ${rule}`);
    expect(shape).toMatchObject({ kind: 'windows' });
    expect(diagnostics).toEqual([]);
  });

  it('final rows are a stream of their own, with the time of their windows', async () => {
    const minutes = (output: string) =>
      `\n\`\`\`sql minutes\n---\nrefresh: streaming\noutput: ${output}\n---\nselect time_bucket(interval '1 minute', t) as m, count(*) as n from sold group by all\n\`\`\`\n`;
    const hours = `select date_trunc('hour', m) as h, sum(n) from minutes group by h`;
    expect(await shapeOf(hours, minutes('final'))).toMatchObject({
      kind: 'windows',
      streams: [{ name: 'minutes', column: 'm' }],
      key: 'h',
    });
    const { shape, diagnostics } = await compiled(hours, 'refresh: streaming', minutes('update'));
    expect(shape).toBeUndefined();
    expect(diagnostics[0]?.message).toContain('give `minutes` `output: final`');
  });

  it('output: final needs a cell that is made commit by commit', async () => {
    const { diagnostics } = await compiled(
      'select shop, count(*) from sold group by shop',
      'refresh: streaming\noutput: final',
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['not-applied', 'not-streamable']);
    expect((await compiled('select * from prices', 'output: final')).diagnostics).toMatchObject([
      { code: 'not-applied', severity: 'warning', path: ['output'] },
    ]);
  });

  it('lateness needs a stream', async () => {
    const { diagnostics } = await compiled('select * from prices', 'lateness: 1 hour');
    expect(diagnostics).toMatchObject([{ code: 'not-applied', severity: 'warning' }]);
  });

  it('knows every aggregate function of the engine', async () => {
    const session = await duck.open({});
    const { rows } = await session.rows(
      `select distinct function_name from duckdb_functions() where function_type = 'aggregate' and function_name ~ '^[a-z_0-9]+$'`,
    );
    await session.close();
    expect(rows.map(String).filter((name) => !aggregateFunctions.has(name))).toEqual([]);
  });
});
