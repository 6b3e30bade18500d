/**
 * A server killed while it answers, versions are promoted and rolled out: whatever it said to somebody is written down
 * whole, with version and features; one version is the champion, the one of the last promotion; and the audit tells of
 * each promotion and each rollout that happened, and of no other.
 */
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

\`\`\`model rolled_risk
task: classification
from: asked_loans
target: defaulted
features: [amount]
algorithm: logistic_regression
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

/** Makes one version the champion and the other one again until the server is gone; those that were confirmed. */
async function promote(url: string, cookie: string, confirmed: number[]): Promise<void> {
  const headers = { cookie, origin: url, 'content-type': 'application/json' };
  try {
    for (let version = 2; ; version = 3 - version) {
      const body = JSON.stringify({ version });
      const answer = await fetch(`${url}/api/v1/models/asked_risk/promote`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
      confirmed.push(version);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Rolls a version out to more and more, and ends it now and then, until the server is gone. */
async function rollOut(url: string, cookie: string): Promise<void> {
  const headers = { cookie, origin: url, 'content-type': 'application/json' };
  const path = `${url}/api/v1/models/rolled_risk/rollout`;
  try {
    for (let percent = 1; ; percent = (percent % 100) + 1) {
      const body = JSON.stringify({ version: 2, mode: 'canary', percent });
      expect((await fetch(path, { method: 'PUT', headers, body })).status).toBe(200);
      if (percent % 3 === 0) expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(200);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** The last that the audit tells of a rollout is how it stands. */
async function demandToldRollout(): Promise<void> {
  const { pool } = workspace.database;
  const { rows: standing } = await pool.query(
    `select version, mode, percent from model_rollouts where name = 'rolled_risk'`,
  );
  const { rows: told } = await pool.query<{ action: string; facts: object }>(
    `select action, facts from audit_entries where target = 'rolled_risk' order by seq desc limit 1`,
  );
  expect(standing).toEqual(told[0]?.action === 'model-rollout' ? [told[0].facts] : []);
}

/** Of all promotions each replaces what the one before made the champion, and the last one holds. */
async function demandWholePromotions(): Promise<number> {
  const { pool } = workspace.database;
  const { rows: promotions } = await pool.query<{ version: number; replaced: number | null }>(
    `select version, replaced from model_promotions where name = 'asked_risk' order by id`,
  );
  expect(promotions.slice(1).map(({ replaced }) => replaced)).toEqual(
    promotions.slice(0, -1).map(({ version }) => version),
  );
  const { rows: told } = await pool.query<{ facts: object }>(
    `select facts from audit_entries where action = 'model-promote' and target = 'asked_risk' order by seq`,
  );
  expect(told.map(({ facts }) => facts)).toEqual(promotions.slice(1));
  const { rows: aliases } = await pool.query(
    `select alias, version from model_aliases where name = 'asked_risk' order by alias`,
  );
  const last = promotions.at(-1);
  expect(aliases).toEqual([
    { alias: 'challenger', version: last?.replaced ?? 2 },
    { alias: 'champion', version: last?.version },
  ]);
  return promotions.length;
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

it('kill -9 while predictions are written, versions promoted and rolled out loses none that was answered, and keeps none by half', async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`kill -9 of predictions: seed ${seed}`);
  const random = randomOf(seed);
  const file = path.join(workspace.folder, 'asked.md');
  await writeFile(file, notebook);
  for (const options of [[], ['--full-refresh']])
    expect((await datacraft(['run', file, ...options], workspace.env)).code).toBe(0);
  const told = new Map<string, Said>();
  const confirmed: number[] = [];
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    const server = await serve(workspace.env);
    const cookie = await account(server.url);
    const before = told.size;
    const asking = Array.from({ length: CALLERS }, () => ask(server.url, cookie, random, told));
    const changing = [promote(server.url, cookie, confirmed), rollOut(server.url, cookie)];
    while (told.size < before + CALLERS) await sleep(5);
    await sleep(300 * random());
    server.program.child.kill('SIGKILL');
    await Promise.all([...asking, ...changing, server.program.outcome]);
    await demandToldRollout();
    // The first one of a cycle may be the champion already, which changes nothing.
    expect(await demandWholePromotions()).toBeGreaterThanOrEqual(1 + confirmed.length - cycle);
  }
  const { rows } = await workspace.database.pool.query<{ key: string; said: Said; whole: boolean }>(
    `select key, jsonb_build_object('amount', input->'amount', 'version', version, 'probability', answer->'probability') as said,
       answer ? 'prediction' and answer ? 'probabilities' and answer->>'id' = key as whole
       from model_predictions where name = 'asked_risk'`,
  );
  expect(rows.filter(({ whole }) => !whole)).toEqual([]);
  const kept = new Map(rows.map(({ key, said }) => [key, said]));
  for (const [id, said] of told) expect(kept.get(id)).toEqual(said);
}, 240_000);
