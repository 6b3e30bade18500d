import { createTestDatabase } from '@datacraft/migrations/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

/** An incremental cell over a file whose rows the test decides. */
function notebook(name: string, header: string): string {
  return `\`\`\`source ${name}_in
type: csv
path: ./${name}.csv
columns: { id: integer, day: date, v: integer }
\`\`\`

${sqlCells({ [name]: `---\nmaterialize: incremental\n${header}\n---\nselect id, day, v from ${name}_in` })}`;
}

type Row = readonly [id: number, day: string, v: number];

/** Without a sequence two different rows of one key are refused. */
function oneOfEachKey(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [`${row[0]},${row[1]}`, row])).values()];
}

async function runWith(name: string, header: string, rows: readonly Row[], fullRefresh = false) {
  await shop.file(`${name}.csv`, ['id,day,v', ...rows.map((row) => row.join(','))].join('\n') + '\n');
  const report = await shop.run(notebook(name, header), { owner: name, fullRefresh });
  expect(report.tasks.flatMap((task) => task.error ?? [])).toEqual([]);
  return report;
}

const all = (name: string) => shop.rows(`select id, day::varchar, v from silver.${name} order by all`);

describe('an incremental cell', () => {
  it('M2 merges by key, the latest by sequence', async () => {
    const header = 'strategy: merge\nunique_key: id\nsequence_by: day';
    await runWith('merged', header, [
      [1, '2025-01-01', 1],
      [2, '2025-01-01', 2],
    ]);
    await runWith('merged', header, [
      [1, '2024-01-01', 9],
      [2, '2025-02-01', 5],
      [3, '2025-01-01', 3],
    ]);
    expect(await all('merged')).toEqual([
      [1, '2025-01-01', 1],
      [2, '2025-02-01', 5],
      [3, '2025-01-01', 3],
    ]);
  });

  it('replaces the intervals that came, and no others', async () => {
    const header = 'strategy: replace_interval\ntime_column: day\ninterval: day';
    await runWith('replaced', header, [
      [1, '2025-01-01', 1],
      [2, '2025-01-01', 2],
      [3, '2025-01-02', 3],
    ]);
    await runWith('replaced', header, [
      [9, '2025-01-01', 9],
      [4, '2025-01-03', 4],
    ]);
    expect(await all('replaced')).toEqual([
      [3, '2025-01-02', 3],
      [4, '2025-01-03', 4],
      [9, '2025-01-01', 9],
    ]);
  });

  it('adds rows, begins anew on a full refresh, and says how many the table has', async () => {
    await runWith('appended', 'strategy: append', [[1, '2025-01-01', 1]]);
    const second = await runWith('appended', 'strategy: append', [[2, '2025-01-01', 2]]);
    expect(taskOf(second, 'appended').rowsWritten).toBe(2);
    expect((await all('appended')).length).toBe(2);
    await runWith('appended', 'strategy: append', [[2, '2025-01-01', 2]], true);
    expect((await all('appended')).length).toBe(1);
  });

  it('M1 has the same table after the same rows once more, for any rows', async () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('2025-01-01', '2025-01-02'),
      fc.integer({ min: 0, max: 3 }),
    );
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(
          'strategy: merge\nunique_key: id\nsequence_by: day',
          'strategy: merge\nunique_key: [id, day]',
          'strategy: replace_interval\ntime_column: day',
        ),
        async (before, rows, header) => {
          count += 1;
          const name = `again_${count}`;
          const told = header.includes('[id, day]') ? oneOfEachKey : (all: readonly Row[]) => all;
          await runWith(name, header, told(before));
          await runWith(name, header, told(rows));
          const once = await all(name);
          await shop.deps.db.query(`update relations set fingerprint = 'made stale' where name = $1`, [name]);
          const again = await shop.run(notebook(name, header), { owner: name });
          expect(taskOf(again, name).state).toBe('succeeded');
          expect(await all(name)).toEqual(once);
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);
});

describe('publishing at the same time', () => {
  it('I1 I3 never loses rows and never mixes runs, whatever order runs of several notebooks take', async () => {
    const appending = (step: number) =>
      sqlCells({
        both_log: `---\nmaterialize: incremental\nstrategy: append\n---\nselect $step::int as step`,
        both_sum: 'select count(*) as n, sum(step) as total from both_log',
      }) +
      '\n```input step\ntype: number\ndefault: 0\n```\n' +
      `\n<!-- ${step} -->\n`;
    const reading = sqlCells({
      both_read: 'select (select count(*) from silver.both_log) as n, (select n from silver.both_sum) as counted',
    });
    await shop.run(appending(0), { owner: 'log', params: { step: 0 } });
    const steps = [1, 2, 3, 4, 5, 6];
    const runs = await Promise.all(
      steps.flatMap((step) => [
        shop.run(appending(step), { owner: 'log', params: { step } }),
        shop.run(reading, { owner: `reader_${step % 2}`, fullRefresh: true }),
      ]),
    );
    const logs = runs.filter((_, index) => index % 2 === 0);
    expect(logs.map((run) => run.error?.message ?? run.state)).toEqual(steps.map(() => 'succeeded'));
    expect(await shop.rows('select count(*), sum(step), count(distinct step) from silver.both_log')).toEqual([
      ['7', '21', '7'],
    ]);
    expect(await shop.rows('select n, total from silver.both_sum')).toEqual([['7', '21']]);
  }, 60_000);
});
