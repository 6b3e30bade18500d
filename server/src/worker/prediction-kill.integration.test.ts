/** A server killed while it answers: whatever it said to somebody is written down whole, with version and features. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datacraft } from '../testing/datacraft.ts';
import type { KillWorkspace } from '../testing/kill-workspace.ts';
import { createKillWorkspace } from '../testing/kill-workspace.ts';
import { randomOf } from '../testing/random.ts';
import { serve } from '../testing/serve.ts';

const CYCLES = 4;
const CALLERS = 16;
let workspace: KillWorkspace;
beforeAll(async () => {
  workspace = await createKillWorkspace();
});
afterAll(() => workspace.close());

const notebook = `---
datacraft: 1
title: Asked
---

\`\`\`sql asked_loans
select i as loan_id, (hash(i) % 1000)::integer as amount, hash(i) % 1000 > 500 as defaulted from range(500) t(i)
\`\`\`

\`\`\`model asked_risk
task: classification
from: asked_loans
target: defaulted
features: [amount]
algorithm: random_forest
params: { trees: 5 }
\`\`\`
`;

interface Said {
  readonly amount: number;
  readonly version: number;
  readonly probability: number;
}

/** Asks until the server is gone; what it was told, by the prediction's id. */
async function ask(url: string, cookie: string, random: () => number, told: Map<string, Said>): Promise<void> {
  const headers = { cookie, origin: url, 'content-type': 'application/json' };
  try {
    for (;;) {
      const amount = Math.floor(random() * 1000);
      const answer = await fetch(`${url}/api/v1/models/asked_risk/predict`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ amount }),
      });
      expect(answer.status).toBe(200);
      const { version, predictions } = (await answer.json()) as {
        version: number;
        predictions: { id: string; probability: number }[];
      };
      for (const { id, probability } of predictions) told.set(id, { amount, version, probability });
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

async function account(url: string): Promise<string> {
  const person = { email: 'a@example.com', password: 'correct horse', name: 'Ana' };
  for (const action of ['signup', 'login']) {
    const { name, ...known } = person;
    const answer = await fetch(`${url}/api/v1/auth/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action === 'signup' ? { ...known, name } : known),
    });
    if (answer.ok) return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  }
  throw new Error('nobody could log in');
}

it('kill -9 while predictions are written loses none that was answered, and keeps none by half', async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`kill -9 of predictions: seed ${seed}`);
  const random = randomOf(seed);
  const file = path.join(workspace.folder, 'asked.md');
  await writeFile(file, notebook);
  expect((await datacraft(['run', file], workspace.env)).code).toBe(0);
  const told = new Map<string, Said>();
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    const server = await serve(workspace.env);
    const cookie = await account(server.url);
    const before = told.size;
    const asking = Array.from({ length: CALLERS }, () => ask(server.url, cookie, random, told));
    while (told.size < before + CALLERS) await sleep(5);
    await sleep(300 * random());
    server.program.child.kill('SIGKILL');
    await Promise.all([...asking, server.program.outcome]);
  }
  const { rows } = await workspace.database.pool.query<{ key: string; said: Said; whole: boolean }>(
    `select key, jsonb_build_object('amount', input->'amount', 'version', version, 'probability', answer->'probability') as said,
       answer ? 'prediction' and answer ? 'probabilities' and answer->>'id' = key as whole
       from model_predictions where name = 'asked_risk'`,
  );
  expect(rows.filter(({ whole }) => !whole)).toEqual([]);
  const kept = new Map(rows.map(({ key, said }) => [key, said]));
  for (const [id, said] of told) expect(kept.get(id)).toEqual(said);
}, 120_000);
