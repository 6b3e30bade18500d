import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Role } from '@datacraft/shared';
import { roles } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { cookieOf, PASSWORD } from '../testing/test-server.ts';
import {
  expectAlive,
  expectNoLeak,
  expectRefused,
  importNotebook,
  startAttackedServer,
  stateOf,
} from './testing/attacked-server.ts';

let test: TestServer;
let owner: Visitor;
let notebook: string;
let cellId: string;
let binned: string;
const people = new Map<Role, Visitor>();

const TEXT = '---\ndatacraft: 1\ntitle: Target\n---\n\n```sql orders\nselect 1 as id\n```\n';

beforeAll(async () => {
  test = await startAttackedServer();
  owner = await test.owner();
  for (const role of roles) people.set(role, role === 'owner' ? owner : await test.member(role));
  notebook = await importNotebook(owner, TEXT);
  binned = await importNotebook(owner, TEXT);
  cellId = (await test.server.deps.rooms.notebook(notebook)).cells[0]?.id ?? '';
  await owner.call('DELETE', `/notebooks/${binned}`);
});
afterAll(() => test.close());

interface Operation {
  readonly method: string;
  readonly path: string;
}

async function operations(): Promise<Operation[]> {
  const { paths } = (await test.anonymous().call('GET', '/openapi.json')).json as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

const opens = (path: string) =>
  /\/(setup|auth\/(signup|login|logout)|invitations\/by-token\/\{token\}|dashboards\/\{token\}(\/(data|events))?|(notebook-links|triggers)\/\{token\}|openapi\.json)$/.test(
    path,
  );

/** From which role on an operation may succeed: what changes something needs more than a viewer. */
const lowest: readonly [RegExp, Role][] = [
  [/^(GET|HEAD) .*\/invitations$/, 'editor'],
  [/^GET /, 'viewer'],
  [/^(POST|DELETE) .*\/tokens/, 'viewer'],
  [/^(PATCH|POST|PUT|DELETE) .*\/me(\/|$)/, 'viewer'],
  [/^POST .*\/(query|query\/plan|query\/download|preview)$/, 'viewer'],
  [/^(POST|PUT|DELETE) .*\/queries(\/|$)/, 'runner'],
  [/^POST .*\/(notifications\/read|models\/\{name\}\/(predict|explain))$/, 'viewer'],
  [/^(POST|PATCH|DELETE) .*\/comments(\/|$)/, 'commenter'],
  [
    /^POST .*\/(streams\/\{source\}\/events|streams\/\{id\}\/(pause|resume|letters\/replay)|notebooks\/\{id\}\/streams)$/,
    'runner',
  ],
  [/^POST .*\/(schedule\/(run|pause|resume)|alerts\/\{id\}\/acknowledge)$/, 'runner'],
  [/^(POST|DELETE) .*\/alert-channels(\/|$)/, 'owner'],
  [/^POST .*\/(runs(\/|$)|notebooks\/\{id\}\/plan$)/, 'runner'],
  [/^POST .*\/branches$/, 'commenter'],
  [/^PATCH .*\/users\//, 'owner'],
];
const lowestOf = ({ method, path }: Operation): Role =>
  lowest.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? 'editor';

const concrete = (path: string, ids: Record<string, string>) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x');

describe('objects × roles × verbs, from the description of the API', () => {
  it('refuses every stranger and every role below, before it looks at the object or the body', async () => {
    let tried = 0;
    const before = await stateOf(test);
    for (const operation of await operations()) {
      if (opens(operation.path)) continue;
      const needed = roles.indexOf(lowestOf(operation));
      for (const id of [notebook, binned, 'nb_guess']) {
        const path = concrete(operation.path, { id, cellId, layer: 'silver', name: 'orders' });
        const body = operation.method === 'GET' ? undefined : {};
        const label = `${operation.method} ${path}`;
        expectRefused(await test.anonymous().call(operation.method, path, body), label, [401]);
        for (const role of roles.slice(0, needed)) {
          const answer = await people.get(role)?.call(operation.method, path, body);
          // A body that does not fit may be told first; the right is asked for before anything is done. The right to what
          // is found by a name of its own is that of its notebook: what they cannot see is not there.
          const isNamed = /\/(streams\/\{source\}\/events|(catalog|tables)\/\{layer\}\/\{name\}.*)$/.test(
            operation.path,
          );
          const told = [403, 400, ...(isNamed ? [404] : [])];
          if (answer) expectRefused(answer, `${role} ${label}`, told);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(100);
    expect(await stateOf(test)).toBe(before);
  });

  it('knows no object that is not there: in the bin, guessed, of another kind, out of its path', async () => {
    const ids = [
      binned,
      'nb_guess',
      'usr_x',
      '..',
      '%2e%2e',
      '%2e%2e%2fusers',
      "' or 1=1 --",
      '%00',
      '__proto__',
      'x'.repeat(60),
    ];
    const before = await stateOf(test);
    for (const operation of await operations()) {
      if (!operation.path.includes('{') || /events|by-token|dashboards|restore/.test(operation.path)) continue;
      // The bin is for members to look into.
      if (operation.method === 'GET' && operation.path.endsWith('/notebooks/{id}')) continue;
      for (const id of ids) {
        const path = concrete(operation.path, { id, cellId: id, layer: id, name: id, token: id });
        const body =
          operation.method === 'GET' ? undefined : { role: 'viewer', cellId: 'x', config: {}, tiles: [], title: 'x' };
        const answer = await owner.call(operation.method, path.replace('/api/v1', ''), body);
        expectNoLeak(answer, path);
        if (/\/notebooks\/\{id\}\/runs$/.test(operation.path) && operation.method === 'GET')
          expect(['[]', 'bad-request']).toContain(answer.json.code ?? answer.text);
        else if (operation.path.includes('/users/{id}') || !/^\.\.|%2e|%00/.test(id))
          expect([operation.method, path, answer.status >= 400 && answer.status < 500]).toEqual([
            operation.method,
            path,
            true,
          ]);
        expect(answer.status, path).toBeLessThan(500);
      }
    }
    expect(await stateOf(test)).toBe(before);
  });
});

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

describe('another site', () => {
  const foreign: Record<string, Record<string, string>> = {
    'a foreign origin': { origin: 'https://evil.example' },
    'a null origin': { origin: 'null' },
    'a look-alike': { origin: 'http://127.0.0.1.evil.example' },
    'another port': { origin: 'http://127.0.0.1:1' },
    'a user in front': { origin: 'http://127.0.0.1@evil.example' },
    'a cross-site fetch': { 'sec-fetch-site': 'cross-site' },
    'a same-site neighbour': { 'sec-fetch-site': 'same-site' },
  };
  it.each(Object.entries(foreign))('makes nobody do anything: %s', async (_name, headers) => {
    const before = await stateOf(test);
    const bodies: [string, string][] = [
      ['{"title":"forged"}', 'application/json'],
      ['{"title":"forged"}', 'text/plain'],
      ['title=forged', 'application/x-www-form-urlencoded'],
      [
        '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nforged\r\n--x--\r\n',
        'multipart/form-data; boundary=x',
      ],
    ];
    for (const [body, type] of bodies)
      for (const [method, path] of [
        ['POST', '/notebooks'],
        ['PATCH', `/notebooks/${notebook}`],
        ['DELETE', `/notebooks/${notebook}`],
        ['POST', `/notebooks/${notebook}/runs`],
        ['POST', '/tokens'],
        ['POST', '/auth/logout'],
        ['POST', '/files'],
      ] as const)
        expectRefused(
          await owner.call(method, path, body, { ...headers, 'content-type': type }),
          `${method} ${path} ${type}`,
          [403],
        );
    expect(await stateOf(test)).toBe(before);
    expect((await owner.call('GET', '/me')).status).toBe(200);
  });

  it('is told nothing: no CORS, no frames, no scripts', async () => {
    for (const path of ['/me', '/notebooks', '/openapi.json', '/healthz']) {
      const answer = await owner.call('GET', path, undefined, { origin: 'https://evil.example' });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
    const preflight = await fetch(`${test.origin}/api/v1/notebooks`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('cannot pass a form off as JSON, from our own origin either', async () => {
    const before = await stateOf(test);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', '', 'application/jsonx', 'text/html'])
      expectRefused(await owner.call('POST', '/notebooks', '{"title":"forged"}', { 'content-type': type }), type);
    expect(await stateOf(test)).toBe(before);
  });
});

/** Bytes as they are: no client tidies them. */
function raw(text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(test.port, '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.setTimeout(8_000, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    );
  });
}

describe('the wire', () => {
  const spellings = [
    '//api/v1/notebooks', '/api//v1/notebooks', '/api/v1//notebooks', '/api/v1/notebooks/', '/api/v1/./notebooks', '/api/v1/x/../notebooks',
    '/api/v1/%2e%2e/v1/notebooks', '/api/v1/setup/%2e%2e/notebooks', '/api/v1/setup/..%2fnotebooks', '/api/v1/setup/..;/notebooks', '/API/v1/notebooks',
    '/api/v1/NOTEBOOKS', '/api/v1/notebooks%00', '/api/v1/notebooks%20', '/api/v1/notebooks;x=/setup', '/api/v1/setup%2f..%2fnotebooks', '/api\\v1\\notebooks',
    '/api/v1/notebooks?/api/v1/setup', '/api/v1/notebooks#/api/v1/setup', '/api/v1/auth/login/../../notebooks', '/api/v1/dashboards/../notebooks', '/./api/v1/notebooks',
    'http://127.0.0.1/api/v1/notebooks', '/api/v1/dashboards/x/data/../../../notebooks', '/iceberg//v1/namespaces', '/iceberg/v1/namespaces', '/%61pi/v1/notebooks',
  ]; // prettier-ignore

  it('has no spelling of a closed path that opens it', async () => {
    for (const path of spellings) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
      expect([path, /^HTTP\/1\.1 (4\d\d|503|30\d)/.test(answer)]).toEqual([path, true]);
      expect([path, answer.includes('Target')]).toEqual([path, false]);
    }
  });

  it('survives requests that no client makes', async () => {
    const junk = [
      'GET / HTTP/1.1\r\n\r\n',
      'GET /api/v1/setup HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
      'GET /api/v1/setup HTTP/1.1\r\nHost: a b c\r\nConnection: close\r\n\r\n',
      'GET /api/v1/setup HTTP/1.1\r\nHost: %00@[::\r\nConnection: close\r\n\r\n',
      'GET http:// HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /api/v1/me HTTP/1.1\r\n\r\n',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nConnection: close\r\n\r\n',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n',
      `GET /${'a'.repeat(60_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(60_000)}\r\n\r\n`,
      'TRACE /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /api/v1/me HTTP/1.1\r\nHost: x\r\nCookie: datacraft_session=\xff\xfe; =; ;;\r\nConnection: close\r\n\r\n',
      'GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\nConnection: close\r\n\r\n',
      'GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\tb<script>\r\nConnection: close\r\n\r\n',
      'GET /sync/x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      'GET /sync/../api HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n',
      'GET //[ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    ];
    for (const text of junk) {
      const answer = await raw(Buffer.from(text, 'latin1'));
      const label = JSON.stringify(text.slice(0, 120));
      expect([
        label,
        /^$|^HTTP\/1\.1 (?!2)/.test(answer) || text.includes('setup') || text.includes('openapi'),
      ]).toEqual([label, true]);
      expect([
        label,
        /^HTTP\/1\.1 500|at .*\.ts:|node:internal|<script>/.exec(answer.slice(0, 2_000))?.[0] ?? null,
      ]).toEqual([label, null]);
    }
    await expectAlive(test, owner);
  }, 60_000);

  it('says nothing of ours when JSON is hostile', async () => {
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '1e999',
      '{"title":{"toString":1}}',
      `${'['.repeat(100_000)}`,
      '{"title":"\\ud800"}',
      '{"title":"a\\u0000b"}',
      '\ufeff{"title":"x"}',
      '{"title":["x"]}',
      '{"sql":null}',
      '{"__proto__":null}',
    ];
    for (const body of bodies)
      for (const path of [
        '/notebooks',
        '/query',
        '/auth/login',
        '/tokens',
        `/notebooks/${notebook}/preview`,
        `/notebooks/${notebook}/sniff`,
      ]) {
        const answer = await owner.call('POST', path, body, { 'content-type': 'application/json' });
        const label = `${path} ${body.slice(0, 40)}`;
        expect([label, answer.status < 500]).toEqual([label, true]);
        expectNoLeak(answer, label);
      }
    await expectAlive(test, owner);
  });

  it('shows machines what they count, and no names, ids or paths', async () => {
    const { text } = await test.anonymous().call('GET', '/metrics');
    expect(text).not.toMatch(/@example\.com|nb_|usr_|\/tmp\/|postgres|dc_|inv_/);
    expectRefused(await test.anonymous().call('GET', '/api/v1/../../iceberg/v1/config'), 'iceberg', [401, 404]);
    for (const path of [
      '/iceberg/v1/config',
      '/iceberg/v1/namespaces',
      '/iceberg/v1/namespaces/silver/tables',
      '/iceberg/v1/namespaces/silver/tables/orders',
    ]) {
      const answer = await fetch(test.origin + path);
      expect([path, answer.status]).toEqual([path, 401]);
    }
  });
});
