import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { cookieOf, PASSWORD, startTestServer } from '../testing/test-server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

const signUp = (email: string, invitation?: string) =>
  test.anonymous().call('POST', '/auth/signup', { email, password: PASSWORD, name: 'Somebody', invitation });

describe('the first account', () => {
  it('is one, however many sign up at once', async () => {
    expect((await test.anonymous().call('GET', '/setup')).json).toEqual({ needsOwner: true });
    const racers = await Promise.all([
      test.owner().then(
        () => 201,
        () => 403,
      ),
      signUp('x@example.com'),
      signUp('y@example.com'),
    ]);
    const statuses = racers.map((one) => (typeof one === 'number' ? one : one.status)).sort();
    expect(statuses).toEqual([201, 403, 403]);
    expect((await test.anonymous().call('GET', '/setup')).json).toEqual({ needsOwner: false });
    const { rows } = await test.database.pool.query('select role from users');
    expect(rows).toEqual([{ role: 'owner' }]);
    await makeKnownOwner();
  });
});

/** Whoever won the race, the rest of the file works with the account of the test server. */
async function makeKnownOwner(): Promise<void> {
  const known = await test.owner().then(
    () => true,
    () => false,
  );
  if (known) return;
  await test.database.pool.query('delete from users');
  await test.close();
  test = await startTestServer();
  await test.owner();
}

describe('sessions', () => {
  it('are carried by a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await test
      .anonymous()
      .call('POST', '/auth/login', { email: 'OWNER@example.com', password: PASSWORD });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/);
    expect(answer.headers.get('set-cookie')).not.toContain('Secure');
  });

  it('end at logout', async () => {
    const login = await test
      .anonymous()
      .call('POST', '/auth/login', { email: 'owner@example.com', password: PASSWORD });
    const headers = { cookie: cookieOf(login) };
    expect((await test.anonymous().call('GET', '/me', undefined, headers)).status).toBe(200);
    expect((await test.anonymous().call('POST', '/auth/logout', {}, headers)).status).toBe(204);
    expect((await test.anonymous().call('GET', '/me', undefined, headers)).status).toBe(401);
  });

  it('of other browsers end with a new password, which needs the old one', async () => {
    const member = await test.member('viewer');
    const second = await test.anonymous().call('POST', '/auth/login', { email: member.me?.email, password: PASSWORD });
    const wrong = await member.call('POST', '/me/password', { currentPassword: 'no', newPassword: 'another password' });
    expect(wrong.status).toBe(403);
    const right = await member.call('POST', '/me/password', {
      currentPassword: PASSWORD,
      newPassword: 'another password',
    });
    expect(right.status).toBe(204);
    expect((await test.anonymous().call('GET', '/me', undefined, { cookie: cookieOf(second) })).status).toBe(401);
    expect((await member.call('GET', '/me')).status).toBe(200);
  });
});

describe('login', () => {
  it('says the same for a wrong password and an unknown e-mail', async () => {
    const wrong = await test
      .anonymous()
      .call('POST', '/auth/login', { email: 'owner@example.com', password: 'wrong wrong' });
    const unknown = await test
      .anonymous()
      .call('POST', '/auth/login', { email: 'nobody@example.com', password: 'wrong wrong' });
    expect([wrong.status, wrong.json.detail]).toEqual([401, unknown.json.detail]);
  });

  it('makes a guesser wait, and tells how long', async () => {
    const guess = () =>
      test.anonymous().call('POST', '/auth/login', { email: 'guessed@example.com', password: 'guess guess' });
    for (let n = 0; n < 5; n++) expect((await guess()).status).toBe(401);
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await test
      .anonymous()
      .call('POST', '/auth/login', { email: 'owner@example.com', password: PASSWORD });
    expect(other.status).toBe(200);
  });
});

describe('invitations', () => {
  let owner: Visitor;
  beforeAll(async () => {
    owner = await test.owner();
  });
  const invite = async (by: Visitor, email: string, role: string) => by.call('POST', '/invitations', { email, role });

  it('A3 work once, for the address they were sent to', async () => {
    const { json } = await invite(owner, 'guest@example.com', 'editor');
    expect(json.url).toContain(`/invite/${json.token}`);
    const shown = await test.anonymous().call('GET', `/invitations/by-token/${json.token}`);
    expect(shown.json).toMatchObject({ email: 'guest@example.com', role: 'editor' });
    expect((await signUp('other@example.com', json.token)).status).toBe(403);
    const both = await Promise.all([signUp('guest@example.com', json.token), signUp('guest@example.com', json.token)]);
    expect(both.map((one) => one.status).sort()).toEqual([201, 403]);
    expect((await test.anonymous().call('GET', `/invitations/by-token/${json.token}`)).status).toBe(404);
  });

  it('are worth nothing after they were revoked or are over', async () => {
    const revoked = (await invite(owner, 'r@example.com', 'viewer')).json.token;
    const open = (await owner.call('GET', '/invitations')).json.find(
      (one: { email: string }) => one.email === 'r@example.com',
    );
    expect((await owner.call('DELETE', `/invitations/${open.id}`)).status).toBe(204);
    expect((await signUp('r@example.com', revoked)).status).toBe(403);
    const late = (await invite(owner, 'l@example.com', 'viewer')).json.token;
    await test.database.pool.query(
      "update invitations set expires_at = now() - interval '1 second' where email = 'l@example.com'",
    );
    expect((await signUp('l@example.com', late)).status).toBe(403);
  });

  it('of an editor reach up to editor', async () => {
    const editor = await test.member('editor');
    expect((await invite(editor, 'e1@example.com', 'editor')).status).toBe(201);
    expect((await invite(editor, 'e2@example.com', 'owner')).status).toBe(403);
  });
});

