import type { TaskReport } from '@datacraft/shared';
import { createTestDatabase } from '@datacraft/migrations/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable } from '../iceberg/load-table.ts';
import type { RunEvent } from './context.ts';
import { ledgerOf } from './ledger.ts';
import type { RunRequest, Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

type Row = readonly [day: string, value: number];
interface Kept {
  readonly strategy?: string;
  readonly more?: string;
}

/** Days from 2024-01-01 on, the one under way among them, and what reads them. */
function notebook(name: string, { strategy = 'replace_interval', more = '' }: Kept = {}): string {
  const header = `---\nmaterialize: incremental\nstrategy: ${strategy}\ntime_column: day\ninterval: day\nstart: 2024-01-01\nallow_partials: true\n${more}---\n`;
  return `\`\`\`source ${name}_in\ntype: csv\npath: ./${name}.csv\ncolumns: { day: date, v: integer }\n\`\`\`\n${sqlCells(
    {
      [name]: `${header}select day, v from ${name}_in`,
      [`${name}_sums`]: `select day, sum(v)::int as v from ${name} group by all`,
    },
  )}`;
}

async function run(name: string, rows: readonly Row[], at: string, kept: Kept = {}, request: RunRequest = {}) {
  await shop.file(`${name}.csv`, `day,v\n${rows.map((row) => row.join(',')).join('\n')}\n`);
  const now = () => new Date(at);
  return shop.run(notebook(name, kept), { owner: name, deps: { now }, ...request });
}

const ofCells = (tasks: readonly TaskReport[], name: string) =>
  tasks
    .filter(({ cell }) => cell.startsWith(name) && !cell.endsWith('_in'))
    .map(({ reason, state }) => reason ?? state);

const rowsOf = async (name: string) =>
  (await shop.rows(`select day::varchar, v from silver.${name} order by all`)).map((row) => row.join('='));

/** Of each recorded day, with a star where it is partial. */
async function recorded(name: string): Promise<string[]> {
  const { rows } = await shop.deps.db.query<{ day: string }>(
    `select to_char(start_at at time zone 'UTC', 'MM-DD') || case when is_partial then '*' else '' end as day
       from intervals where name = $1 order by start_at`,
    [name],
  );
  return rows.map(({ day }) => day);
}

const stateOf = async (name: string) =>
  (await loadTable(shop.deps.db, shop.deps.lake, { layer: 'silver', name }))?.metadataLocation;

describe('a cell that allows partial intervals', () => {
  it('V2 makes the day under way as far as it is, again when something is new, and complete after its end', async () => {
    const rows: Row[] = [
      ['2024-01-02', 2],
      ['2024-01-03', 3],
    ];
    await run('days', rows, '2024-01-03T10:00:00Z');
    expect([await rowsOf('days'), await recorded('days')]).toEqual([
      ['2024-01-02=2', '2024-01-03=3'],
      ['01-01', '01-02', '01-03*'],
    ]);

    const before = await stateOf('days');
    const again = await run('days', rows, '2024-01-03T11:00:00Z');
    expect(ofCells(again.tasks, 'days')).toEqual(['fresh', 'fresh']);

    rows.push(['2024-01-03', 30], ['2024-01-02', 20]);
    await run('days', rows, '2024-01-03T12:00:00Z');
    expect(await rowsOf('days')).toEqual(['2024-01-02=2', '2024-01-03=3', '2024-01-03=30']);
    expect(await rowsOf('days_sums')).toEqual(['2024-01-02=2', '2024-01-03=33']);
    const made = await stateOf('days');
    expect(made).not.toBe(before);

    const completed = await run('days', rows, '2024-01-04T01:00:00Z');
    expect(ofCells(completed.tasks, 'days')).toEqual(['changed', 'upstream changed']);
    expect(await recorded('days')).toEqual(['01-01', '01-02', '01-03', '01-04*']);
    expect(await stateOf('days')).toBe(made);

    rows.push(['2024-01-03', 300], ['2024-01-04', 4]);
    await run('days', rows, '2024-01-04T02:00:00Z');
    expect(await rowsOf('days_sums')).toEqual(['2024-01-02=2', '2024-01-03=33', '2024-01-04=4']);
    expect(ofCells((await run('days', rows, '2024-01-04T03:00:00Z')).tasks, 'days')).toEqual(['fresh', 'fresh']);
  });

  it('V3 takes rows that came after the last look at a day with it, and later ones with lookback', async () => {
    const kept = { more: 'lookback: 1\n', strategy: 'append' };
    await run('late', [['2024-01-01', 1]], '2024-01-01T20:00:00Z', kept);
    const rows: Row[] = [
      ['2024-01-01', 1],
      ['2024-01-01', 10],
    ];
    await run('late', rows, '2024-01-02T00:00:00Z', kept);
    expect([await rowsOf('late'), await recorded('late')]).toEqual([
      ['2024-01-01=1', '2024-01-01=10'],
      ['01-01', '01-02*'],
    ]);
    await run('late', [...rows, ['2024-01-01', 100]], '2024-01-02T09:00:00Z', kept);
    expect(await rowsOf('late_sums')).toEqual(['2024-01-01=111']);
  });

  it('sets each row aside once, however often its day is made, and keeps those of other days', async () => {
    const rule = { more: 'expect: [{ expression: v > 0, on_violation: quarantine }]\n' };
    for (const strategy of ['append', 'replace_interval']) {
      const name = `aside_${strategy}`;
      const rows: Row[] = [
        ['2024-01-01', -1],
        ['2024-01-02', 2],
      ];
      await run(name, rows, '2024-01-02T08:00:00Z', { ...rule, strategy });
      for (const hour of ['09', '10']) {
        rows.push(['2024-01-02', -Number(hour)]);
        await run(name, rows, `2024-01-02T${hour}:00:00Z`, { ...rule, strategy });
      }
      expect(await rowsOf(`${name}_quarantine`)).toEqual(['2024-01-01=-1', '2024-01-02=-10', '2024-01-02=-9']);
      expect(await rowsOf(name)).toEqual(['2024-01-02=2']);
    }
  });

  it('keeps a day partial that ends while the run is under way', async () => {
    let at = '2024-01-01T23:59:59Z';
    const emit = ({ type }: RunEvent) => {
      if (type === 'task') at = '2024-01-02T00:00:01Z';
    };
    await run('ends', [['2024-01-01', 1]], '', {}, { deps: { now: () => new Date(at), emit } });
    expect([at, await recorded('ends')]).toEqual(['2024-01-02T00:00:01Z', ['01-01*']]);
  });

  it('is shown apart in the ledger, begins anew without the key, and a backfill of its day makes it', async () => {
    const now = new Date('2024-01-03T10:00:00Z');
    const rows: Row[] = [['2024-01-03', 3]];
    await run('shown', rows, now.toISOString());
    const { compiled } = await shop.input(notebook('shown'));
    const ledger = (at: Date) => ledgerOf(shop.deps.db, { graph: compiled.graph, now: at });
    const range = (day: number) => ({
      start: `2024-01-0${day}T00:00:00.000Z`,
      end: `2024-01-0${day + 1}T00:00:00.000Z`,
    });
    expect(await ledger(now)).toMatchObject([{ coveredCount: 2, partialCount: 1, partial: [range(3)], missing: [] }]);
    expect(await ledger(new Date('2024-01-04T10:00:00Z'))).toMatchObject([
      { partial: [range(3)], missing: [range(4)] },
    ]);

    const interval = { startMs: Date.parse('2024-01-03'), endMs: Date.parse('2024-01-04') };
    await run(
      'shown',
      [['2024-01-02', 2], ...rows, ['2024-01-03', 4]],
      now.toISOString(),
      {},
      { interval, deps: { now: () => now } },
    );
    expect([await rowsOf('shown'), await recorded('shown')]).toEqual([
      ['2024-01-03=3', '2024-01-03=4'],
      ['01-01', '01-02', '01-03*'],
    ]);
    await shop.run(notebook('shown').replace('allow_partials: true\n', ''), {
      owner: 'shown',
      deps: { now: () => now },
    });
    expect([await rowsOf('shown'), await recorded('shown')]).toEqual([['2024-01-02=2'], ['01-01', '01-02']]);
  });

  it('equals a full computation over any history of hours, rows that come meanwhile, and failures (I3)', async () => {
    let turn = 0;
    const step = fc.record({ hours: fc.integer({ min: 0, max: 40 }), rows: fc.nat(3), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const name = `any${(turn += 1)}`;
        const rows: Row[] = [];
        let at = Date.parse('2024-01-01T06:00:00Z');
        for (const { hours, rows: count, fails } of steps) {
          at += hours * 3_600_000;
          for (let v = 0; v < count; v += 1) rows.push([new Date(at).toISOString().slice(0, 10), v]);
          const signal = fails ? AbortSignal.abort(new Error('stopped by the test')) : new AbortController().signal;
          const now = () => new Date(at);
          await run(name, rows, '', {}, { signal, deps: { now } });
          if (!fails) expect(await rowsOf(name)).toEqual(rows.map((row) => row.join('=')).sort());
        }
        await run(name, rows, new Date(at).toISOString());
        expect(await rowsOf(name)).toEqual(rows.map((row) => row.join('=')).sort());
        const days = await recorded(name);
        expect(days.map((day) => day.endsWith('*'))).toEqual([...days.slice(1).map(() => false), true]);
        expect(days).toHaveLength(new Date(at).getUTCDate());
      }),
      { numRuns: 6 },
    );
  });
});
