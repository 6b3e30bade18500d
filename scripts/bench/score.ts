import { openScorer } from '../../engine/src/index.ts';
import { encodeModel } from '../../engine/src/model/model-file.ts';
import { fit, trainTable } from '../oracle/learner.ts';
import { wideTable } from '../oracle/tables.ts';
import type { Bench } from './bench.ts';
import { quantileOf } from './pairs.ts';
import type { BenchServer } from './server.ts';
import { openBenchServer } from './server.ts';
import type { SteadyAnswers } from './steady-client.ts';
import { driftMs } from './drift.ts';
import { askSteadily } from './steady.ts';

const RATE = 500;
const SECONDS = 10;
/** Of a server that was just started. */
const AT_FIRST = 3;
const PROMOTIONS = 6;
const ENTITIES = 2000;
const ALONE = 20_000;
const BATCH_ROWS = 20_000;

/** Farmers with monthly features, loans, a forest of 100 trees, and a query that scores many rows. */
const NOTEBOOK = `---
datacraft: 1
title: Scores
---

\`\`\`sql farmer_features
---
layer: gold
feature_table: { entity: farmer_id, timestamp: known_on }
---
select f as farmer_id, (date '2024-01-01' + to_months(m::integer))::date as known_on, (hash(f * 12 + m) % 1000) / 10.0 as harvest,
  (hash(f) % 50)::integer as rain, ['coffee', 'corn', 'soy'][f % 3 + 1] as crop from range(2000) a(f), range(12) b(m)
\`\`\`

\`\`\`sql loans
select i as loan_id, i % 2000 as farmer_id, timestamp '2024-02-01' + to_hours((hash(i) % 7000)::integer) as asked_at,
  (hash(i + 1) % 90000)::integer as amount, (hash(i % 2000) % 50) + (hash(i + 1) % 90) < 60 as defaulted from range(20000) t(i)
\`\`\`

\`\`\`model farm_risk
task: classification
from: loans
time_column: asked_at
target: defaulted
features: [amount, harvest, rain, crop]
feature_tables: farmer_features
algorithm: random_forest
params: { trees: 100, depth: 12 }
\`\`\`
`;

/** One answer at a time by entity over HTTP at a steady rate, alone in the process, and many rows in SQL. */
export const score: Bench = {
  goal: `by entity over HTTP at ${RATE} a second p50 ≤ 3 ms and p99 ≤ 15 ms; in the process ≤ 20 µs; drift of 20 columns × 1 M rows ≤ 2 s`,
  async measure({ say }) {
    const { http, promoted, anew, batch, serverMs } = await served(say);
    const sorted = http.latencies.toSorted((a, b) => a - b);
    const steady = http.latencies.slice(RATE).toSorted((a, b) => a - b);
    const first = anew.latencies.slice(0, RATE).toSorted((a, b) => a - b);
    return {
      facts: {
        rate: RATE,
        seconds: SECONDS,
        trees: 100,
        answered: http.latencies.length,
        failed: JSON.stringify(http.failed),
        'promotions at that rate': PROMOTIONS,
        'answered meanwhile': promoted.latencies.length,
        'failed meanwhile': JSON.stringify(promoted.failed),
        'failed after a start': JSON.stringify(anew.failed),
      },
      comparisons: [],
      figures: {
        'HTTP by entity, p50': quantileOf(sorted, 0.5),
        'HTTP by entity, p99': quantileOf(sorted, 0.99),
        'HTTP by entity, p50 after the first second': quantileOf(steady, 0.5),
        'HTTP by entity, p99 after the first second': quantileOf(steady, 0.99),
        'HTTP by entity, p50 in the first second of a server that was just started': quantileOf(first, 0.5),
        'HTTP by entity, p99 in the first second of a server that was just started': quantileOf(first, 0.99),
        'HTTP by entity, ms of CPU of the server each': serverMs,
        'in the process, µs of CPU each': aloneMs() * 1000,
        'SQL, thousand rows a second': BATCH_ROWS / batch,
        'drift of 20 columns × 1 M rows': driftMs(),
      },
    };
  },
};

interface Served {
  readonly http: SteadyAnswers;
  /** While another version became the champion again and again. */
  readonly promoted: SteadyAnswers;
  /** As soon as a server that is started again says that it is ready. */
  readonly anew: SteadyAnswers;
  readonly batch: number;
  /** Of CPU, without those of the database. */
  readonly serverMs: number;
}

async function served(say: (text: string) => void): Promise<Served> {
  const server = await openBenchServer();
  try {
    const notebook = await server.importNotebook(NOTEBOOK);
    await server.runNotebook(notebook);
    await server.runNotebook(notebook, { fullRefresh: true });
    say('trained');
    const before = process.cpuUsage();
    const http = await steadily(server, SECONDS);
    const serverMs = cpuMs(before) / (RATE * SECONDS);
    say(`asked over HTTP: ${http.latencies.length} answers`);
    const [promoted] = await Promise.all([steadily(server, PROMOTIONS), promote(server)]);
    say(`asked while promoting: ${promoted.latencies.length} answers`);
    const batch = await batchMs(server);
    const anew = await steadily({ ...server, url: await server.startAnew() }, AT_FIRST);
    say(`asked after a start: ${anew.latencies.length} answers`);
    return { http, promoted, anew, batch, serverMs };
  } finally {
    await server.close();
  }
}

/** By entity; the answers are those of the whole server. */
function steadily({ url, cookie }: Pick<BenchServer, 'url' | 'cookie'>, seconds: number): Promise<SteadyAnswers> {
  const bodies = Array.from({ length: ENTITIES }, (_, at) =>
    JSON.stringify({ farmer_id: at, amount: (at * 37) % 90_000 }),
  );
  const asked = { url: `${url}/api/v1/models/farm_risk/predict`, cookie, perSecond: RATE };
  return askSteadily({ ...asked, seconds, bodies });
}

/** One a second. */
async function promote(server: BenchServer): Promise<void> {
  for (let at = 0; at < PROMOTIONS; at += 1) {
    await server.call('POST', '/api/v1/models/farm_risk/promote', JSON.stringify({ version: at % 2 === 0 ? 2 : 1 }));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** A forest of as many trees, of 15 columns. */
function aloneMs(): number {
  const table = wideTable(20_000);
  const read = trainTable(table);
  const rows = Int32Array.from({ length: read.count }, (_, row) => row);
  const body = fit(read, { algorithm: 'random_forest', params: { trees: 100, depth: 12 } }, rows);
  const { features, classes } = read;
  const kept = { task: 'classification', algorithm: 'random_forest', target: { name: 'y', type: 'VARCHAR' } } as const;
  const scorer = openScorer(encodeModel({ ...kept, classes, features, keys: [], seed: 42, body }));
  const asked = Array.from({ length: ALONE }, (_, at) =>
    Object.fromEntries(Object.entries(table.columns).map(([name, values]) => [name, values[at] ?? null])),
  );
  for (const row of asked) scorer.predict([row]);
  const before = process.cpuUsage();
  for (const row of asked) scorer.predict([row]);
  return cpuMs(before) / ALONE;
}

async function batchMs(server: BenchServer): Promise<number> {
  const sql = `select sum(predict_farm_risk({amount: i % 90000, harvest: i % 100, rain: i % 50, crop: 'soy'}).probability) as s
    from range(${BATCH_ROWS}) t(i)`;
  const startMs = performance.now();
  await server.call('POST', '/api/v1/query', JSON.stringify({ sql }));
  return performance.now() - startMs;
}

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
