import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import {
  expectAlive,
  expectNoLeak,
  expectRefused,
  importNotebook,
  startAttackedServer,
  TARGET,
} from './testing/attacked-server.ts';

let test: TestServer;
let owner: Visitor;
let notebook: string;

beforeAll(async () => {
  test = await startAttackedServer();
  owner = await test.owner();
  notebook = await importNotebook(owner, TARGET);
});
afterAll(() => test.close());

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
