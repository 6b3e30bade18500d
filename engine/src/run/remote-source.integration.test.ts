import { createTestDatabase } from '@datacraft/migrations/testing';
import { Fault } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteAccess } from '../source/source.ts';
import { createApiServer } from '../source/testing/api-server.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, taskOf } from './testing/workshop.ts';

let shop: Workshop;
let api: Awaited<ReturnType<typeof createApiServer>>;
let rows: { id: number; at: string; total: number | string }[] = [];

beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  api = await createApiServer(({ url }) => ({
    body: rows.filter((row) => row.at >= (url.searchParams.get('since') ?? '')),
  }));
});
afterAll(async () => {
  await api.stop();
  await shop.close();
});

const remote = (): RemoteAccess => ({
  allowedHosts: [api.host],
  secret: (name) => Promise.reject(new Fault('not-found', `no secret ${name}`)),
  connection: (name) => Promise.reject(new Fault('not-found', `no connection ${name}`)),
});

const run = (name: string, extra = '', more = '', request = {}) =>
  shop.run(`\`\`\`source ${name}\ntype: http\nurl: ${api.origin}/orders\n${extra}\`\`\`\n${more}`, {
    deps: { remote: remote() },
    owner: name,
    ...request,
  });

const incremental = 'incremental: { cursor: at, param: since }\n';

describe('a source outside this machine', () => {
  it('X1 is fresh while its answer is the same, and replaced when it is not', async () => {
    rows = [{ id: 1, at: '2026-01-01', total: 10 }];
    expect(taskOf(await run('whole'), 'whole')).toMatchObject({ state: 'succeeded', rowsWritten: 1 });
    expect(taskOf(await run('whole'), 'whole')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    rows = [{ id: 2, at: '2026-01-02', total: 20 }];
    await run('whole');
    expect(await shop.rows('select id, total from bronze.whole')).toEqual([['2', '20']]);
  });

  it('X2 adds what is new in each run, and begins anew on a full refresh', async () => {
    rows = [{ id: 1, at: '2026-01-01', total: 10 }];
    await run('added', incremental);
    rows.push({ id: 2, at: '2026-01-01', total: 20 }, { id: 3, at: '2026-01-02', total: 30 });
    await run('added', incremental);
    expect(taskOf(await run('added', incremental), 'added')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    expect(await shop.rows('select id from bronze.added order by id')).toEqual([['1'], ['2'], ['3']]);
    rows = [{ id: 9, at: '2026-01-09', total: 90 }];
    await run('added', incremental, '', { fullRefresh: true });
    expect(await shop.rows('select id from bronze.added')).toEqual([['9']]);
  });

  it('X2 keeps the columns and types of the table, whatever the new records lack', async () => {
    rows = [{ id: 1, at: '2026-01-01', total: 10.5 }];
    await run('typed', incremental);
    rows = [{ id: 2, at: '2026-01-02' } as (typeof rows)[number]];
    await run('typed', incremental);
    expect(await shop.rows('select id, total from bronze.typed order by id')).toEqual([
      ['1', 10.5],
      ['2', null],
    ]);
  });

  it('X2 reads the same records again after a run that published nothing', async () => {
    rows = [{ id: 1, at: '2026-01-01', total: 10 }];
    await run('again', incremental);
    rows.push({ id: 2, at: '2026-01-02', total: 20 });
    const aborted = new AbortController();
    aborted.abort(new Fault('cancelled', 'stopped by the test'));
    await run('again', incremental, '', { signal: aborted.signal });
    await run('again', incremental);
    expect(await shop.rows('select id from bronze.again order by id')).toEqual([['1'], ['2']]);
  });

  it('sets aside records that do not fit a declared type, beside those set aside before (I7)', async () => {
    const declared = `${incremental}columns: { total: integer }\nrejects: table\n`;
    rows = [
      { id: 1, at: '2026-01-01', total: 'x' },
      { id: 2, at: '2026-01-01', total: 2 },
    ];
    await run('partly', declared);
    rows = [{ id: 3, at: '2026-01-03', total: 'y' }];
    await run('partly', declared);
    expect(await shop.rows('select id from bronze.partly')).toEqual([['2']]);
    expect(await shop.rows('select count(*)::int from bronze.partly_rejects')).toEqual([[2]]);
  });

  it('that cannot be reached fails its own task, and says why', async () => {
    const report = await shop.run('```source away\ntype: http\nurl: http://127.0.0.1:1/x\n```\n', {
      deps: { remote: remote() },
    });
    expect(taskOf(report, 'away').error).toMatchObject({ code: 'forbidden' });
  });
});
