import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultOf } from '../testing/workbench.ts';
import { isPublicAddress } from '../network/address.ts';
import { createFileResolver, createUploadResolver } from './resolver.ts';

let base: string;
let root: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'datacraft-files-'));
  root = join(base, 'notebook');
  await mkdir(join(root, 'data/deep'), { recursive: true });
  await mkdir(join(base, 'allowed'));
  await mkdir(join(base, 'notebook-2'));
  for (const name of ['notebook/b.csv', 'notebook/a.csv', 'notebook/data/deep/x.json', 'notebook/[odd].csv']) {
    await writeFile(join(base, name), 'a,b\n1,2\n');
  }
  for (const name of ['secret.csv', 'allowed/ok.csv', 'notebook-2/c.csv'])
    await writeFile(join(base, name), 'secret\n');
  await symlink(join(base, 'secret.csv'), join(root, 'link.csv'));
  await symlink(base, join(root, 'up'));
  await symlink(join(root, 'a.csv'), join(root, 'inner.csv'));
  await symlink(join(root, 'loop'), join(root, 'loop'));
  await link(join(base, 'secret.csv'), join(root, 'hard.csv'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

const resolver = (allowedPaths: string[] = []) =>
  createFileResolver({ root, allowedPaths, cacheDir: join(base, 'cache') });
const names = async (path: string, allowed?: string[]) => (await resolver(allowed)(path)).map(({ shownAs }) => shownAs);

describe('files beside the notebook', () => {
  it('are found by name, with size and hash', async () => {
    expect(await resolver()('./a.csv')).toEqual([
      {
        path: expect.stringMatching(/notebook\/a\.csv$/) as string,
        shownAs: './a.csv',
        sizeBytes: 8,
        sha256: createHash('sha256').update('a,b\n1,2\n').digest('hex'),
      },
    ]);
  });

  it('F3 are found by glob, sorted', async () => {
    expect(await names('[ab].csv')).toEqual(['a.csv', 'b.csv']);
    expect(await names('data/**/*.json')).toEqual(['data/deep/x.json']);
  });

  it('may have a name that looks like a glob, and may be linked within the folder', async () => {
    expect(await names('[odd].csv')).toEqual(['[odd].csv']);
    expect(await names('inner.csv')).toEqual(['inner.csv']);
  });

  it.each([
    '../secret.csv',
    'data/../../secret.csv',
    '../notebook-2/c.csv',
    '/etc/passwd',
    'link.csv',
    'up/secret.csv',
    'up/*.csv',
    '../*.csv',
    'data/*/../../../*.csv',
    '/etc/*',
    'hard.csv',
    '../does-not-exist.csv',
    'a.csv\0.txt',
  ])('F1 are the only ones: %j is refused', async (path) => {
    expect(await faultOf(resolver()(path))).toMatchObject({ code: 'forbidden' });
  });

  it('F1 may lie in a folder that the operator listed', async () => {
    expect(await names('../allowed/ok.csv', [join(base, 'allowed')])).toEqual(['../allowed/ok.csv']);
    expect(await names(join(base, 'allowed/*.csv'), [join(base, 'allowed')])).toHaveLength(1);
    expect(await faultOf(resolver([join(base, 'allowed')])('../secret.csv'))).toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['nope.csv', 'does not exist'],
    ['nope-*.csv', 'no file matches'],
    ['data', 'is a folder'],
    ['', 'path is empty'],
    ['a.csv/x', 'does not exist'],
    ['loop', 'link loop'],
  ])('that cannot be read say why: %j', async (path, words) => {
    const fault = await faultOf(resolver()(path));
    expect(fault.code).toBe('source-unreadable');
    expect(fault.message).toContain(words);
  });

  it('have another hash when their content changes', async () => {
    await writeFile(join(root, 'change.csv'), 'a\n1\n');
    const [before] = await resolver()('change.csv');
    await writeFile(join(root, 'change.csv'), 'a\n2\n');
    const [after] = await resolver()('change.csv');
    expect(after?.sha256).not.toBe(before?.sha256);
  });
});

describe('uploads', () => {
  it('are found by id, by name, and only in their own notebook', async () => {
    const filesDir = join(base, 'files');
    for (const id of ['nb_1', 'nb_2', 'file_3']) {
      await mkdir(join(filesDir, id), { recursive: true });
      await writeFile(join(filesDir, id, 'vendas 1.csv'), id);
    }
    const resolve = createUploadResolver({ filesDir, notebookId: 'nb_1', cacheDir: join(base, 'cache') });
    expect(await resolve('vendas 1.csv')).toHaveLength(1);
    expect(await resolve('upload://file_3/vendas%201.csv')).toHaveLength(1);
    for (const path of [
      'upload://nb_2/vendas 1.csv',
      '../nb_2/vendas 1.csv',
      'upload://file_3/../nb_2/vendas 1.csv',
      'upload://file_3/%2e%2e/nb_2/vendas 1.csv',
    ]) {
      expect(await faultOf(resolve(path))).toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('URLs', () => {
  let server: Server;
  let port: number;
  let hits: number;
  beforeAll(async () => {
    hits = 0;
    server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/data.csv' }).end();
      else if (request.url === '/inside') response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
      else if (request.url === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end();
      else if (request.url === '/big') response.end('x'.repeat(5000));
      else if (request.url === '/silent') response.writeHead(200).write('a');
      else if (request.url?.startsWith('/data.csv') === true) {
        if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
        else {
          hits++;
          response.writeHead(200, { etag: '"1"' }).end('a,b\n1,2\n');
        }
      } else response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetching = (path: string, rules: object = {}) =>
    createFileResolver({ root, cacheDir: join(base, 'cache'), allowedHosts: [`127.0.0.1:${port}`], ...rules })(
      `http://127.0.0.1:${port}${path}`,
    );

  it('are fetched into the cache, through redirects, and not again while unchanged', async () => {
    const [first] = await fetching('/moved');
    const [second] = await fetching('/data.csv?token=1');
    expect(second).toMatchObject({ shownAs: `http://127.0.0.1:${port}/data.csv`, sha256: first?.sha256, sizeBytes: 8 });
    const before = hits;
    await fetching('/data.csv?token=1');
    expect(hits).toBe(before);
  });

  it.each(['/inside', '/file'])('F2 redirects do not lead where a URL may not: %s', async (path) => {
    expect(await faultOf(fetching(path))).toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['/round', {}, 'redirects more than'],
    ['/none', {}, 'answered 404'],
    ['/big', { maxBytes: 1000 }, 'larger than'],
    ['/silent', { timeoutMs: 200 }, ''],
  ])('end in a fault that says why: %s', async (path, rules, words) => {
    expect((await faultOf(fetching(path, rules))).message).toContain(words);
  });

  it('stop when they are aborted', async () => {
    const abort = new AbortController();
    const work = faultOf(fetching('/silent', { signal: abort.signal }));
    abort.abort();
    expect((await work).code).toBe('cancelled');
  });

  it.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://0.0.0.0/',
    'http://user:pass@example.com/',
  ])('F2 do not reach inside: %s', async (url) => {
    expect(await faultOf(resolver()(url))).toMatchObject({ code: 'forbidden' });
  });

  it('of other kinds are not read', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://example.com/x', 's3://bucket/x.csv', 'gopher://x/']) {
      expect(await faultOf(resolver()(url))).toMatchObject({ code: 'unsupported' });
    }
  });
});

it.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['192.168.1.1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::a00:1', false],
  ['2002:a00:1::', false],
  ['not an address', false],
])('isPublicAddress(%j) is %j', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
