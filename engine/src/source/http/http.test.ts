import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpSource } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import { afterEach, describe, expect, it } from 'vitest';
import type { IdentifiedSource, SourceContext } from '../source.ts';
import type { Asked, Reply } from '../testing/api-server.ts';
import { createApiServer } from '../testing/api-server.ts';
import { httpAdapter } from './http.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const secrets: Readonly<Record<string, string>> = { shop_api: 's3cr3t', id: 'client', key: 'k/ey' };

async function api(answer: (asked: Asked) => Reply) {
  const server = await createApiServer(answer);
  const tempDir = await mkdtemp(join(tmpdir(), 'datacraft-http-'));
  closing.push(server.stop, () => rm(tempDir, { recursive: true, force: true }));
  const context = (extra: Partial<SourceContext> = {}, allowed: readonly string[] = [server.host]): SourceContext => ({
    resolve: () => Promise.reject(new Error('http reads no files')),
    tempDir,
    remote: {
      allowedHosts: allowed,
      connection: (name) => Promise.reject(new Fault('not-found', `no connection ${name}`)),
      secret: (name) => {
        const value = secrets[name];
        return value === undefined
          ? Promise.reject(new Fault('not-found', `no secret ${name}`))
          : Promise.resolve(value);
      },
    },
    ...extra,
  });
  const read = async (options: Partial<HttpSource> = {}, extra: Partial<SourceContext> = {}) => {
    const spec: HttpSource = { type: 'http', url: `${server.origin}/orders`, ...options };
    return httpAdapter.identify(spec, context(extra));
  };
  return { ...server, context, read };
}

async function records(identified: IdentifiedSource): Promise<unknown[]> {
  const text = await readFile(identified.files[0]?.path ?? '', 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!isFault(outcome)) throw new Error(`expected a fault, got ${String(outcome)}`);
  return outcome;
}

const five = [1, 2, 3, 4, 5].map((id) => ({ id }));

describe('pages', () => {
  it('follows link headers to the last page', async () => {
    const { read, origin } = await api(({ url }) => {
      const page = Number(url.searchParams.get('page') ?? 1);
      const next =
        page < 3
          ? { link: `<${origin}/orders?page=${page + 1}>; rel="next", <${origin}/orders?page=1>; rel="first"` }
          : {};
      return { headers: next, body: five.slice(page * 2 - 2, page * 2) };
    });
    expect(await records(await read({ pagination: { type: 'link' } }))).toEqual(five);
  });

  it('G2 counts pages until one is empty, also when the API gives fewer than asked for', async () => {
    const { read, asked } = await api(({ url }) => {
      const page = Number(url.searchParams.get('p'));
      return { body: { data: five.slice(page * 2 - 2, page * 2) } };
    });
    const pagination = { type: 'page', param: 'p', size: 100 } as const;
    expect(await records(await read({ pagination, records: '$.data' }))).toEqual(five);
    expect(asked.map(({ url }) => url.search)).toEqual([
      '?p=1&size=100',
      '?p=2&size=100',
      '?p=3&size=100',
      '?p=4&size=100',
    ]);
  });

  it('takes a page that is not found for the end, and a first page that is not found for a fault', async () => {
    const { read } = await api(({ url }) => (url.searchParams.get('page') === '1' ? { body: five } : { status: 404 }));
    expect(await records(await read({ pagination: { type: 'page' } }))).toEqual(five);
    const nothing = await api(() => ({ status: 404 }));
    expect((await faultOf(nothing.read())).message).toContain('answered 404; check url:');
  });

  it('moves an offset by the records that came', async () => {
    const { read } = await api(({ url }) => {
      const from = Number(url.searchParams.get('offset'));
      return { body: five.slice(from, from + Math.min(2, Number(url.searchParams.get('limit')))) };
    });
    expect(await records(await read({ pagination: { type: 'offset', param: 'offset', limit: 3 } }))).toEqual(five);
  });

  it('hands on a cursor until there is none', async () => {
    const { read } = await api(({ url }) => {
      const from = Number(url.searchParams.get('after') ?? 0);
      return { body: { items: five.slice(from, from + 2), meta: { next: from + 2 < 5 ? from + 2 : null } } };
    });
    const pagination = { type: 'cursor', param: 'after', path: '$.meta.next' } as const;
    expect(await records(await read({ pagination, records: '$.items' }))).toEqual(five);
  });

  it('G1 says when the API does not hear the pagination', async () => {
    const { read } = await api(() => ({ body: five }));
    const fault = await faultOf(read({ pagination: { type: 'page' } }));
    expect(fault.message).toContain('page 2 with the records of the page before');
  });
});

