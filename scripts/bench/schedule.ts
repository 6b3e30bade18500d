import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, run as startRunner } from 'graphile-worker';
import pg from 'pg';
import { airflow as airflowTool } from '../services/airflow.ts';
import type { Bench, Measured } from './bench.ts';
import type { Timed } from './pairs.ts';
import { comparePairs, quantileOf, spreadOf, timed } from './pairs.ts';
import type { BenchServer } from './server.ts';
import { airflowMissing, startAirflow } from './schedule-airflow.ts';
import { openBenchServer } from './server.ts';
import { openBenchWorkspace } from './workspace.ts';

const SEQUENTIAL = 40;
const NOTEBOOKS = 4;
const SECONDS = 15;
const RUNS = 20;
const AIRFLOW_RUNS = 3;

/** From a due time to its start, runs beside the bare queue they wait in, and a chain of tiny cells. */
export const schedule: Bench = {
  goal: 'due → start p50 ≤ 50 ms, p99 ≤ 250 ms; 40 tiny sequential tasks ≤ 2 s',
  async measure({ pairs, say }) {
    const chain = await chained(pairs);
    say('measured a chain of cells');
    const airflow = await besideAirflow(spreadOf(chain).median, say);
    const server = await openBenchServer();
    const queue = await openBareQueue(server);
    try {
      const ids = await notebooks(server);
      const compared = await comparePairs(
        `${RUNS} runs of one cell`,
        { name: 'runs', run: () => ranAll(server, ids) },
        { name: 'jobs of graphile-worker alone', run: () => bareJobs(queue) },
        pairs,
      );
      say('measured runs beside the queue');
      const late = await lateness(server, ids);
      return {
        facts: { notebooks: NOTEBOOKS, due: late.length, ...airflow.facts },
        comparisons: [compared],
        figures: {
          'due → start: p50 ms': quantileOf(late, 0.5),
          'due → start: p99 ms': quantileOf(late, 0.99),
          'runs a second': (RUNS * 1_000) / compared.oursMs,
          'jobs of the bare queue a second': (RUNS * 1_000) / compared.peerMs,
          [`${SEQUENTIAL} sequential cells: median ms`]: spreadOf(chain).median,
          [`${SEQUENTIAL} sequential cells: max ms`]: spreadOf(chain).max,
          ...airflow.figures,
        },
      };
    } finally {
      await queue.end();
      await server.close();
    }
  },
};

/** One run of cells that each read the one before, all made anew. */
async function chained(rounds: number): Promise<number[]> {
  const workspace = await openBenchWorkspace();
  try {
    const cells = Array.from({ length: SEQUENTIAL }, (_, at) =>
      cellOf(`step_${at}`, at === 0 ? 'select 1 as x' : `select x + 1 as x from step_${at - 1}`),
    );
    const text = ['---\ndatacraft: 1\ntitle: bench\n---\n', ...cells].join('\n');
    const ms: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const { ms: took } = await timed(() => workspace.run(text));
      if (round > 0) ms.push(took);
    }
    return ms;
  } finally {
    await workspace.close();
  }
}

/** As many tasks in a row in Airflow, right after ours. A run of it takes so long that three have to do. */
async function besideAirflow(
  oursMs: number,
  say: (text: string) => void,
): Promise<Pick<Measured, 'facts' | 'figures'>> {
  const missing = airflowMissing();
  if (missing !== null) return { facts: { Airflow: missing } };
  const peer = await startAirflow(SEQUENTIAL);
  try {
    const ms: number[] = [];
    for (let round = 0; round < AIRFLOW_RUNS; round += 1) {
      ms.push(await peer.ran());
      say(`Airflow ran ${SEQUENTIAL} tasks in ${Math.round((ms.at(-1) ?? NaN) / 1_000)} s`);
    }
    const { median, min } = spreadOf(ms);
    return {
      facts: { Airflow: `${airflowTool.version}, LocalExecutor, ${AIRFLOW_RUNS} runs` },
      figures: {
        [`${SEQUENTIAL} sequential tasks of Airflow: median ms`]: median,
        [`${SEQUENTIAL} sequential tasks of Airflow: min ms`]: min,
        'ours over Airflow: %': (100 * oursMs) / median,
      },
    };
  } finally {
    await peer.stop();
  }
}

