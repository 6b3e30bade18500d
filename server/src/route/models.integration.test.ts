import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datacraft } from '../testing/datacraft.ts';
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

describe('models', () => {
  it('tells what the model is', async () => {
    const { json } = await owner.call('GET', '/models/risk');
    expect(json).toMatchObject({
      name: 'risk',
      relation: 'silver.risk',
      task: 'classification',
      algorithm: 'random_forest',
      target: 'defaulted',
      version: 1,
      aliases: { champion: 1 },
      classes: ['false', 'true'],
      notebookId: models.notebookId,
    });
    expect(json.features.map((each: { name: string; kind: string }) => `${each.name} ${each.kind}`)).toEqual([
      'income number',
      'age number',
      'purpose category',
      'married boolean',
      'asked_on time',
    ]);
    expect(json.schema.required).toHaveLength(5);
    expect(json.schema.properties.married.type).toEqual(['boolean', 'null']);
    expect(json.metrics.auc).toBeGreaterThan(0.9);
    expect(json.versions[0].snapshots['silver.loans']).toMatch(/^\d+$/);
    const { json: all } = await owner.call('GET', '/models');
    expect(all.map((each: { name: string }) => each.name)).toEqual(['comes', 'risk', 'sales_ahead']);
  });

  it('gives a version as an ONNX file, and says why a forecast has none', async () => {
    const answer = await owner.call('GET', '/models/risk/versions/champion/onnx');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain('risk-1.onnx');
    expect(answer.text).toContain('TreeEnsemble');
    const out = join(test.config.dataDir, 'risk.onnx');
    const env = { DATABASE_URL: test.database.url, DATACRAFT_DATA_DIR: test.config.dataDir };
    const said = await datacraft(['models', 'export', 'silver.risk', '--onnx', '--out', out], env);
    expect([said.code, said.out.trim(), await readFile(out, 'utf8')]).toEqual([0, out, answer.text]);
    const listed = await datacraft(['models', 'list', '--json'], env);
    expect(listed.json().map(({ name }: { name: string }) => name)).toEqual(['comes', 'risk', 'sales_ahead']);
    expect((await owner.call('GET', '/models/risk/versions/9/onnx')).status).toBe(404);
    expect((await owner.call('GET', '/models/risk/versions/latest/onnx')).status).toBe(400);
    expect((await owner.call('GET', '/models/sales_ahead/versions/1/onnx')).json.code).toBe('unsupported');
    expect((await test.anonymous().call('GET', '/models/risk/versions/1/onnx')).status).toBe(401);
  }, 120_000);

  it('a promotion under load fails no request, and the next answers are those of the new champion', async () => {
    await models.run({ fullRefresh: true });
    expect((await owner.call('GET', '/models/risk')).json.aliases).toEqual({ champion: 1, challenger: 2 });
    const versions = new Set<number>();
    const statuses = new Set<number>();
    let isOver = false;
    const asking = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const { status, json } = await predict(good);
        statuses.add(status);
        versions.add(json.version);
      }
    });
    for (const version of [2, 1, 2]) {
      const { json } = await owner.call('POST', '/models/risk/promote', { version });
      expect(json.aliases).toEqual({ champion: version, challenger: version === 2 ? 1 : 2 });
      expect((await predict(good)).json.version).toBe(version);
    }
    isOver = true;
    await Promise.all(asking);
    expect([...statuses]).toEqual([200]);
    expect([...versions].sort()).toEqual([1, 2]);
    const { json } = await owner.call('GET', '/models/risk');
    expect(json.promotions.map((each: { version: number }) => each.version)).toEqual([2, 1, 2, 1]);
    expect((await owner.call('POST', '/models/risk/promote', { version: 9 })).status).toBe(404);
    expect((await predict(good, '?version=challenger')).json.version).toBe(1);
  });
});
