import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawSocket } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import {
  expectAlive,
  expectNoLeak,
  expectRefused,
  importNotebook,
  startAttackedServer,
  stateOf,
} from './testing/attacked-server.ts';

const TEXT = `---
datacraft: 1
title: Shared
---

# <img src=x onerror=alert(1)> shared

[bad](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>) <script>alert(1)</script> ![x](javascript:alert(2)) <svg onload=alert(3)>
[case](JaVaScRiPt:alert(1)) [tab](java\tscript:alert(1)) [vb](vbscript:x) [entity](&#106;avascript:alert(1)) <javascript:alert(1)> [ref]

[ref]: javascript:alert(9)

\`\`\`input floor
type: number
default: 0
\`\`\`

\`\`\`sql hidden_secret
---
materialize: ephemeral
---
select 'hunter2' as password, i as n from range(5) t(i)
\`\`\`

\`\`\`chart shown
from: hidden_secret
type: metric
value: { column: n, aggregate: sum }
\`\`\`
`;

let test: TestServer;
let owner: Visitor;
let notebook: string;

beforeAll(async () => {
  test = await startAttackedServer({ DATACRAFT_MAX_UPLOAD_MB: '64' });
  owner = await test.owner();
  notebook = await importNotebook(owner, TEXT);
});
afterAll(() => test.close());

const upload = (name: string, bytes: Uint8Array<ArrayBuffer> | string) => {
  const form = new FormData();
  form.set('file', new Blob([bytes]), name);
  return owner.call('POST', '/files', form);
};

