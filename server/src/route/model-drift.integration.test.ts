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

describe('drift', () => {
  it('tells how what is asked drifts from what was learned', async () => {
    const drift = async () => (await owner.call('GET', '/models/risk/drift?last=600')).json;
    const asked = (row: object) => owner.call('POST', '/models/risk/predict', { rows: [row] });
    const learned = await owner.call('POST', '/query', {
      sql: 'select income, age, purpose, married, asked_on::varchar as asked_on from silver.loans',
    });
    await owner.call('POST', '/models/risk/predict', { rows: learned.json.rows });
    const same = await drift();
    expect(same).toMatchObject({ model: 'risk', version: 1, rows: 600, score: { kind: 'number' } });
    expect(same.features.map((each: { verdict: string }) => each.verdict)).toEqual(Array(5).fill('stable'));
    const richer = learned.json.rows.map((row: { income: number }) => ({ ...row, income: row.income + 9000 }));
    await owner.call('POST', '/models/risk/predict', { rows: richer });
    const other = await drift();
    expect(other.features[0]).toMatchObject({ name: 'income', verdict: 'shifted' });
    expect(other.features[1].verdict).toBe('stable');
    expect((await asked({ ...good, income: 'much' })).status).toBe(400);
    expect(await drift()).toMatchObject({ rows: 600, features: other.features });
    expect((await owner.call('GET', '/models/sales_ahead/drift')).json.code).toBe('unsupported');
    expect((await owner.call('GET', '/models/nothing/drift')).status).toBe(404);
  });

  it('a model that drifts starts its notebook, once', async () => {
    expect((await owner.call('POST', `/notebooks/${models.notebookId}/publish`)).status).toBe(200);
    const watch = (config: object) =>
      owner.call('POST', `/notebooks/${models.notebookId}/triggers`, {
        kind: 'drift',
        config: { every: '1 second', ...config },
      });
    expect((await watch({})).status).toBe(400);
    const added = [
      await watch({ model: 'risk' }),
      await watch({ model: 'risk', psi: 99 }),
      await watch({ model: 'nobody' }),
    ];
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201]);
    const triggers = async () => (await owner.call('GET', `/notebooks/${models.notebookId}/triggers`)).json;
    const runs = async () => {
      const { json } = await owner.call('GET', `/notebooks/${models.notebookId}/runs`);
      return json.filter(({ trigger }: { trigger: string }) => trigger === 'drift');
    };
    const ended = async () => (await runs())[0]?.state === 'succeeded';
    const looked = `select count(*)::integer as n from triggers where notebook_id = $1 and (state ? 'seen' or problem is not null)`;
    const all = async () => (await test.database.pool.query(looked, [models.notebookId])).rows[0].n === 3;
    while (!((await ended()) && (await all()))) await sleep(100);
    expect(await runs()).toHaveLength(1);
    const told = (await triggers()) as { config: { model: string; psi?: number }; problem: string | null }[];
    expect(told.find(({ config }) => config.model === 'nobody')?.problem).toContain(
      'this notebook has no model nobody',
    );
    expect(told.find(({ config }) => config.model === 'risk' && config.psi === undefined)?.problem).toBeNull();
    for (const { json } of added) expect((await owner.call('DELETE', `/triggers/${json.id}`)).status).toBe(204);
  });

  it('a model that drifts fires the alert rules about it that it is above', async () => {
    const rule = (name: string, config: object) =>
      owner.call('POST', '/alert-rules', { name, kind: 'drift', config, everySeconds: 1 });
    expect((await rule('nothing', {})).status).toBe(400);
    expect((await rule('nobody', { model: 'nobody' })).json.code).toBe('not-found');
    expect((await rule('far', { model: 'risk' })).status).toBe(201);
    expect((await rule('farther', { model: 'risk', psi: 99 })).status).toBe(201);
    type Rule = { id: string; name: string; everySeconds: number; lookedAt: string | null; state: string };
    const rules = async () => (await owner.call('GET', '/alert-rules')).json as (Rule & { config: object })[];
    while ((await rules()).some(({ lookedAt }) => lookedAt === null)) await sleep(100);
    const found = (await rules()).map(({ name, state, everySeconds, config }) => [name, state, everySeconds, config]);
    expect(found).toEqual([
      ['far', 'firing', 60, { model: 'risk', notebook: models.notebookId }],
      ['farther', 'quiet', 60, { model: 'risk', psi: 99, notebook: models.notebookId }],
    ]);
    const { json: incidents } = await owner.call('GET', '/alerts');
    expect(incidents[0]).toMatchObject({ title: 'risk drifts', link: '/models/risk' });
    expect(incidents[0].alerts[0].summary).toContain('income');
    for (const { id } of await rules()) expect((await owner.call('DELETE', `/alert-rules/${id}`)).status).toBe(204);
  });
});