describe('roles', () => {
  it('change at once, and the last owner stays', async () => {
    const owner = await test.owner();
    const member = await test.member('viewer');
    expect((await member.call('POST', '/notebooks', { title: 'T' })).status).toBe(403);
    expect((await owner.call('PATCH', `/users/${member.me?.id}`, { role: 'editor' })).json.role).toBe('editor');
    expect((await member.call('POST', '/notebooks', { title: 'T' })).status).toBe(201);
    expect((await owner.call('PATCH', `/users/${owner.me?.id}`, { role: 'editor' })).status).toBe(409);
    expect((await owner.call('PATCH', `/users/${owner.me?.id}`, { disabled: true })).status).toBe(409);
  });

  it('cannot be had by asking for them in other bodies', async () => {
    const member = await test.member('viewer');
    expect((await member.call('PATCH', '/me', { role: 'owner' })).status).toBe(400);
    const invited = (
      await (await test.owner()).call('POST', '/invitations', { email: 'm@example.com', role: 'viewer' })
    ).json.token;
    const body = { email: 'm@example.com', password: PASSWORD, name: 'M', invitation: invited, role: 'owner' };
    expect((await test.anonymous().call('POST', '/auth/signup', body)).json.user.role).toBe('viewer');
  });

  it('end with the account: a disabled person is out and cannot come back', async () => {
    const owner = await test.owner();
    const member = await test.member('editor');
    const { token } = (await member.call('POST', '/tokens', { name: 'ci' })).json;
    await owner.call('PATCH', `/users/${member.me?.id}`, { disabled: true });
    expect((await member.call('GET', '/me')).status).toBe(401);
    expect((await test.anonymous().call('GET', '/me', undefined, { authorization: `Bearer ${token}` })).status).toBe(
      401,
    );
    const login = await test.anonymous().call('POST', '/auth/login', { email: member.me?.email, password: PASSWORD });
    expect(login.status).toBe(401);
  });
});

describe('API tokens', () => {
  it('A2 are shown once, stored as a hash, and die when revoked', async () => {
    const member = await test.member('editor');
    const { id, token } = (await member.call('POST', '/tokens', { name: 'ci' })).json;
    expect(token).toMatch(/^dc_/);
    const bearer = { authorization: `Bearer ${token}` };
    expect((await test.anonymous().call('GET', '/me', undefined, bearer)).json.user.id).toBe(member.me?.id);
    expect((await member.call('GET', '/tokens')).text).not.toContain(token);
    const stored = await test.database.pool.query('select * from api_tokens');
    expect(JSON.stringify(stored.rows)).not.toContain(token);
    const stranger = await test.member('editor');
    expect((await stranger.call('DELETE', `/tokens/${id}`)).status).toBe(404);
    expect((await member.call('DELETE', `/tokens/${id}`)).status).toBe(204);
    expect((await test.anonymous().call('GET', '/me', undefined, bearer)).status).toBe(401);
  });
});

describe('other sites', () => {
  it('cannot make a signed-in browser change anything', async () => {
    const owner = await test.owner();
    const foreign = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect((await owner.call('POST', '/notebooks', { title: 'T' }, headers)).status).toBe(403);
      expect(
        (await test.anonymous().call('POST', '/auth/login', { email: 'a@b.c', password: 'x' }, headers)).status,
      ).toBe(403);
    }
    const own = { origin: test.origin, 'sec-fetch-site': 'same-origin' };
    expect((await owner.call('POST', '/notebooks', { title: 'T' }, own)).status).toBe(201);
  });
});

describe('the audit', () => {
  it('tells who did what, and no secrets', async () => {
    const { rows } = await test.database.pool.query('select action, facts from audit_entries');
    expect(rows.map((row) => row.action)).toEqual(
      expect.arrayContaining(['signup', 'login', 'login-failed', 'invite', 'role-change', 'token-create']),
    );
    expect(JSON.stringify(rows)).not.toMatch(/dc_|inv_|correct horse/);
  });
});
