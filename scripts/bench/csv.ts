import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { contentOf, openBareDuckDb } from './bare-duckdb.ts';
import { ordersSelect, writeCsv } from './generate.ts';
import { comparePairs, timed } from './pairs.ts';
import { openBenchWorkspace } from './workspace.ts';

/** Some 74 bytes each: a file of over 200 MB. */
const ROWS = 2_900_000;

/** A CSV file to a published table, with and without a table for rejects, against `read_csv` to Parquet. */
export const csv: Bench = {
  goal: 'csv to published table ≤ 1.3 × bare read_csv to Parquet',
  async measure({ pairs, say }) {
    const workspace = await openBenchWorkspace();
    const duck = await openBareDuckDb(workspace);
    try {
      const file = join(workspace.dir, 'orders.csv');
      await writeCsv(duck, ordersSelect(ROWS), file);
      const { size } = await stat(file);
      say(`generated ${ROWS} rows, ${Math.round(size / 1e6)} MB`);
      const output = join(workspace.dir, 'peer.parquet');
      const peer = async () => {
        const { ms } = await timed(() =>
          duck.run(`copy (select * from read_csv('${file}')) to '${output}' (format parquet, compression zstd)`),
        );
        return { ms, result: await contentOf(duck, [output]) };
      };
      const comparisons = [];
      for (const rejects of ['fail', 'table']) {
        const text = `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`source orders\ntype: csv\npath: ./orders.csv\nrejects: ${rejects}\n\`\`\`\n`;
        const ours = async () => {
          const { ms } = await timed(() => workspace.run(text));
          return { ms, result: await contentOf(duck, await workspace.filesOf('bronze', 'orders')) };
        };
        comparisons.push(
          await comparePairs(
            `rejects: ${rejects}`,
            { name: 'run path', run: ours },
            { name: duck.name, run: peer },
            pairs,
          ),
        );
        say(`measured rejects: ${rejects}`);
      }
      return {
        facts: { rows: ROWS, fileMb: Math.round(size / 1e6), threads: workspace.threads, memoryMb: workspace.memoryMb },
        comparisons,
      };
    } finally {
      duck.close();
      await workspace.close();
    }
  },
};