describe('names of uploads', () => {
  const names = ['../../x.csv', '..\\..\\x.csv', '/etc/passwd', 'C:\\x.csv', `${'x'.repeat(5_000)}.csv`, '\u202Efdp.csv', 'CON', 'nul.csv', 'a\u0000b.csv', '.htaccess', '.', '..', '', ' ', 'x.csv/', '%2e%2e%2fx.csv', '<img src=x onerror=alert(1)>.csv', "'; drop table files; --.csv", 'a\r\nSet-Cookie: x=y.csv', '*.csv', 'ﬁle‥/x.csv']; // prettier-ignore

  it('stay in the folder of their upload, whatever they are', async () => {
    const files = join(test.config.dataDir, 'files');
    for (const name of names) {
      const answer = await upload(name, 'a,b\n1,2\n');
      if (answer.status !== 201) {
        expectRefused(answer, JSON.stringify(name));
        continue;
      }
      expect(answer.json.path).toMatch(/^upload:\/\/file_[a-z0-9]+\/[^/\\\u0000-\u001f<>*"':%\u202e]{1,125}$/);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    for (const entry of await readdir(files, { recursive: true, withFileTypes: true }))
      expect(entry.isDirectory() || /^file_[a-z0-9]+$/.test(entry.parentPath.slice(files.length + 1))).toBe(true);
    const sneaky =
      '--x\r\nContent-Disposition: form-data; name="file"; filename="../../../../tmp/datacraft-escape"\r\n\r\nx\r\n--x--\r\n';
    await owner.call('POST', '/files', sneaky, { 'content-type': 'multipart/form-data; boundary=x' });
    await expectAlive(test, owner);
  });

  it('in broken forms are refused', async () => {
    for (const [body, type] of [
      ['', 'multipart/form-data; boundary=x'],
      ['--x', 'multipart/form-data; boundary=x'],
      ['--x\r\n\r\n', 'multipart/form-data; boundary=x'],
      [`--x\r\n${'a'.repeat(100_000)}`, 'multipart/form-data; boundary=x'],
      ['x', 'multipart/form-data'],
      ['x', `multipart/form-data; boundary=${'y'.repeat(3_000)}`],
      ['{}', 'application/json'],
    ] as const)
      expectRefused(
        await owner.call('POST', '/files', body, { 'content-type': type }),
        `${type.slice(0, 50)} ${body.slice(0, 20)}`,
      );
  });
});

describe('paths of sources', () => {
  const paths = ['/etc/passwd', '../../../etc/passwd', 'upload://../x', 'upload://x/../../../etc/passwd', 'upload://x/%2e%2e%2f%2e%2e%2fetc%2fpasswd', 'upload://nb_other/x.csv', 'file:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1:6379/_x', 'jar:file:///x', 'netdoc:///etc/passwd', 's3://bucket/x', 'data:text/csv,a', '\\\\host\\share', '/proc/self/environ', '/dev/stdin', 'a\u0000b', '~/x', '$HOME/x',
    ...['127.0.0.1', 'localhost', '169.254.169.254', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '2130706433', '0x7f000001', '017700000001', '0x7f.1', '127.1', '0', '0.0.0.0', '10.0.0.1', '192.168.1.1', '172.16.0.1', '100.100.100.200', '[fe80::1]', '[fd00::1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[::]', '①②⑦.⓪.⓪.①', '127。0。0。1', 'LOCALHOST',  '127.0.0.1.', 'user:pass@127.0.0.1', '127.0.0.1:80#@example.com', 'example.com@127.0.0.1', '[::127.0.0.1]', '168.63.129.16', '%31%32%37.0.0.1'].map((host) => `http://${host}/latest/meta-data`)]; // prettier-ignore

  it('reach no file that was not given, no private address, no other scheme', async () => {
    for (const path of paths) {
      const answer = await owner.call('POST', `/notebooks/${notebook}/sniff`, { config: { type: 'csv', path } });
      expect([path, answer.status >= 400 && answer.status <= 501 && answer.status !== 500]).toEqual([path, true]);
      expectNoLeak({ ...answer, text: answer.text.replaceAll('/proc/self', '') }, path);
      // Refused as private or foreign, not tried and failed.
      if (path.startsWith('http')) expect([path, answer.json.code]).toEqual([path, 'forbidden']);
    }
    await expectAlive(test, owner);
  });
});

describe('files that are larger than they look', () => {
  it('are refused or read within the limits: a bomb of zeros, one endless line, a lying Parquet', async () => {
    const bomb = gzipSync(Buffer.alloc(150 * 2 ** 20), { level: 9 });
    const endless = Buffer.alloc(40 * 2 ** 20, 'x');
    const lying = Buffer.concat([
      Buffer.from('PAR1'),
      Buffer.alloc(64, 0xff),
      Buffer.from([0xff, 0xff, 0xff, 0x7f]),
      Buffer.from('PAR1'),
    ]);
    const negative = Buffer.concat([Buffer.from('PAR1'), Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('PAR1')]);
    const deep = Buffer.from(`${'['.repeat(200_000)}\n`);
    const cases: [string, Buffer, string][] = [['bomb.csv.gz', bomb, 'csv'], ['endless.csv', endless, 'csv'], ['lying.parquet', lying, 'parquet'], ['negative.parquet', negative, 'parquet'], ['deep.json', deep, 'json'], ['png.csv', Buffer.from('\x89PNG\r\n\x1a\n\0\0'), 'csv']]; // prettier-ignore
    for (const [name, bytes, type] of cases) {
      const stored = await upload(name, Uint8Array.from(bytes));
      expect([name, stored.status]).toEqual([name, 201]);
      const answer = await owner.call('POST', `/notebooks/${notebook}/sniff`, {
        config: { type, path: stored.json.path },
      });
      expectNoLeak(answer, name);
      expect([name, answer.status < 300 || (answer.status >= 400 && answer.status < 500)]).toEqual([name, true]);
    }
    expectRefused(await upload('large.csv', new Uint8Array(65 * 2 ** 20)), 'larger than the limit', [413]);
    await sleep(1_000); // the connection of a refused upload is closed
    await expectAlive(test, owner);
  }, 60_000);
});

describe('downloads as CSV', () => {
  it('run no formula in a spreadsheet, and leave numbers alone', async () => {
    const rows = [
      "'=cmd|'' /C calc''!A0'",
      "'+1+cmd'",
      "'@SUM(1)'",
      "'-2+3'",
      "chr(9) || '=1'",
      "chr(13) || '=1'",
      "'plain'",
    ];
    const id = await importNotebook(
      owner,
      `---\ndatacraft: 1\ntitle: csv\n---\n\n\`\`\`sql formulas\n---\nmaterialize: ephemeral\n---\nselect unnest([${rows.join(', ')}]) as "=HYPERLINK(1)", -5 as number\n\`\`\`\n`,
    );
    const [cell] = (await test.server.deps.rooms.notebook(id)).cells;
    const { text, headers } = await owner.call('GET', `/notebooks/${id}/cells/${cell?.id}/download?format=csv`);
    expect(headers.get('content-disposition') ?? text).toMatch(/^attachment; filename="formulas\.csv"$/);
    expect(text).toContain(',-5');
    expect(text).toContain('plain');
    for (const field of text.split(/\n/).slice(0, -1)) expect(field).not.toMatch(/^"?[=+@\t\r-]/);
  });
});

describe('a published dashboard', () => {
  it('is found by its token alone, shows no more than it shows, and is gone when revoked', async () => {
    const { token } = (await owner.call('POST', `/notebooks/${notebook}/publish`, {})).json as { token: string };
    expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
    const other = await importNotebook(owner, TEXT);
    const second = (await owner.call('POST', `/notebooks/${other}/publish`, {})).json.token as string;
    expect(second.slice(0, 8)).not.toBe(token.slice(0, 8));
    const guesses = [token.slice(0, -1), `${token}x`, token.toUpperCase(), token.toLowerCase(), ` ${token}`, '%', '_', "' or '1'='1", notebook, '%00', 'x'.repeat(199), '__proto__', `${token}%00`]; // prettier-ignore
    for (const guess of guesses)
      expectRefused(
        await test.anonymous().call('GET', `/api/v1/dashboards/${encodeURIComponent(guess)}`),
        guess,
        [404, 400],
      );
    const hostile = [
      { floor: '1; drop table users' },
      { floor: '$floor' },
      { hidden_secret: 1 },
      { __proto__x: 1 },
      { floor: [1, 2] },
      { floor: 1e308 },
      { "floor') from duckdb_settings() --": '1' },
    ];
    for (const params of hostile) {
      const answer = await test.anonymous().call('POST', `/dashboards/${token}/data`, { params });
      expect(answer.status).toBeLessThan(500);
      expectNoLeak(answer, JSON.stringify(params));
      expect(answer.text).not.toMatch(/hunter2|hidden_secret["]?:[^"]|password/);
    }
    for (const body of [{ params: {}, tiles: ['x'] }, { sql: 'select 1' }, { params: { floor: { a: 1 } } }, []])
      expectRefused(
        await test.anonymous().call('POST', `/dashboards/${token}/data`, body),
        JSON.stringify(body),
        [400],
      );
    const page = await test.anonymous().call('GET', `/dashboards/${token}`);
    expect(page.text).not.toMatch(/hunter2|hidden_secret|select |owner@example|usr_|nb_|cell_/);
    const html = JSON.parse(page.text)
      .tiles.map((tile: { html?: string }) => tile.html ?? '')
      .join('\n') as string;
    expect(html).not.toMatch(/<(script|svg|img)\b|href="?\s*(javascript|data|vbscript)|src="?\s*javascript|\son\w+="/i);
    await owner.call('DELETE', `/notebooks/${notebook}/publication`);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/data'],
    ] as const)
      expectRefused(
        await test.anonymous().call(method, `/dashboards/${token}${path}`, method === 'GET' ? undefined : {}),
        'revoked',
        [404],
      );
    await owner.call('DELETE', `/notebooks/${other}`);
    expectRefused(await test.anonymous().call('GET', `/dashboards/${second}`), 'its notebook is in the bin', [404]);
  });
});

describe('the sync door', () => {
  it('opens for members of this site only, under the names of notebooks only', async () => {
    const cookie = { cookie: owner.cookie };
    const attempts: [string, Record<string, string>, string, string][] = [
      [notebook, {}, '', '401'],
      [notebook, { cookie: 'datacraft_session=x' }, '', '401'],
      [notebook, { ...cookie, origin: 'https://evil.example' }, '', '403'],
      [notebook, { ...cookie, origin: 'null' }, '', '403'],
      [notebook, {}, '?token=dc_x', '401'],
      ['nb_guess', cookie, '', '404'],
      ['..%2fapi', cookie, '', '404'],
      ['%2e%2e', cookie, '', '404'],
      [`${notebook}/x`, cookie, '', '404'],
      [`${notebook}%00`, cookie, '', '404'],
      ['__proto__', cookie, '', '404'],
      ['x'.repeat(65), cookie, '', '404'],
    ];
    for (const [room, headers, query, status] of attempts) {
      const { socket, outcome } = rawSocket(test, room, headers, query);
      expect([room, headers, await outcome]).toEqual([room, headers, status]);
      socket.terminate();
    }
  });

  it('outlives ten thousand frames of nonsense from people who may write and who may not', async () => {
    const viewer = await test.member('viewer');
    const before = await stateOf(test);
    const text = (await owner.call('GET', `/notebooks/${notebook}/export`)).text;
    let seed = 7;
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    let sent = 0;
    while (sent < 10_000) {
      const { socket, outcome, closed } = rawSocket(test, notebook, {
        cookie: sent % 2 ? viewer.cookie : owner.cookie,
      });
      expect(await outcome).toBe('open');
      for (let n = 0; n < 400 && socket.readyState === socket.OPEN; n++) {
        const frame = Buffer.from(Array.from({ length: 1 + random(24) }, () => random(256)));
        // Half of them look like sync and awareness messages at their beginning.
        if (n % 2 === 0) frame[0] = random(4);
        if (n % 4 === 0 && frame.length > 1) frame[1] = random(3);
        socket.send(frame);
        sent += 1;
      }
      const forced = setTimeout(() => socket.terminate(), 300);
      await closed;
      clearTimeout(forced);
    }
    expect((await owner.call('GET', `/notebooks/${notebook}/export`)).text).toBe(text);
    expect(await stateOf(test)).toBe(before);
    await expectAlive(test, owner);
  }, 60_000);
});