function cellOf(name: string, sql: string): string {
  return `\`\`\`sql ${name}\n${sql}\n\`\`\`\n`;
}

function notebooks(server: BenchServer): Promise<string[]> {
  return Promise.all(
    Array.from({ length: NOTEBOOKS }, (_, at) =>
      server.importNotebook(`---\ndatacraft: 1\ntitle: bench ${at}\n---\n\n${cellOf(`tiny_${at}`, 'select 1 as x')}`),
    ),
  );
}

async function ranAll(server: BenchServer, ids: readonly string[]): Promise<Timed> {
  const body = JSON.stringify({ fullRefresh: true });
  const { ms } = await timed(async () => {
    const asked = Array.from({ length: RUNS }, (_, at) =>
      server.call('POST', `/api/v1/notebooks/${ids[at % ids.length] ?? ''}/runs`, body),
    );
    const started = await Promise.all(asked);
    const runs = await Promise.all(started.map(async (answer) => ((await answer.json()) as { runId: string }).runId));
    await ended(server, runs);
  });
  return { ms, result: `${RUNS} done` };
}

/** Asked of the database, so that asking takes nothing from the runs. */
async function ended({ pool }: BenchServer, ids: readonly string[]): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ left: number; done: number }>(
      `select count(*) filter (where finished_at is null)::int as left,
              count(*) filter (where state = 'succeeded')::int as done from runs where id = any($1)`,
      [ids],
    );
    if (rows[0]?.done === ids.length) return;
    if (rows[0]?.left === 0) throw new Error('a run did not succeed');
    await sleep(10);
  }
}

/** A database of its own: making its tables would tell the server's queue, by their common channel, to end. */
async function openBareQueue({ pool }: BenchServer): Promise<pg.Pool> {
  await pool.query('create database bench_queue');
  const url = new URL(pool.options.connectionString ?? '');
  url.pathname = '/bench_queue';
  const queue = new pg.Pool({ connectionString: url.href });
  queue.on('error', () => undefined);
  queue.on('connect', (client) => client.on('error', () => undefined));
  return queue;
}

/** As many jobs that do nothing. */
async function bareJobs(pgPool: pg.Pool): Promise<Timed> {
  let done = 0;
  let finish: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (finish = resolve));
  const task = () => {
    done += 1;
    if (done === RUNS) finish();
  };
  const runner = await startRunner({
    pgPool,
    concurrency: 2,
    noHandleSignals: true,
    pollInterval: 2_000,
    parsedCronItems: [],
    logger: new Logger(() => () => undefined),
    taskList: { nothing: task },
  });
  try {
    const { ms } = await timed(async () => {
      await Promise.all(Array.from({ length: RUNS }, () => runner.addJob('nothing', {})));
      await all;
    });
    return { ms, result: `${done} done` };
  } finally {
    await runner.stop();
  }
}

/** From the due time of every second to the start of its run, in ascending order. */
async function lateness(server: BenchServer, ids: readonly string[]): Promise<number[]> {
  const schedule = { schedule: { every: '1 second', overlap: 'skip', missed: 'none' } };
  for (const id of ids) await server.call('PUT', `/api/v1/notebooks/${id}/schedule`, JSON.stringify(schedule));
  await sleep(SECONDS * 1_000);
  for (const id of ids)
    await server.call('PUT', `/api/v1/notebooks/${id}/schedule`, JSON.stringify({ schedule: null }));
  const { rows } = await server.pool.query<{ ms: number }>(
    `select (extract(epoch from started_at - logical_at) * 1000)::float8 as ms from runs
      where trigger = 'schedule' and started_at is not null order by 1`,
  );
  if (rows.length === 0) throw new Error('nothing fell due');
  return rows.map(({ ms }) => ms);
}
