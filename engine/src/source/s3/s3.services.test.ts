import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useServices } from '../../../../scripts/services/for-tests.ts';
import type { Workshop } from '../../run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../../run/testing/workshop.ts';
import { conforms } from '../testing/conformance/conforms.ts';
import { s3Bed } from '../testing/conformance/message-beds.ts';
import { remoteAccess } from '../testing/remote-database.ts';
import type { S3Client } from './client.ts';
import { createS3Client } from './client.ts';

const env = useServices('s3');
const BUCKET = 'dc-source-test';
let shop: Workshop;
let store: S3Client;

beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  const [accessKey, secretKey] = [env['S3_ACCESS_KEY_ID'] ?? '', env['S3_SECRET_ACCESS_KEY'] ?? ''];
  const signer = { region: 'us-east-1', accessKey, secretKey, sessionToken: null };
  const endpoint = new URL(env['S3_ENDPOINT'] ?? '');
  store = createS3Client({ place: { endpoint, region: 'us-east-1', signer }, allowedHosts: ['127.0.0.1'] });
  await store.put(BUCKET, '', Buffer.alloc(0)).catch((error: unknown) => {
    if (!String(error).includes('409')) throw error;
  });
  for await (const page of store.list(BUCKET, '')) for (const { key } of page) await store.remove(BUCKET, key);
});
afterAll(() => shop.close());

const put = (key: string, text: string) => store.put(BUCKET, key, Buffer.from(text));

function access(hosts = ['127.0.0.1'], secret = env['S3_SECRET_ACCESS_KEY']) {
  const config = { endpoint: env['S3_ENDPOINT'] ?? '', access_key: 'datacraft', secret_key: 'secret://lake_key' };
  return remoteAccess(hosts, { lake_key: secret ?? '' }, { lake: { type: 's3', config } });
}

async function run(name: string, keys: string, { hosts = ['127.0.0.1'], secret = env['S3_SECRET_ACCESS_KEY'] } = {}) {
  const remote = access(hosts, secret);
  const text = `\`\`\`source ${name}\n${keys}\nconnection: lake\n\`\`\`\n`;
  return taskOf(await shop.run(text, { deps: { remote }, owner: name }), name);
}

describe('objects of a real store', () => {
  const keys = `type: s3\npath: s3://${BUCKET}/orders/**/*.csv`;

  it('are added once each, also when a run comes again', async () => {
    await put('orders/2026/a b+c.csv', 'id,amount\n1,10.5\n2,20\n');
    await put('orders/2026/note.txt', 'no data');
    expect(await run('orders', keys)).toMatchObject({ state: 'succeeded', rowsWritten: 2 });
    expect(await run('orders', keys)).toMatchObject({ state: 'skipped', reason: 'fresh' });
    await put('orders/b.csv', 'id,amount\n3,30\n');
    expect(await run('orders', keys)).toMatchObject({ state: 'succeeded', rowsWritten: 3 });
    expect(await shop.rows('select id, amount::varchar from bronze.orders order by id')).toEqual([
      ['1', '10.5'],
      ['2', '20.0'],
      ['3', '30.0'],
    ]);
  });

  it('stay in the table when they are gone, and are read anew when one was written over', async () => {
    await store.remove(BUCKET, 'orders/b.csv');
    await put('orders/c.csv', 'id,amount,channel\n4,40,web\n');
    expect(await run('orders', keys)).toMatchObject({ rowsWritten: 4 });
    expect(await shop.rows('select id, channel from bronze.orders order by id')).toEqual([
      ['1', null],
      ['2', null],
      ['3', null],
      ['4', 'web'],
    ]);
    await put('orders/c.csv', 'id,amount,channel\n5,50,app\n');
    await run('orders', keys);
    expect(await shop.rows('select id from bronze.orders order by id')).toEqual([['1'], ['2'], ['5']]);
  });

  it('keep bad rows apart, are unpacked, and may be JSON and Parquet', async () => {
    await put('mixed/a.ndjson', '{"id": 1, "n": {"x": 1}}\n{"id": 2}\nbroken\n');
    const json = await run('lines', `type: s3\npath: s3://${BUCKET}/mixed/*.ndjson\nrejects: table`);
    expect(json).toMatchObject({ state: 'succeeded', rowsWritten: 2, rowsRejected: 1 });
    const session = await shop.deps.duck.open({ writableDir: shop.root });
    await session.run(`copy (select 7 as id) to '${shop.root}/one.parquet' (format parquet)`);
    await session.close();
    await store.put(BUCKET, 'mixed/one.parquet', await readFile(join(shop.root, 'one.parquet')));
    expect(await run('typed', `type: parquet\npath: s3://${BUCKET}/mixed/*.parquet`)).toMatchObject({ rowsWritten: 1 });
    await store.put(BUCKET, 'mixed/zip.csv.gz', gzipSync('id\n1\n2\n'));
    expect(await run('packed', `type: s3\npath: s3://${BUCKET}/mixed/*.gz`)).toMatchObject({ rowsWritten: 2 });
    const path = `s3://${BUCKET}/mixed/a.ndjson`;
    const plain = await run('plain', `type: json\npath: ${path}\nrejects: table`);
    expect(plain).toMatchObject({ state: 'succeeded', rowsWritten: 2 });
  });

  it('are listed page by page', async () => {
    await Promise.all(Array.from({ length: 7 }, (_, at) => put(`many/${at}.csv`, `id\n${at}\n`)));
    const pages: number[] = [];
    for await (const page of store.list(BUCKET, 'many/', 3)) pages.push(page.length);
    expect(pages).toEqual([3, 3, 1]);
    const many = await run('many', `type: s3\npath: s3://${BUCKET}/many/`);
    expect(many).toMatchObject({ state: 'succeeded', rowsWritten: 7 });
  });

  it('are asked for with the right key, and not in private networks', async () => {
    const wrong = await run('wrong', keys, { secret: 'not-the-key' });
    expect(wrong.error).toMatchObject({ code: 'source-unreadable' });
    expect(wrong.error?.message).toContain('check access_key');
    expect(wrong.error?.message).not.toContain('not-the-key');
    expect((await run('private', keys, { hosts: [] })).error).toMatchObject({ code: 'forbidden' });
    expect((await run('none', `type: s3\npath: s3://${BUCKET}/nowhere/*.csv`)).error?.message).toContain('no object');
  });

  it('are written by the export of a cell, once for a snapshot', async () => {
    const exports = `  - { type: s3, connection: lake, path: "s3://${BUCKET}/out/" }`;
    const text = `\`\`\`sql sent\n---\nexport:\n${exports}\n---\nselect range as id from range(5)\n\`\`\`\n`;
    await shop.run(text, { deps: { remote: access() }, owner: 'sent' });
    await shop.run(text, { deps: { remote: access() }, owner: 'sent' });
    const back = await run('back', `type: s3\npath: s3://${BUCKET}/out/*.parquet`);
    expect(back).toMatchObject({ state: 'succeeded', rowsWritten: 5 });
  });
});

conforms(
  's3',
  () => shop,
  s3Bed(() => ({ store, bucket: BUCKET, remote: access() })),
);
