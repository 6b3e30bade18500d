import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { cookieOf, PASSWORD } from '../testing/test-server.ts';
import { expectRefused, startAttackedServer, stateOf } from './testing/attacked-server.ts';

let test: TestServer;
let owner: Visitor;

beforeAll(async () => {
  test = await startAttackedServer();
  owner = await test.owner();
  for (const role of ['viewer', 'runner'] as const) await test.member(role);
});
afterAll(() => test.close());

describe('a right', () => {
  it('is not taken from a body: roles, ids and owners in it are refused or ignored', async () => {
    const viewer = await test.member('viewer');
    const before = await stateOf(test);
    for (const extra of [
      { role: 'owner' },
      { id: owner.me?.id },
      { email: 'owner@example.com' },
      { disabled: false },
      { __proto__x: 1 },
      { constructor: { prototype: { role: 'owner' } } },
    ]) {
      expectRefused(await viewer.call('PATCH', '/me', { name: 'viewer', ...extra }), JSON.stringify(extra), [400]);
    }
    expectRefused(await viewer.call('PATCH', `/users/${viewer.me?.id}`, { role: 'owner' }), 'self promotion', [403]);
    const polluted = '{"name":"x","__proto__":{"role":"owner"},"constructor":{"prototype":{"admin":true}}}';
    await viewer.call('PATCH', '/me', polluted, { 'content-type': 'application/json' });
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
    expect((await viewer.call('GET', '/me')).json.user.role).toBe('viewer');
    expect(await stateOf(test)).toBe(before);
    const editor = await test.member('editor');
    expectRefused(
      await editor.call('POST', '/invitations', { email: 'a@b.c', role: 'owner' }),
      'inviting above oneself',
      [403],
    );
    const signup = { email: 'second@example.com', password: PASSWORD, name: 'x', role: 'owner', id: 'usr_x' };
    expectRefused(await test.anonymous().call('POST', '/auth/signup', signup), 'a second owner', [403, 400]);
  });

  it('comes with an invitation once, for its e-mail, in its role', async () => {
    const { token } = (await owner.call('POST', '/invitations', { email: 'guest@example.com', role: 'viewer' })).json;
    const form = { email: 'guest@example.com', password: PASSWORD, name: 'guest', invitation: token };
    const attempt = (change: object) => test.anonymous().call('POST', '/auth/signup', { ...form, ...change });
    expectRefused(await attempt({ email: 'thief@example.com' }), 'of another e-mail', [403]);
    expectRefused(await attempt({ invitation: token.slice(0, -1) }), 'cut short', [403]);
    const racing = await Promise.all([attempt({}), attempt({ name: 'twin' }), attempt({ role: 'owner' })]);
    expect(racing.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(racing.find((answer) => answer.status === 201)?.json.user.role).toBe('viewer');
    expectRefused(await attempt({ email: 'guest2@example.com' }), 'used', [403]);
    expectRefused(await test.anonymous().call('GET', `/invitations/by-token/${token}`), 'looked up after use', [404]);
  });

  it('ends with its token, its session and its account, at once', async () => {
    const member = await test.member('editor');
    const { id, token } = (await member.call('POST', '/tokens', { name: 't' })).json;
    const bearer = { authorization: `Bearer ${token}` };
    expect((await test.anonymous().call('GET', '/me', undefined, bearer)).status).toBe(200);
    expectRefused(await owner.call('DELETE', `/tokens/${id}`), "somebody else's token", [404]);
    await member.call('DELETE', `/tokens/${id}`);
    expectRefused(await test.anonymous().call('GET', '/me', undefined, bearer), 'revoked', [401]);
    for (const forged of [
      'dc_',
      `dc_${randomBytes(32).toString('base64url')}`,
      'null',
      'undefined',
      `${token}x`,
      `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"owner"}').toString('base64url')}.`,
    ])
      expectRefused(
        await test.anonymous().call('GET', '/me', undefined, { authorization: `Bearer ${forged}` }),
        forged,
        [401],
      );
    await member.call('POST', '/auth/logout');
    expectRefused(await member.call('GET', '/me'), 'after logout', [401]);
    const other = await test.member('editor');
    await owner.call('PATCH', `/users/${other.me?.id}`, { disabled: true });
    expectRefused(await other.call('GET', '/me'), 'disabled', [401]);
  });
});

describe('a session', () => {
  it('is a new one at every sign-in, whatever the browser brought', async () => {
    const fixed = 'datacraft_session=attackerchosen0000000000000000000000000000';
    const answer = await test
      .anonymous()
      .call('POST', '/auth/login', { email: 'owner@example.com', password: PASSWORD }, { cookie: fixed });
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)).not.toBe(fixed);
    const flags = answer.headers.get('set-cookie') ?? '';
    expect(flags).toMatch(/HttpOnly/i);
    expect(flags).toMatch(/SameSite=(Lax|Strict)/i);
    expect(flags).toMatch(/Path=\//i);
    expect(flags).not.toMatch(/Domain=/i);
    expect((cookieOf(answer).split('=')[1] ?? '').length * 5).toBeGreaterThanOrEqual(120);
    expectRefused(await test.anonymous().call('GET', '/me', undefined, { cookie: fixed }), 'the fixed one', [401]);
  });

  it('tells nobody which accounts there are', async () => {
    const ask = (email: string) =>
      test.anonymous().call('POST', '/auth/login', { email, password: 'not the password' });
    const [known, unknown] = await Promise.all([ask('viewer1@example.com'), ask('nobody@example.com')]);
    expect(known.text).toBe(unknown.text);
    expect(known.status).toBe(unknown.status);
    const sign = (email: string) =>
      test.anonymous().call('POST', '/auth/signup', { email, password: PASSWORD, name: 'x' });
    const [taken, free] = await Promise.all([sign('viewer1@example.com'), sign('nobody2@example.com')]);
    expect(taken.text).toBe(free.text);
  });

  it('is not guessed by asking all at once', async () => {
    const email = 'runner1@example.com';
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        test.anonymous().call('POST', '/auth/login', { email, password: `guess ${i}` }),
      ),
    );
    const looked = answers.filter((answer) => answer.status === 401).length;
    expect(answers.every((answer) => [401, 429].includes(answer.status))).toBe(true);
    expect(looked).toBeLessThanOrEqual(10);
    const limited = answers.find((answer) => answer.status === 429);
    expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0);
    const forwarded = await test
      .anonymous()
      .call('POST', '/auth/login', { email, password: 'guess' }, { 'x-forwarded-for': '203.0.113.9' });
    expect(forwarded.status).toBe(429);
  });
});