describe('credentials', () => {
  it.each([
    [{ type: 'bearer', token: 'secret://shop_api' }, { authorization: 'Bearer s3cr3t' }],
    [
      { type: 'basic', username: 'ana', password: 'secret://shop_api' },
      { authorization: `Basic ${btoa('ana:s3cr3t')}` },
    ],
    [{ type: 'api_key', key: 'secret://key', name: 'X-Key' }, { 'x-key': 'k/ey' }],
  ] as const)('sends %o', async (auth, headers) => {
    const { read, asked } = await api(() => ({ body: five }));
    await read({ auth });
    expect(asked[0]?.headers).toMatchObject(headers);
  });

  it('puts a key into the query when asked to, and into no message', async () => {
    const { read, asked } = await api(() => ({ status: 400 }));
    const fault = await faultOf(read({ auth: { type: 'api_key', key: 'secret://key', name: 'k', in: 'query' } }));
    expect(asked[0]?.url.searchParams.get('k')).toBe('k/ey');
    expect(JSON.stringify([fault.message, fault.facts])).not.toContain('k/ey');
  });

  it('gets an access token by client credentials first', async () => {
    const { read, asked, origin } = await api(({ url }) => ({
      body: url.pathname === '/token' ? { access_token: 't0' } : five,
    }));
    await read({
      auth: {
        type: 'oauth2',
        token_url: `${origin}/token`,
        client_id: 'secret://id',
        client_secret: 'secret://shop_api',
      },
    });
    expect(asked[0]?.body).toBe('grant_type=client_credentials&client_id=client&client_secret=s3cr3t');
    expect(asked[1]?.headers.authorization).toBe('Bearer t0');
  });

  it('H2 sends nothing of it to another origin, whoever leads there', async () => {
    const other = await api(() => ({ body: five }));
    const { origin, context, host } = await api(() => ({
      status: 302,
      headers: { location: `${other.origin}/elsewhere` },
    }));
    const spec: HttpSource = {
      type: 'http',
      url: `${origin}/orders`,
      auth: { type: 'bearer', token: 'secret://shop_api' },
    };
    await httpAdapter.identify(spec, context({}, [host, other.host]));
    expect(other.asked[0]?.headers.authorization).toBeUndefined();
  });

  it('names a secret that is not there', async () => {
    const { read } = await api(() => ({ body: five }));
    expect((await faultOf(read({ auth: { type: 'bearer', token: 'secret://nobody' } }))).code).toBe('not-found');
  });
});

describe('the network', () => {
  it('refuses private addresses that the operator did not list', async () => {
    const { origin, context, asked } = await api(() => ({ body: five }));
    const fault = await faultOf(httpAdapter.identify({ type: 'http', url: `${origin}/orders` }, context({}, [])));
    expect([fault.code, asked.length]).toEqual(['forbidden', 0]);
  });

  it('waits as told and tries again when asked too often', async () => {
    let turns = 0;
    const { read } = await api(() =>
      (turns += 1) === 1 ? { status: 429, headers: { 'retry-after': '0' } } : { body: five },
    );
    expect(await records(await read())).toEqual(five);
    expect(turns).toBe(2);
  });

  it('says a wrong login at once', async () => {
    const { read, asked } = await api(() => ({ status: 401 }));
    expect((await faultOf(read())).message).toContain('answered 401 Unauthorized; check auth:');
    expect(asked).toHaveLength(1);
  });
});

describe('records', () => {
  it('keep all digits of their numbers', async () => {
    const { read } = await api(() => ({ body: '[{"id":12345678901234567890,"x":0.1000000000000000055,"y":1.50}]' }));
    const identified = await read();
    expect(await readFile(identified.files[0]?.path ?? '', 'utf8')).toBe(
      '{"id":12345678901234567890,"x":0.1000000000000000055,"y":1.5}\n',
    );
  });

  it('are one when the answer is one object, and are named value when they are no objects', async () => {
    const one = await api(() => ({ body: { id: 7 } }));
    expect(await records(await one.read())).toEqual([{ id: 7 }]);
    const bare = await api(() => ({ body: { list: [1, 'a'] } }));
    expect(await records(await bare.read({ records: '$.list' }))).toEqual([{ value: 1 }, { value: 'a' }]);
  });

  it('X1 give the same identity while the answer is the same', async () => {
    let extra: object[] = [];
    const { read } = await api(() => ({ body: [...five, ...extra] }));
    const [first, second] = [await read(), await read()];
    extra = [{ id: 6 }];
    expect(second.identity).toBe(first.identity);
    expect((await read()).identity).not.toBe(first.identity);
  });

  it('X3 are not asked for to say whether a cell is stale', async () => {
    const { read, asked } = await api(() => ({ body: five }));
    const last = { identity: 'then', state: null, columns: [] };
    expect((await read({}, { reading: 'status', last })).identity).toBe('then');
    expect(asked).toHaveLength(0);
  });
});

describe('incremental', () => {
  const at = (id: number, minute: number) => ({ id, updated_at: `2026-01-01T00:0${minute}:00Z` });
  const incremental = { cursor: 'updated_at', param: 'since' } as const;

  it('H1 asks from the greatest cursor, adds what is new at the boundary and nothing twice', async () => {
    const rows = [at(1, 1), at(2, 2), at(3, 2)];
    const { read, asked } = await api(({ url }) => ({
      body: rows.filter((row) => row.updated_at >= (url.searchParams.get('since') ?? '')),
    }));
    const first = await read({ incremental });
    expect(await records(first)).toHaveLength(3);
    rows.push(at(4, 2), at(5, 3));
    const last = { identity: first.identity, state: first.state ?? null, columns: [] };
    const second = await read({ incremental }, { last });
    expect(asked[1]?.url.searchParams.get('since')).toBe('2026-01-01T00:02:00Z');
    expect([second.mode, await records(second)]).toEqual(['append', [at(4, 2), at(5, 3)]]);
    const third = await read(
      { incremental },
      { last: { ...last, identity: second.identity, state: second.state ?? null } },
    );
    expect([third.identity, await records(third)]).toEqual([second.identity, []]);
  });

  it('H1 adds nothing twice when the API answers everything again', async () => {
    const { read } = await api(() => ({ body: [at(1, 1), at(2, 2)] }));
    const first = await read({ incremental });
    const second = await read(
      { incremental },
      { last: { identity: first.identity, state: first.state ?? null, columns: [] } },
    );
    expect([second.identity, await records(second)]).toEqual([first.identity, []]);
  });

  it('says which record has no cursor', async () => {
    const { read } = await api(() => ({ body: [{ id: 1 }] }));
    expect((await faultOf(read({ incremental }))).message).toContain('a record has no updated_at');
  });
});
