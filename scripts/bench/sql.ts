import { join } from 'node:path';
import type { RunEvent } from '../../engine/src/index.ts';
import type { Bench } from './bench.ts';
import { contentOf, openBareDuckDb } from './bare-duckdb.ts';
import { ordersSelect, writeParquet } from './generate.ts';
import { comparePairs, timed } from './pairs.ts';
import type { BenchWorkspace } from './workspace.ts';
import { openBenchWorkspace } from './workspace.ts';

const ROWS = 5_000_000;

const queries: Readonly<Record<string, string>> = {
  daily_sales: `select order_date, channel, count(*) as orders, sum(quantity)::bigint as items, sum(amount)::decimal(18, 2) as amount
from orders group by all`,
  best_customers: `select state, customer_id, orders, amount from (
  select *, row_number() over (partition by state order by amount desc, customer_id) as place
  from (select state, customer_id, count(*) as orders, sum(amount)::decimal(18, 2) as amount from orders group by state, customer_id)
) where place <= 1000`,
  clean_orders: `select order_id, order_date, customer_id, upper(channel) as channel, state, quantity, amount, (amount * quantity)::decimal(18, 2) as total
from orders where amount >= 10 and state <> 'CE'`,
  repeat_buyers: `select a.customer_id, count(*) as pairs, max(b.order_date) as last_date
from orders a join orders b on a.customer_id = b.customer_id and b.order_date = a.order_date + 1 group by all`,
};

/** The run path of single cells against the same SELECT written by bare DuckDB from the same data file. */
export const sql: Bench = {
  goal: 'run path ≤ 1.1 × bare DuckDB',
  async measure({ pairs, say }) {
    const workspace = await openBenchWorkspace();
    const duck = await openBareDuckDb(workspace);
    try {
      await writeParquet(duck, ordersSelect(ROWS), join(workspace.dir, 'orders.parquet'));
      say(`generated ${ROWS} orders`);
      const text = notebookText();
      await workspace.run(text, { select: ['orders'] });
      const [input] = await workspace.filesOf('bronze', 'orders');
      await duck.run(`create view orders as select * from read_parquet('${input}')`);
      const comparisons = [];
      for (const [name, select] of Object.entries(queries)) {
        const output = join(workspace.dir, `${name}.parquet`);
        const ours = async () => {
          const ms = await untilTold(workspace, text, name);
          return { ms, result: await contentOf(duck, await workspace.filesOf('silver', name)) };
        };
        const peer = async () => {
          const { ms } = await timed(() =>
            duck.run(`copy (${select}) to '${output}' (format parquet, compression zstd)`),
          );
          return { ms, result: await contentOf(duck, [output]) };
        };
        comparisons.push(
          await comparePairs(name, { name: 'run path', run: ours }, { name: duck.name, run: peer }, pairs),
        );
        say(`measured ${name}`);
      }
      return { facts: { rows: ROWS, threads: workspace.threads, memoryMb: workspace.memoryMb }, comparisons };
    } finally {
      duck.close();
      await workspace.close();
    }
  },
};

/** From the text to the word that the run has ended, in ms. What it leaves is tidied up behind that. */
async function untilTold(workspace: BenchWorkspace, text: string, name: string): Promise<number> {
  let toldAt = NaN;
  const emit = (event: RunEvent) => {
    if (event.type === 'run' && event.run.state === 'succeeded') toldAt = performance.now();
  };
  const startedAt = performance.now();
  await workspace.run(text, { select: [name], deps: { emit } });
  return toldAt - startedAt;
}

function notebookText(): string {
  const cells = Object.entries(queries).map(([name, select]) => `\`\`\`sql ${name}\n${select}\n\`\`\`\n`);
  const source = '```source orders\ntype: parquet\npath: ./orders.parquet\n```\n';
  return ['---\ndatacraft: 1\ntitle: bench\n---\n', source, ...cells].join('\n');
}
