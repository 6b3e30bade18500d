import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { expectRefused, importNotebook, startAttackedServer, stateOf, TARGET } from './testing/attacked-server.ts';

let test: TestServer;
let owner: Visitor;
let notebook: string;

beforeAll(async () => {
  test = await startAttackedServer();
  owner = await test.owner();
  notebook = await importNotebook(owner, TARGET);
});
afterAll(() => test.close());

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
