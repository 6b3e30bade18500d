import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { createCipher } from './cipher.ts';
import { createSecrets } from './secrets.ts';

let test: TestServer;
let editor: Visitor;
beforeAll(async () => {
  test = await startTestServer();
  await test.owner();
  editor = await test.member('editor');
});
afterAll(() => test.close());

describe('secrets', () => {
  it('are listed by name, revealed to sources, and never shown or logged', async () => {
    const value = 'canary-4711';
    expect((await editor.call('PUT', '/secrets/shop_api', { value })).status).toBe(204);
    const listed = await editor.call('GET', '/secrets');
    expect(listed.json).toMatchObject([{ name: 'shop_api' }]);
    expect(listed.text).not.toContain(value);
    const { rows } = await test.server.deps.pool.query<{ all: string }>(
      `select (select json_agg(s) from secrets s)::text || (select json_agg(a) from audit_entries a)::text as all`,
    );
    expect(rows[0]?.all).not.toContain(value);
    expect(rows[0]?.all).not.toContain(Buffer.from(value).toString('hex'));
  });

  it('are for editors', async () => {
    const runner = await test.member('runner');
    for (const [method, path] of [
      ['GET', '/secrets'],
      ['PUT', '/secrets/x'],
      ['DELETE', '/secrets/shop_api'],
    ] as const)
      expect((await runner.call(method, path, method === 'PUT' ? { value: 'v' } : undefined)).status).toBe(403);
  });

  it('say what to do when they are missing or were kept with another key', async () => {
    const database = await createTestDatabase();
    try {
      const of = (key: string, env = {}) =>
        createSecrets(database.pool, () => Promise.resolve(createCipher(key)), {
          env,
          providers: new Map(),
          allowedHosts: ['localhost'],
        });
      const here = ['localhost'];
      await of('a'.repeat(32)).set('k', 'v', null);
      expect(await of('a'.repeat(32)).reveal('k', here)).toBe('v');
      expect(await of('b'.repeat(32), { DATACRAFT_SECRET_K: 'given' }).reveal('k', here)).toBe('given');
      const bound = { DATACRAFT_SECRET_K: 'given', DATACRAFT_SECRET_K_HOSTS: 'a.example, *.b.example' };
      expect(await of('b'.repeat(32), bound).reveal('k', ['x.b.example'])).toBe('given');
      await expect(of('b'.repeat(32), bound).reveal('k', here)).rejects.toThrow('it is for a.example, *.b.example');
      await expect(of('b'.repeat(32)).reveal('k', here)).rejects.toThrow('stored with another key');
      await expect(of('a'.repeat(32)).reveal('other', here)).rejects.toThrow('datacraft secret set other');
      await expect(of('a'.repeat(32)).reveal('vault/team/api', here)).rejects.toThrow('DATACRAFT_VAULT_ADDR');
    } finally {
      await database.close();
    }
  });

  it('cannot stand in for one another', () => {
    const cipher = createCipher('a'.repeat(32));
    expect(() => cipher.decrypt('other', cipher.encrypt('name', 'v'))).toThrow('stored with another key');
  });
});
