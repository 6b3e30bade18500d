import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../engine/src/index.ts';
import type { Bench } from './bench.ts';
import type { BareDuckDb } from './bare-duckdb.ts';
import { contentOf, openBareDuckDb } from './bare-duckdb.ts';
import { comparePairs, spreadOf, timed } from './pairs.ts';
import type { BenchWorkspace } from './workspace.ts';
import { openBenchWorkspace } from './workspace.ts';

const ROWS = 100;

/** What publishing costs: runs of 1 and 10 small tables against bare DuckDB writing and syncing as many Parquet files. */
export const commit: Bench = {
  goal: 'publish ≤ 50 ms per table, fsync on',
  async measure({ pairs, say }) {
    const workspace = await openBenchWorkspace();
    const duck = await openBareDuckDb(workspace);
    try {
      const comparisons = [];
      const figures: Record<string, number> = {};
      for (const tables of [1, 10]) {
        const publishMs: number[] = [];
        const ours = async () => ranByUs(workspace, duck, tables, publishMs);
        const peer = async () => writtenBare(workspace, duck, tables);
        const what = `${tables} table${tables === 1 ? '' : 's'}`;
        const compared = await comparePairs(
          what,
          { name: 'run path', run: ours },
          { name: `${duck.name}, fsync`, run: peer },
          pairs,
        );
        comparisons.push(compared);
        const publish = spreadOf(publishMs.slice(1));
        figures[`publish of ${what}, per table: median ms`] = publish.median / tables;
        figures[`publish of ${what}, per table: max ms`] = publish.max / tables;
        figures[`whole run of ${what} over the peer, per table: ms`] = (compared.oursMs - compared.peerMs) / tables;
        say(`measured ${what}`);
      }
      const [fsync] = (await workspace.deps.db.query<{ fsync: string }>('show fsync')).rows;
      return {
        facts: { rows: ROWS, fsync: fsync?.fsync ?? 'unknown', threads: workspace.threads },
        comparisons,
        figures,
      };
    } finally {
      duck.close();
      await workspace.close();
    }
  },
};

function selectOf(table: number): string {
  return `select i, i * ${table} as product from range(${ROWS}) r(i)`;
}

async function ranByUs(workspace: BenchWorkspace, duck: BareDuckDb, tables: number, publishMs: number[]) {
  const cells = Array.from({ length: tables }, (_, table) => `\`\`\`sql t${table}\n${selectOf(table)}\n\`\`\`\n`);
  const text = ['---\ndatacraft: 1\ntitle: bench\n---\n', ...cells].join('\n');
  const clock = withPublishClock(workspace.deps.db);
  const { ms } = await timed(() => workspace.run(text, { deps: { db: clock.db } }));
  publishMs.push(clock.ms());
  const contents = [];
  for (let table = 0; table < tables; table += 1)
    contents.push(await contentOf(duck, await workspace.filesOf('silver', `t${table}`)));
  return { ms, result: contents.join('; ') };
}

/** The run's one long transaction is its publish: metadata files written and synced, pointers moved, committed. */
function withPublishClock(db: Database): { db: Database; ms(): number } {
  let longest = 0;
  const transaction: Database['transaction'] = async (work) => {
    const { ms, value } = await timed(() => db.transaction(work));
    longest = Math.max(longest, ms);
    return value;
  };
  return { db: { query: (text, values) => db.query(text, values), transaction }, ms: () => longest };
}

async function writtenBare(workspace: BenchWorkspace, duck: BareDuckDb, tables: number) {
  const files = Array.from({ length: tables }, (_, table) => join(workspace.dir, `t${table}.parquet`));
  const { ms } = await timed(async () => {
    for (const [table, file] of files.entries()) {
      await duck.run(`copy (${selectOf(table)}) to '${file}' (format parquet, compression zstd)`);
      await synced(file);
    }
  });
  const contents = [];
  for (const file of files) contents.push(await contentOf(duck, [file]));
  return { ms, result: contents.join('; ') };
}

async function synced(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
