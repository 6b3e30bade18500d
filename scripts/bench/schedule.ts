import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, run as startRunner } from 'graphile-worker';
import type { Bench } from './bench.ts';
import type { Timed } from './pairs.ts';
import { comparePairs, quantileOf, spreadOf, timed } from './pairs.ts';
import type { BenchServer } from './server.ts';
import { openBenchServer } from './server.ts';
import { openBenchWorkspace } from './workspace.ts';

const SEQUENTIAL = 40;
const NOTEBOOKS = 4;
const SECONDS = 15;
const RUNS = 20;

/** From a due time to its start, runs beside the bare queue they wait in, and a chain of tiny cells. */
export const schedule: Bench = {
  goal: 'due → start p50 ≤ 50 ms, p99 ≤ 250 ms; 40 tiny sequential tasks ≤ 2 s',
  async measure({ pairs, say }) {
    const chain = await chained(pairs);
    say('measured a chain of cells');
    const server = await openBenchServer();
    try {
      const ids = await notebooks(server);
      const compared = await comparePairs(
        `${RUNS} runs of one cell`,
        { name: 'runs', run: () => ranAll(server, ids) },
        { name: 'jobs of graphile-worker alone', run: () => bareJobs(server) },
        pairs,
      );
      say('measured runs beside the queue');
      const late = await lateness(server, ids);
      return {
        facts: { notebooks: NOTEBOOKS, due: late.length },
        comparisons: [compared],
        figures: {
          'due → start: p50 ms': quantileOf(late, 0.5),
          'due → start: p99 ms': quantileOf(late, 0.99),
          'runs a second': (RUNS * 1_000) / compared.oursMs,
          'jobs of the bare queue a second': (RUNS * 1_000) / compared.peerMs,
          [`${SEQUENTIAL} sequential cells: median ms`]: spreadOf(chain).median,
          [`${SEQUENTIAL} sequential cells: max ms`]: spreadOf(chain).max,
        },
      };
    } finally {
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
    for (const id of runs) await ended(server, id);
  });
  return { ms, result: `${RUNS} done` };
}

async function ended(server: BenchServer, id: string): Promise<void> {
  for (;;) {
    const run = (await (await server.call('GET', `/api/v1/runs/${id}`)).json()) as { state: string };
    if (run.state === 'succeeded') return;
    if (run.state === 'failed' || run.state === 'cancelled') throw new Error(`the run ${run.state}`);
    await sleep(20);
  }
}

/** As many jobs that do nothing, through a queue of their own in the same database. */
async function bareJobs({ pool }: BenchServer): Promise<Timed> {
  let done = 0;
  let finish: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (finish = resolve));
  const task = () => {
    done += 1;
    if (done === RUNS) finish();
  };
  const runner = await startRunner({
    pgPool: pool,
    schema: 'bench_worker',
    concurrency: 2,
    noHandleSignals: true,
    pollInterval: 2_000,
    parsedCronItems: [],
    logger: new Logger(() => () => undefined),
    taskList: { nothing: task },
  });
  try {
    const { ms } = await timed(async () => {
      for (let at = 0; at < RUNS; at += 1) await runner.addJob('nothing', {});
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
  const late: number[] = [];
  for (const id of ids) {
    const runs = (await (await server.call('GET', `/api/v1/notebooks/${id}/runs?limit=500`)).json()) as {
      trigger: string;
      logicalAt?: string;
      startedAt: string | null;
    }[];
    for (const { trigger, logicalAt, startedAt } of runs)
      if (trigger === 'schedule' && logicalAt !== undefined && startedAt !== null)
        late.push(Date.parse(startedAt) - Date.parse(logicalAt));
  }
  if (late.length === 0) throw new Error('nothing fell due');
  return late.toSorted((a, b) => a - b);
}
