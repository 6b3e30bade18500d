import { createTestDatabase, type TestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let there: TestDatabase;
let editor: Visitor;
beforeAll(async () => {
  there = await createTestDatabase();
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost' });
  await test.owner();
  editor = await test.member('editor');
});
afterAll(async () => {
  await test.close();
  await there.close();
});

const asWords = (config: object) => ({ type: 'postgres', config, description: 'The shop', tags: ['sales'] });

describe('connections', () => {
  it('are made, checked with their tables and columns, listed and deleted; their secrets are never shown', async () => {
    await there.pool.query('create schema sales; create table sales.orders (id int, amount numeric(10,2))');
    await editor.call('PUT', '/secrets/shop_db', { value: there.url });
    expect((await editor.call('PUT', '/connections/shop', asWords({ url: 'secret://shop_db' }))).status).toBe(204);
    const checked = await editor.call('POST', '/connections/shop/check', {});
    expect(checked.json).toMatchObject({ ok: true, error: null });
    expect((checked.json as { tables: unknown[] }).tables).toContainEqual({
      name: 'sales.orders',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'amount', type: 'numeric(10,2)' },
      ],
    });
    const listed = await editor.call('GET', '/connections');
    expect(listed.json).toMatchObject([
      { name: 'shop', type: 'postgres', config: { url: 'secret://shop_db' }, tags: ['sales'], checkError: null },
    ]);
    expect((listed.json as { checkedAt: string | null }[])[0]?.checkedAt).not.toBeNull();
    expect(listed.text).not.toContain(new URL(there.url).password);
    expect((await editor.call('DELETE', '/connections/shop')).status).toBe(204);
    expect((await editor.call('POST', '/connections/shop/check', {})).status).toBe(404);
  });

  it('say what is wrong when they cannot be reached', async () => {
    const wrong = new URL(there.url);
    wrong.pathname = '/no_such_database';
    await editor.call('PUT', '/secrets/wrong_db', { value: wrong.href });
    await editor.call('PUT', '/connections/wrong', asWords({ url: 'secret://wrong_db' }));
    const checked = await editor.call('POST', '/connections/wrong/check', {});
    expect(checked.json).toMatchObject({ ok: false, error: expect.stringContaining('check database:') as string });
    expect(checked.text).not.toContain(wrong.password);
  });

  it('hold no password, only the name of a secret', async () => {
    for (const config of [
      { host: 'h', password: 'plain' },
      { url: 'postgresql://u:plain@h/db' },
      {},
      { host: 'h', port: 0 },
    ])
      expect((await editor.call('PUT', '/connections/bad', asWords(config))).status).toBe(400);
  });

  it('are for editors', async () => {
    const runner = await test.member('runner');
    for (const [method, path] of [
      ['GET', '/connections'],
      ['PUT', '/connections/x'],
      ['POST', '/connections/x/check'],
      ['DELETE', '/connections/x'],
    ] as const) {
      const body = method === 'PUT' ? asWords({ host: 'h' }) : method === 'POST' ? {} : undefined;
      expect((await runner.call(method, path, body)).status).toBe(403);
    }
  });
});
