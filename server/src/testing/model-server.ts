import { setTimeout as sleep } from 'node:timers/promises';
import { attachEngine } from '../attach.ts';
import type { Answer, TestServer, Visitor } from './test-server.ts';
import { startTestServer } from './test-server.ts';

/** A server with trained models: `risk` of loans, `comes` with look-ups by person, `sales_ahead`, a forecast. */
export interface ModelServer {
  readonly test: TestServer;
  readonly owner: Visitor;
  readonly notebookId: string;
  /** Runs the notebook again; throws unless it succeeds. */
  run(options?: object): Promise<void>;
  /** Asks `risk`. */
  predict(body: unknown, query?: string): Promise<Answer>;
}

export async function startModelServer(env: Record<string, string> = {}): Promise<ModelServer> {
  const test = await startTestServer(env, { attach: attachEngine });
  const owner = await test.owner();
  const { json } = await owner.call('POST', '/notebooks/import', NOTEBOOK, { 'content-type': 'text/markdown' });
  const notebookId = json.id as string;
  const run = (options: object = {}) => runNotebook(owner, notebookId, options);
  await run();
  const predict = (body: unknown, query = '') => owner.call('POST', `/models/risk/predict${query}`, body as object);
  return { test, owner, notebookId, run, predict };
}

async function runNotebook(owner: Visitor, notebookId: string, options: object): Promise<void> {
  const { json } = await owner.call('POST', `/notebooks/${notebookId}/runs`, options);
  for (;;) {
    const { json: report } = await owner.call('GET', `/runs/${json.runId}`);
    if (report.finishedAt && report.state !== 'succeeded') throw new Error(JSON.stringify(report));
    if (report.finishedAt) return;
    await sleep(50);
  }
}

/** A row that `risk` scores. */
export const good = { income: 1200, age: 30, purpose: 'car', married: true, asked_on: '2024-05-01' };
const NOTEBOOK = `---
datacraft: 1
title: Scores
---

\`\`\`sql loans
select i as loan_id, (1000 + (i * 7919) % 9000)::integer as income, (18 + (i * 104729) % 50)::integer as age,
  case (i * 31) % 3 when 0 then 'car' when 1 then 'house' else 'study' end as purpose,
  case when i % 9 > 0 then i % 5 = 0 end as married, date '2024-01-01' + (i % 365)::integer as asked_on,
  (i * 7919) % 9000 + 100 * ((i * 104729) % 50) < 5000 as defaulted
from range(600) t(i)
\`\`\`

\`\`\`model risk
task: classification
from: loans
target: defaulted
features: [income, age, purpose, married, asked_on]
algorithm: random_forest
params: { trees: 20 }
decision: { approve: 0.3, deny: 0.7 }
\`\`\`

\`\`\`sql person_features
---
layer: gold
feature_table: { entity: person_id, timestamp: known_on }
---
select p as person_id, (date '2024-01-01' + to_months(m::integer))::date as known_on, (p * 37 + m * 5) % 100 / 10.0 as score,
  case when p % 5 > 0 then (p % 3)::integer end as visits from range(50) a(p), range(12) b(m)
\`\`\`

\`\`\`sql visits
select i as visit_id, i % 50 as person_id, timestamp '2024-02-01' + to_hours((i * 37 % 7000)::integer) as seen_at, i % 7 as weekday,
  ((i % 50) * 37) % 100 > 50 as came from range(500) t(i)
\`\`\`

\`\`\`model comes
task: classification
from: visits
time_column: seen_at
target: came
features: [weekday, score, visits]
feature_tables: person_features
algorithm: logistic_regression
\`\`\`

\`\`\`sql months
select (date '2015-01-01' + to_months(i::integer))::date as month, 100 + i + 10 * sin(i * pi() / 6) as sold from range(60) t(i)
\`\`\`

\`\`\`model sales_ahead
task: forecast
from: months
time_column: month
target: sold
horizon: 6
\`\`\`
`;
