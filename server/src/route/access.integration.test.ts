import type { Role } from '@datacraft/shared';
import { roles } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicPaths } from '../app.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
const people = new Map<Role, Visitor>();

beforeAll(async () => {
  test = await startTestServer();
  await test.owner();
  for (const role of roles) people.set(role, role === 'owner' ? await test.owner() : await test.member(role));
});
afterAll(() => test.close());

const person = (role: Role): Visitor => people.get(role) ?? test.anonymous();

/** What each role may do, from the lowest that may. Each is tried by every role on a fresh notebook. */
const deeds: readonly [string, Role, (who: Visitor, id: string) => Promise<{ status: number }>][] = [
  ['list notebooks', 'viewer', (who) => who.call('GET', '/notebooks')],
  ['see a notebook', 'viewer', (who, id) => who.call('GET', `/notebooks/${id}`)],
  ['export', 'viewer', (who, id) => who.call('GET', `/notebooks/${id}/export`)],
  ['see people', 'viewer', (who) => who.call('GET', '/users')],
  ['make a token', 'viewer', (who) => who.call('POST', '/tokens', { name: 'x' })],
  ['create', 'editor', (who) => who.call('POST', '/notebooks', { title: 'x' })],
  ['rename', 'editor', (who, id) => who.call('PATCH', `/notebooks/${id}`, { title: 'x' })],
  ['import', 'editor', (who) => who.call('POST', '/notebooks/import', '# Hi\n', { 'content-type': 'text/markdown' })],
  ['duplicate', 'editor', (who, id) => who.call('POST', `/notebooks/${id}/duplicate`)],
  ['delete', 'editor', (who, id) => who.call('DELETE', `/notebooks/${id}`)],
  ['upload', 'editor', (who) => who.call('POST', '/files', aFile())],
  ['see invitations', 'editor', (who) => who.call('GET', '/invitations')],
  [
    'invite',
    'editor',
    (who) => who.call('POST', '/invitations', { email: `${Math.random()}@example.com`, role: 'viewer' }),
  ],
  [
    'invite an owner',
    'owner',
    (who) => who.call('POST', '/invitations', { email: `${Math.random()}@example.com`, role: 'owner' }),
  ],
  ['change a role', 'owner', (who) => who.call('PATCH', `/users/${person('viewer').me?.id}`, { role: 'viewer' })],
];

function aFile(): FormData {
  const form = new FormData();
  form.set('file', new Blob(['a,b\n1,2\n']), 'x.csv');
  return form;
}

describe('each role', () => {
  for (const [deed, lowest, act] of deeds) {
    it(`may ${deed} from ${lowest} on, and nobody below or without an account`, async () => {
      const owner = await test.owner();
      for (const role of roles) {
        const { id } = (await owner.call('POST', '/notebooks', { title: 'fresh' })).json;
        const { status } = await act(person(role), id);
        const may = roles.indexOf(role) >= roles.indexOf(lowest);
        expect([role, may ? status < 300 : status]).toEqual([role, may ? true : 403]);
      }
      expect((await act(test.anonymous(), 'nb_any')).status).toBe(401);
    });
  }
});

describe('a stranger', () => {
  it('is refused at every operation that is not listed as public', async () => {
    const { paths } = (await test.anonymous().call('GET', '/openapi.json')).json as { paths: Record<string, object> };
    const tried: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      const concrete = path.replace(/\{[^}]+\}/g, 'x');
      if (publicPaths.some((one) => one.test(concrete))) continue;
      for (const method of Object.keys(methods)) {
        const { status } = await test
          .anonymous()
          .call(method.toUpperCase(), concrete, method === 'get' ? undefined : {});
        tried.push(`${method} ${path}`);
        expect([method, path, status]).toEqual([method, path, 401]);
      }
    }
    expect(tried.length).toBeGreaterThan(15);
  });

  it('finds no other spelling of a closed path', async () => {
    for (const path of [
      '/api/v1//notebooks',
      '/api//v1/notebooks',
      '/api/v1/notebooks/',
      '/api/v1/%6eotebooks',
      '/api/v1/./notebooks',
      '/api/v1/setup/../notebooks',
    ]) {
      const { status } = await test.anonymous().call('GET', path);
      expect([path, status]).toEqual([path, status === 404 ? 404 : 401]);
    }
  });
});

describe('every answer', () => {
  it('carries the headers that keep browsers careful, and problems have a stable code', async () => {
    const answer = await test.anonymous().call('GET', '/notebooks');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
  });

  it('refuses what is too large, announced or not, and what is not JSON', async () => {
    const owner = await test.owner();
    const big = `{"title":"${'x'.repeat(9 * 1024 * 1024)}"}`;
    expect((await owner.call('POST', '/notebooks', big, { 'content-type': 'application/json' })).status).toBe(413);
    const body = new ReadableStream({ start: (to) => (to.enqueue(new TextEncoder().encode(big)), to.close()) });
    const headers = { cookie: owner.cookie, 'content-type': 'application/json' };
    const chunked = await fetch(`${test.origin}/api/v1/notebooks`, {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect((await owner.call('POST', '/notebooks', '{"title":', { 'content-type': 'application/json' })).status).toBe(
      400,
    );
    expect((await owner.call('POST', '/notebooks', { title: '' })).json).toMatchObject({ code: 'bad-request' });
  });
});

describe('the description', () => {
  it('is readable without a script, and the probes answer anybody', async () => {
    const docs = await test.anonymous().call('GET', '/api/docs');
    expect(docs.text).toContain('/api/v1/notebooks/{id}');
    expect(docs.text).not.toContain('<script');
    expect((await test.anonymous().call('GET', '/healthz')).status).toBe(200);
    expect((await test.anonymous().call('GET', '/readyz')).status).toBe(200);
    expect((await test.anonymous().call('GET', '/metrics')).text).toMatch(/datacraft_http_requests_total\{.*\} \d+/);
  });
});
