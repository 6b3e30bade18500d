import { createTestDatabase } from '@datacraft/migrations/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withCell } from '../query/cell.ts';
import { loadTable } from '../iceberg/load-table.ts';
import type { RunRequest, Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
let now = new Date('2024-01-04T10:00:00Z');
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

type Row = readonly [day: string, value: number];

/** One run of an incremental cell, by days from 2024-01-01 on, over these rows at this moment. */
async function run(name: string, rows: readonly Row[], at: string, more = '', request: RunRequest = {}) {
  now = new Date(at);
  await shop.file(`${name}.csv`, `day,v\n${rows.map((row) => row.join(',')).join('\n')}\n`);
  const header = `---\nmaterialize: incremental\nstrategy: replace_interval\ntime_column: day\ninterval: day\nstart: 2024-01-01\n${more}---\n`;
  const text = `\`\`\`source ${name}_in\ntype: csv\npath: ./${name}.csv\ncolumns: { day: date, v: integer }\n\`\`\`\n${sqlCells({ [name]: `${header}select day, v from ${name}_in` })}`;
  const report = await shop.run(text, { owner: name, ...request, deps: { now: () => now } });
  return taskOf(report, name);
}

const rowsOf = async (name: string) =>
  (await shop.rows(`select day::varchar, v from silver.${name} order by all`)).map((row) => row.join('='));

async function recorded(name: string): Promise<string[]> {
  const { rows } = await shop.deps.db.query<{ day: string }>(
    `select to_char(start_at at time zone 'UTC', 'MM-DD') as day from intervals where name = $1 order by start_at`,
    [name],
  );
  return rows.map(({ day }) => day);
}

describe('a cell that records its intervals', () => {
  it('V2 makes the complete ones from start on, once, and records them with their rows (I3)', async () => {
    const rows: Row[] = [
      ['2023-12-31', 0],
      ['2024-01-01', 1],
      ['2024-01-03', 3],
      ['2024-01-04', 4],
    ];
    await run('first', rows, '2024-01-04T10:00:00Z');
    expect(await rowsOf('first')).toEqual(['2024-01-01=1', '2024-01-03=3']);
    expect(await recorded('first')).toEqual(['01-01', '01-02', '01-03']);
    expect(await run('first', rows, '2024-01-04T23:00:00Z')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    expect(await run('first', rows, '2024-01-05T00:00:00Z')).toMatchObject({ state: 'succeeded', reason: 'changed' });
    expect(await rowsOf('first')).toEqual(['2024-01-01=1', '2024-01-03=3', '2024-01-04=4']);
  });

  it('V3 leaves what it has alone, takes the last again with lookback, and empties an interval that has no rows now', async () => {
    await run(
      'back',
      [
        ['2024-01-01', 1],
        ['2024-01-02', 2],
        ['2024-01-03', 3],
      ],
      '2024-01-04T01:00:00Z',
      'lookback: 1\n',
    );
    await run(
      'back',
      [
        ['2024-01-01', 10],
        ['2024-01-02', 20],
      ],
      '2024-01-04T02:00:00Z',
      'lookback: 1\n',
    );
    expect(await rowsOf('back')).toEqual(['2024-01-01=1', '2024-01-02=2']);
  });

  it('writes only the files that hold days it makes again, and makes no snapshot where they hold the same', async () => {
    const files = async () => {
      const table = await loadTable(shop.deps.db, shop.deps.lake, { layer: 'silver', name: 'parts' });
      return { files: table?.files ?? [], at: table?.metadataLocation };
    };
    const more = 'lookback: 1\npartition_by: [day]\n';
    const rows = Array.from({ length: 5 }, (_, at): Row => [`2024-01-0${at + 1}`, at]);
    await run('parts', rows, '2024-01-06T01:00:00Z', more);
    const before = await files();
    expect(before.files).toHaveLength(5);
    await run('parts', [...rows.slice(0, 4), ['2024-01-05', 50], ['2024-01-05', 51]], '2024-01-06T02:00:00Z', more);
    const after = await files();
    expect(after.files.filter((file) => before.files.includes(file))).toHaveLength(4);
    expect(await rowsOf('parts')).toEqual([0, 1, 2, 3, 50, 51].map((v, at) => `2024-01-0${Math.min(at + 1, 5)}=${v}`));
    await run('parts', [...rows.slice(0, 3), ['2024-01-05', 51], ['2024-01-05', 50]], '2024-01-06T03:00:00Z', more);
    expect((await files()).at).toBe(after.at);
  });

  it('V3 heals a gap in its record', async () => {
    await run(
      'gap',
      [
        ['2024-01-01', 1],
        ['2024-01-02', 2],
      ],
      '2024-01-03T01:00:00Z',
    );
    await shop.deps.db.query(`delete from intervals where name = 'gap' and start_at = '2024-01-01T00:00:00Z'`);
    await run(
      'gap',
      [
        ['2024-01-01', 10],
        ['2024-01-02', 20],
      ],
      '2024-01-03T02:00:00Z',
    );
    expect([await rowsOf('gap'), await recorded('gap')]).toEqual([
      ['2024-01-01=10', '2024-01-02=2'],
      ['01-01', '01-02'],
    ]);
  });

  it('makes those of a backfilled range again, and no others', async () => {
    await run(
      'fill',
      [
        ['2024-01-01', 1],
        ['2024-01-02', 2],
        ['2024-01-03', 3],
      ],
      '2024-01-04T01:00:00Z',
    );
    const interval = { startMs: Date.parse('2024-01-02'), endMs: Date.parse('2024-01-03') };
    const task = await run(
      'fill',
      [
        ['2024-01-01', 10],
        ['2024-01-02', 20],
        ['2024-01-02', 21],
        ['2024-01-03', 30],
      ],
      '2024-01-04T01:00:00Z',
      '',
      { interval },
    );
    expect(task).toMatchObject({ state: 'succeeded', reason: 'backfill' });
    expect(await rowsOf('fill')).toEqual(['2024-01-01=1', '2024-01-02=20', '2024-01-02=21', '2024-01-03=3']);
  });

  it('begins anew on a full refresh and when its text changes', async () => {
    await run(
      'anew',
      [
        ['2024-01-01', 1],
        ['2024-01-02', 2],
      ],
      '2024-01-03T01:00:00Z',
    );
    await run('anew', [['2024-01-01', 10]], '2024-01-03T01:00:00Z', '', { fullRefresh: true });
    expect(await rowsOf('anew')).toEqual(['2024-01-01=10']);
    await run(
      'anew',
      [
        ['2024-01-01', 11],
        ['2024-01-02', 12],
      ],
      '2024-01-03T01:00:00Z',
      'expect: [{ not_null: v }]\n',
    );
    expect(await rowsOf('anew')).toEqual(['2024-01-01=11', '2024-01-02=12']);
  });

  it('says which column or key is wrong', async () => {
    expect(
      (await run('wrong', [['2024-01-01', 1]], '2024-01-03T01:00:00Z', 'partition_by: month(day)\nlookback: two\n'))
        .error?.message,
    ).toContain('lookback');
  });

  it('equals a full computation over any history of days that pass, rows that come in time, and failures (I3)', async () => {
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ days: fc.integer({ min: 0, max: 3 }), rows: fc.nat(3), fails: fc.boolean() }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (steps) => {
          const name = `any${(turn += 1)}`;
          const rows: Row[] = [];
          let day = 1;
          for (const { days, rows: count, fails } of steps) {
            for (let passed = 0; passed < days; passed += 1, day += 1)
              for (let v = 0; v < count; v += 1) rows.push([`2024-01-${String(day).padStart(2, '0')}`, v]);
            const at = `2024-01-${String(day).padStart(2, '0')}T06:00:00Z`;
            const stopped = new AbortController();
            if (fails) stopped.abort(new Error('stopped by the test'));
            await run(name, rows, at, '', fails ? { signal: stopped.signal } : {});
          }
          await run(name, rows, `2024-01-${String(day).padStart(2, '0')}T07:00:00Z`);
          expect(await rowsOf(name)).toEqual(rows.map((row) => row.join('=')).sort());
          expect(await recorded(name)).toHaveLength(day - 1);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('binds $interval_start and $interval_end to what this run makes, and in a preview to all it may have', async () => {
    const cell = (of: string) =>
      `---\nmaterialize: incremental\nstrategy: replace_interval\ntime_column: day\ninterval: day\nstart: 2024-01-01\n---\nselect day, $interval_start as since, $interval_end as until from ${of} where day >= $interval_start and day < $interval_end`;
    const text = sqlCells({
      days: `select d::date as day from range(date '2023-12-30', date '2024-01-10', interval 1 day) t(d)`,
      bound: cell('days'),
    });
    const at = (moment: string) => shop.run(text, { owner: 'bound', deps: { now: () => new Date(moment) } });
    expect((await at('2024-01-03T12:00:00Z')).state).toBe('succeeded');
    expect((await at('2024-01-05T12:00:00Z')).state).toBe('succeeded');
    const rows = await shop.rows(
      'select day::varchar, since::date::varchar, until::date::varchar from silver.bound order by day',
    );
    expect(rows).toEqual([
      ['2024-01-01', '2024-01-01', '2024-01-03'],
      ['2024-01-02', '2024-01-01', '2024-01-03'],
      ['2024-01-03', '2024-01-03', '2024-01-05'],
      ['2024-01-04', '2024-01-03', '2024-01-05'],
    ]);
    const { compiled } = await shop.input(text);
    const shown = await withCell(
      {
        compiled,
        cell: 'bound',
        params: {},
        today: '2024-01-06',
        text: cell('days').split('---\n')[2] ?? '',
        timeoutMs: 20_000,
        signal: new AbortController().signal,
      },
      shop.deps,
      async ({ session, select }) =>
        (await session.rows(`select count(*)::int, min(since)::varchar, max(until)::varchar from (${select})`)).rows,
    );
    expect(shown).toEqual([[5, '2024-01-01 00:00:00', '2024-01-06 00:00:00']]);
  });

  it('says with line and column where $interval_start means nothing', async () => {
    const { compiled } = await shop.input(sqlCells({ plain: 'select 1 as x\nwhere 1 < $interval_start' }));
    expect(compiled.diagnostics).toMatchObject([{ code: 'unknown-parameter', line: 2, column: 11 }]);
  });
});
