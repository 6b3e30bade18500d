import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelServer } from '../testing/model-server.ts';
import { good, startModelServer } from '../testing/model-server.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';

let models: ModelServer;
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  models = await startModelServer();
  ({ test, owner } = models);
});
afterAll(() => test.close());

const predict = (body: unknown, query = '') => models.predict(body, query);

describe('predictions that were made', () => {
  it('writes every prediction down with version and input', async () => {
    const sent = { ...good, income: 4321 };
    const { json } = await predict(sent);
    for (;;) {
      const { rows } = await test.database.pool.query(
        `select version, input, answer from model_predictions where input->>'income' = '4321'`,
      );
      if (rows.length > 0) {
        expect(rows[0]).toMatchObject({ version: 1, input: sent, answer: { probability: json.probability } });
        break;
      }
      await sleep(50);
    }
  });

  it('decides by its thresholds, keeps each answer with its input, and computes it again to the last bit', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({ ...good, income: 1000 + 220 * at, loan_id: at }));
    const { json } = await predict({
      rows: rows.map((row, at) => (at === 0 ? { ...row, loan_id: 'ana@example.com' } : row)),
    });
    for (const { probability, decision } of json.predictions)
      expect(decision).toBe(probability <= 0.3 ? 'approve' : probability >= 0.7 ? 'deny' : 'review');
    expect(new Set(json.predictions.map((each: { decision: string }) => each.decision)).size).toBe(3);
    const { json: stored } = await owner.call('GET', '/models/risk/predictions?last=40');
    expect(stored).toHaveLength(40);
    expect(stored[39]).toMatchObject({ id: json.predictions[0].id, version: 1, input: { ...rows[0], loan_id: '•••' } });
    for (const { id } of stored.slice(-3)) {
      const { json: again } = await owner.call('GET', `/models/risk/predictions/${id}`);
      expect(again).toMatchObject({ same: true, again: { probability: again.answer.probability } });
    }
    const denied = await owner.call('GET', '/models/risk/predictions?decision=deny');
    expect(new Set(denied.json.map((each: { answer: { decision: string } }) => each.answer.decision))).toEqual(
      new Set(['deny']),
    );
    expect((await owner.call('GET', '/models/risk/predictions/prd_none')).json.code).toBe('not-found');
    const viewer = await test.member('viewer');
    expect((await viewer.call('GET', '/models/risk/predictions')).status).toBe(403);
    expect((await viewer.call('POST', '/models/risk/predict', good)).status).toBe(200);
    const sql = 'select probability, decision from silver.risk';
    for (const row of (await owner.call('POST', '/query', { sql })).json.rows)
      expect(row.decision).toBe(row.probability <= 0.3 ? 'approve' : row.probability >= 0.7 ? 'deny' : 'review');
  });
});
