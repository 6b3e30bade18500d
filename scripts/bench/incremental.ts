import { join } from 'node:path';
import type { DuckPool } from '../../engine/src/index.ts';
import type { BareDuckDb } from './bare-duckdb.ts';
import { openBareDuckDb } from './bare-duckdb.ts';
import type { Bench } from './bench.ts';
import type { Comparison, Timed } from './pairs.ts';
import { comparePairs, spreadOf, timed } from './pairs.ts';
import type { BenchWorkspace } from './workspace.ts';
import { openBenchWorkspace } from './workspace.ts';

/** Days, each a partition, and rows of each. What a run costs at all weighs on the small table and not on the large one. */
const SIZES = [
  { days: 50, perDay: 20_000 },
  { days: 200, perDay: 40_000 },
  { days: 200, perDay: 100_000 },
] as const;

const notebook = `---
datacraft: 1
title: bench
---

\`\`\`source changes
type: parquet
path: ./changes.parquet
\`\`\`

\`\`\`sql orders
---
materialize: incremental
strategy: merge
unique_key: [id, day]
sequence_by: version
partition_by: [day]
---
select * from changes
\`\`\`
`;

/** What a merge of a thousandth of a table costs beside making it anew, and what a run costs that has nothing to do. */
export const incremental: Bench = {
  goal: '0.1 % of the rows changed cost ≤ 2 % of full; nothing new ≤ 50 ms and no file read',
  async measure({ pairs, say }) {
    const workspace = await openBenchWorkspace();
    try {
      const comparisons: Comparison[] = [];
      const figures: Record<string, number> = {};
      for (const size of SIZES) {
        const { compared, task } = await measureSize(workspace, size, pairs);
        const rows = size.days * size.perDay;
        comparisons.push(compared);
        figures[`${rows} rows, merge over full: %`] = compared.ratio.median * 100;
        figures[`${rows} rows, the cell alone, merge: median ms`] = spreadOf(task.changed).median;
        figures[`${rows} rows, the cell alone, full: median ms`] = spreadOf(task.whole).median;
        say(`measured the merge into ${rows} rows`);
      }
      const idle = await nothingNew(workspace, pairs);
      return {
        facts: { threads: workspace.threads },
        comparisons,
        figures: {
          ...figures,
          'a run with nothing new: median ms': spreadOf(idle.ms).median,
          'a run with nothing new, sessions that could read a file': idle.sessions,
        },
      };
    } finally {
      await workspace.close();
    }
  },
};

async function measureSize(workspace: BenchWorkspace, size: Size, pairs: number) {
  const duck = await openBareDuckDb(workspace);
  const { days, perDay } = size;
  const rows = days * perDay;
  try {
    await duck.run(`create table base as select i % ${perDay} as id, date '2026-01-01' + (i // ${perDay})::int as day,
      i as value, 'customer ' || (i * 7919 % 100000) as customer from range(${rows}) t(i)`);
    const task = new TaskClock();
    let version = 0;
    const ran = (changed: boolean) => ranWith({ workspace, duck, size, task }, { version: (version += 1), changed });
    await ran(false);
    const compared = await comparePairs(
      `${rows / 1_000} of ${rows} rows changed, all of one day of ${days}`,
      { name: 'merge', run: () => ran(true) },
      { name: 'full refresh', run: () => ran(false) },
      pairs,
    );
    return { compared, task };
  } finally {
    duck.close();
  }
}

interface Size {
  readonly days: number;
  readonly perDay: number;
}

/** What the merging cell took, without its source and the publish. */
class TaskClock {
  readonly changed: number[] = [];
  readonly whole: number[] = [];
}

interface Round {
  readonly version: number;
  readonly changed: boolean;
}

interface Place {
  readonly workspace: BenchWorkspace;
  readonly duck: BareDuckDb;
  readonly size: Size;
  readonly task: TaskClock;
}

async function ranWith({ workspace, duck, size, task }: Place, { version, changed }: Round): Promise<Timed> {
  const file = join(workspace.dir, 'changes.parquet');
  const rows = size.days * size.perDay;
  const some = changed ? `where day = date '2026-01-01' + ${size.days - 1} and id < ${rows / 1_000}` : '';
  await duck.run(`copy (select *, ${version} as version from base ${some}) to '${file}' (format parquet)`);
  const { ms, value: report } = await timed(() => workspace.run(notebook, { fullRefresh: !changed }));
  const took = report.tasks.find(({ cell }) => cell === 'orders')?.durationMs ?? NaN;
  (changed ? task.changed : task.whole).push(took);
  const list = (await workspace.filesOf('silver', 'orders')).map((path) => `'${path}'`).join(', ');
  const [row] = await duck.rows(
    `select count(*) as n, sum(value) as total, count(*) filter (version = ${version}) as new from read_parquet([${list}])`,
  );
  const isNew = Number(row?.['new']) === (changed ? rows / 1_000 : rows);
  return { ms, result: `${String(row?.['n'])} rows, sum ${String(row?.['total'])}, new ones in: ${String(isNew)}` };
}

/** Runs again with everything fresh, on an engine that counts who could read a file. */
async function nothingNew(workspace: BenchWorkspace, rounds: number): Promise<{ ms: number[]; sessions: number }> {
  const ms: number[] = [];
  let sessions = 0;
  const duck: DuckPool = {
    ...workspace.deps.duck,
    open: (options) => {
      sessions += 1;
      return workspace.deps.duck.open(options);
    },
  };
  for (let round = 0; round <= rounds; round += 1) {
    const { ms: took, value } = await timed(() => workspace.run(notebook, { fullRefresh: false, deps: { duck } }));
    if (value.tasks.some(({ state }) => state !== 'skipped')) throw new Error('a run with nothing new did something');
    if (round > 0) ms.push(took);
  }
  return { ms, sessions };
}
