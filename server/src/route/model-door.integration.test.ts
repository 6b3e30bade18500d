/** How programs come to models: short paths, who is let in, what is counted. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { good, startModelServer } from '../testing/model-server.ts';
import type { ModelServer } from '../testing/model-server.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';

let models: ModelServer;
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  models = await startModelServer();
  ({ test, owner } = models);
});
afterAll(() => test.close());

const anonymous = (path: string, token: string, body: object = good) =>
  test.anonymous().call('POST', path, body, { authorization: `Bearer ${token}` });

async function tokenOf(person: Visitor): Promise<{ id: string; token: string }> {
  return (await person.call('POST', '/tokens', { name: 'scoring' })).json as { id: string; token: string };
}

/** Sends the head of a request and none of its body; the status that comes back all the same. */
function headAlone(path: string, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(test.port, '127.0.0.1', () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`,
      );
    });
    socket.once('data', (chunk: Buffer) => {
      socket.destroy();
      resolve(chunk.toString().split('\r\n', 1)[0] ?? '');
    });
    socket.once('error', reject);
  });
}

describe('the short path of a model', () => {
  it('answers as the long one, hyphens for underscores, and tells what the model is', async () => {
    const { json: long } = await models.predict(good);
    const { status, json: short } = await owner.call('POST', '/v1/risk', good);
    expect(status).toBe(200);
    const same = { id: '', predictions: [] };
    expect({ ...short, ...same }).toEqual({ ...long, ...same });
    const { token } = await tokenOf(owner);
    expect((await anonymous('/v1/risk', token)).json.probability).toBe(long.probability);
    expect((await owner.call('GET', '/v1/sales-ahead')).json).toEqual(
      (await owner.call('GET', '/models/sales_ahead')).json,
    );
    expect((await owner.call('POST', '/v1/risk?version=9', good)).status).toBe(404);
    expect((await owner.call('POST', '/v1/nobody', good)).json.code).toBe('not-found');
    expect((await owner.call('POST', '/v1/risk', { ...good, incme: 1 })).json.code).toBe('bad-request');
    expect((await test.anonymous().call('POST', '/v1/risk', good)).status).toBe(401);
    expect((await test.anonymous().call('GET', '/v1/risk')).status).toBe(401);
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await owner.call('POST', '/v1/risk', good, foreign)).status).toBe(403);
  });

  it('is in the description of the API, for both verbs', async () => {
    const { json } = await test.anonymous().call('GET', '/openapi.json');
    expect(Object.keys(json.paths['/v1/{model}'])).toEqual(['post', 'get']);
  });

  it('is counted once', async () => {
    const counted = async () => {
      const { text } = await owner.call('GET', '/metrics');
      const lines = text.split('\n').filter((line) => line.startsWith('datacraft_http_requests_total{method="POST"'));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const before = await counted();
    for (let at = 0; at < 5; at += 1) await owner.call('POST', '/v1/risk', good);
    expect(await counted()).toBe(before + 5);
  });
});

describe('a caller', () => {
  it.each(['/v1/risk', '/api/v1/models/risk/predict', '/api/v1/notebooks/import', '/iceberg/v1/namespaces'])(
    'that nobody knows is refused at %s before its body is read',
    async (path) => {
      expect(await headAlone(path, 7 * 2 ** 20)).toContain(' 401 ');
      expect(await headAlone(path, 70 * 2 ** 20)).toContain(' 401 ');
    },
  );

  it('is refused at once when the token is revoked, the role or the notebook is taken away', async () => {
    const viewer = await test.member('viewer');
    const { id, token } = await tokenOf(viewer);
    expect((await anonymous('/v1/risk', token)).status).toBe(200);
    await viewer.call('DELETE', `/tokens/${id}`);
    expect((await anonymous('/v1/risk', token)).status).toBe(401);

    const other = await tokenOf(viewer);
    expect((await anonymous('/models/risk/predict', other.token)).status).toBe(200);
    await owner.call('PATCH', `/notebooks/${models.notebookId}/sharing`, { access: 'invited' });
    expect((await anonymous('/models/risk/predict', other.token)).status).toBe(404);
    await owner.call('PATCH', `/notebooks/${models.notebookId}/sharing`, { access: 'workspace' });
    expect((await anonymous('/models/risk/predict', other.token)).status).toBe(200);
    expect((await viewer.call('POST', '/v1/risk', good)).status).toBe(200);
    await owner.call('PATCH', `/users/${viewer.me?.id}`, { disabled: true });
    expect((await anonymous('/models/risk/predict', other.token)).status).toBe(401);
    expect((await viewer.call('POST', '/v1/risk', good)).status).toBe(401);
  });

  it('whom something else than this server disables is refused soon after', async () => {
    const viewer = await test.member('viewer');
    expect((await viewer.call('POST', '/v1/risk', good)).status).toBe(200);
    await test.database.pool.query('update users set disabled_at = now() where id = $1', [viewer.me?.id]);
    while ((await viewer.call('POST', '/v1/risk', good)).status === 200) await sleep(20);
    expect((await viewer.call('POST', '/v1/risk', good)).status).toBe(401);
  });
});
