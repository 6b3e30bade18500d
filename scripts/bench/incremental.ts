import { join } from 'node:path';
import type { DuckPool } from '../../engine/src/index.ts';
import type { BareDuckDb } from './bare-duckdb.ts';
import { openBareDuckDb } from './bare-duckdb.ts';
import type { Bench } from './bench.ts';
import type { Timed } from './pairs.ts';
import { comparePairs, spreadOf, timed } from './pairs.ts';
import type { BenchWorkspace } from './workspace.ts';
import { openBenchWorkspace } from './workspace.ts';

const DAYS = 50;
const PER_DAY = 20_000;
const ROWS = DAYS * PER_DAY;
const CHANGED = ROWS / 1_000;

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
    const duck = await openBareDuckDb(workspace);
    try {
      await duck.run(`create table base as select i % ${PER_DAY} as id, date '2026-01-01' + (i // ${PER_DAY})::int as day,
        i as value, 'customer ' || (i * 7919 % 100000) as customer from range(${ROWS}) t(i)`);
      const task = new TaskClock();
      let version = 0;
      const whole = async () => ranWith(workspace, duck, { version: (version += 1), changed: false }, task);
      const changed = async () => ranWith(workspace, duck, { version: (version += 1), changed: true }, task);
      await whole();
      const compared = await comparePairs(
        `${CHANGED} of ${ROWS} rows changed, all of one day of ${DAYS}`,
        { name: 'merge', run: changed },
        { name: 'full refresh', run: whole },
        pairs,
      );
      say('measured the merge');
      const idle = await nothingNew(workspace, pairs);
      return {
        facts: { rows: ROWS, changed: CHANGED, partitions: DAYS, threads: workspace.threads },
        comparisons: [compared],
        figures: {
          'merge over full: %': compared.ratio.median * 100,
          'the cell alone, merge: median ms': spreadOf(task.changed).median,
          'the cell alone, full: median ms': spreadOf(task.whole).median,
          'the cell alone, merge over full: %': (spreadOf(task.changed).median / spreadOf(task.whole).median) * 100,
          'a run with nothing new: median ms': spreadOf(idle.ms).median,
          'a run with nothing new, sessions that could read a file': idle.sessions,
        },
      };
    } finally {
      duck.close();
      await workspace.close();
    }
  },
};

/** What the merging cell took, without its source and the publish. */
class TaskClock {
  readonly changed: number[] = [];
  readonly whole: number[] = [];
}

interface Round {
  readonly version: number;
  readonly changed: boolean;
}

async function ranWith(
  workspace: BenchWorkspace,
  duck: BareDuckDb,
  { version, changed }: Round,
  clock: TaskClock,
): Promise<Timed> {
  const file = join(workspace.dir, 'changes.parquet');
  const some = changed ? `where day = date '2026-01-01' + ${DAYS - 1} and id < ${CHANGED}` : '';
  await duck.run(`copy (select *, ${version} as version from base ${some}) to '${file}' (format parquet)`);
  const { ms, value: report } = await timed(() => workspace.run(notebook, { fullRefresh: !changed }));
  const took = report.tasks.find(({ cell }) => cell === 'orders')?.durationMs ?? NaN;
  (changed ? clock.changed : clock.whole).push(took);
  const list = (await workspace.filesOf('silver', 'orders')).map((path) => `'${path}'`).join(', ');
  const [row] = await duck.rows(
    `select count(*) as n, sum(value) as total, count(*) filter (version = ${version}) as new from read_parquet([${list}])`,
  );
  const isNew = Number(row?.['new']) === (changed ? CHANGED : ROWS);
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
