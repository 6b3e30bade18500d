import { setTimeout as sleep } from 'node:timers/promises';
import { databaseOf, tick } from '@datacraft/engine';
import type { ModelInfo, RunReport } from '@datacraft/shared';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { enqueueRun } from '../worker/queue.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

const LOANS = `---
datacraft: 1
title: Loans
---

\`\`\`source loans
type: webhook
key: loan_id
columns: { loan_id: integer, income: integer, age: integer, defaulted: boolean }
\`\`\`

\`\`\`model risk
task: classification
from: loans
target: defaulted
features: [income, age]
algorithm: random_forest
params: { trees: 10 }
split: { test: 0.3, by: random, seed: 7 }
promote: { metric: auc, margin: 0.05 }
\`\`\`
`;

/** Loans whose outcome is known; of richer people the same ones fail. */
function loans(first: number, count: number, richer = 0) {
  return Array.from({ length: count }, (_, at) => {
    const i = first + at;
    const [income, age] = [1000 + ((i * 7919) % 9000), 18 + ((i * 104729) % 50)];
    return { loan_id: i, income: income + richer, age, defaulted: income + 100 * (age - 18) < 5000 };
  });
}

const info = async () => (await owner.call('GET', '/models/risk')).json as ModelInfo;
const come = (rows: object[]) => owner.call('POST', '/streams/loans/events', rows);

async function finished(runId: string): Promise<RunReport> {
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.finishedAt) return json;
    await sleep(50);
  }
}

/** The clock stands at the next due time: what is due then is started, and ends. */
async function nextTime(notebookId: string): Promise<RunReport[]> {
  const { json } = await owner.call('GET', `/notebooks/${notebookId}/schedule`);
  const at = new Date(json.published.nextAt);
  const enqueue = (tx: Parameters<typeof enqueueRun>[0], runId: string) => enqueueRun(tx, runId);
  const ticked = await tick({ db: databaseOf(test.database.pool), enqueue }, at);
  expect(await tick({ db: databaseOf(test.database.pool), enqueue }, at)).toEqual([]);
  const runs = ticked.flatMap(({ decisions }) => decisions.flatMap(({ runId }) => (runId === null ? [] : [runId])));
  return Promise.all(runs.map(finished));
}

it('a schedule of every six hours trains the model again where rows are new, and the rule decides who answers', async () => {
  const { json } = await owner.call('POST', '/notebooks/import', LOANS, { 'content-type': 'text/markdown' });
  const id = json.id as string;
  await come(loans(0, 400));
  const { json: first } = await owner.call('POST', `/notebooks/${id}/runs`, {});
  expect((await finished(first.runId)).state).toBe('succeeded');
  const put = await owner.call('PUT', `/notebooks/${id}/schedule`, { schedule: { every: '6 hours' } });
  const due = Date.parse(put.json.published.nextAt);
  expect(due % (6 * 3_600_000)).toBe(0);

  await come(loans(400, 400, 9000));
  const [better] = await nextTime(id);
  expect(better).toMatchObject({ state: 'succeeded', trigger: 'schedule', logicalAt: new Date(due).toISOString() });
  const won = await info();
  expect(won.aliases).toEqual({ champion: 2, challenger: 1 });
  expect(won.versions[0]).toMatchObject({
    run: { runId: better?.runId, trigger: 'schedule' },
    champion: { version: 1 },
  });
  expect(won.versions[0]?.metrics['auc']).toBeGreaterThan((won.versions[0]?.champion?.metrics['auc'] ?? 1) + 0.05);
  expect(won.promotions[0]).toMatchObject({ version: 2, replaced: 1, by: null });

  await come(loans(800, 40));
  expect(await nextTime(id)).toMatchObject([{ state: 'succeeded' }]);
  const kept = await info();
  expect(kept.aliases).toEqual({ champion: 2, challenger: 3 });
  expect(kept.versions[0]).toMatchObject({ version: 3, champion: { version: 2 } });

  const [idle] = await nextTime(id);
  expect(idle?.tasks.map(({ cell, state, reason }) => [cell, state, reason])).toEqual([
    ['loans', 'skipped', 'fresh'],
    ['risk', 'skipped', 'fresh'],
  ]);
  expect((await info()).versions).toHaveLength(3);
});
