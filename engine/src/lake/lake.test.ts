import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLake, type Lake } from './lake.ts';

let dir: string;
let lake: Lake;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'datacraft-lake-'));
  lake = createLake({ root: join(dir, 'lake'), randomHex: () => '0badcafe' });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const ref = { layer: 'gold', name: 'daily sales/ç' } as const;

describe('a lake', () => {
  it('gives a table a place by layer and name', () => {
    expect(lake.newTableLocation(ref)).toBe(`file://${dir}/lake/gold/daily_sales__-0badcafe`);
  });

  it('goes from URL to path and back without encoding', () => {
    const path = `${dir}/lake/gold/with space é/a.parquet`;
    expect(lake.pathOf(lake.urlOf(path))).toBe(path);
  });

  it('takes the URLs of engines on Hadoop for what they are', () => {
    expect(lake.pathOf(`file:${lake.root}/gold/t/a`)).toBe(`${lake.root}/gold/t/a`);
    expect(() => lake.pathOf('file:/etc/passwd')).toThrow(/below the lake/);
    expect(() => lake.pathOf('file://host/gold')).toThrow(/file:\/\/\//);
  });

  it('writes and reads files', async () => {
    const files = ['a', 'b'].map((name) => ({
      url: lake.urlOf(`${lake.root}/gold/t/metadata/${name}`),
      bytes: Buffer.from(name),
    }));
    await lake.writeAll(files);
    expect((await lake.read(files[1]?.url ?? '')).toString()).toBe('b');
    expect((await lake.list()).map((file) => file.url).toSorted()).toEqual(files.map((file) => file.url));
  });

  it('L1 writes a file once', async () => {
    const file = { url: lake.urlOf(`${lake.root}/gold/t/a`), bytes: Buffer.from('first') };
    await lake.writeAll([file]);
    await expect(lake.writeAll([{ ...file, bytes: Buffer.from('second') }])).rejects.toMatchObject({
      code: 'internal',
    });
    expect((await lake.read(file.url)).toString()).toBe('first');
    await writeFile(join(dir, 'other'), 'third');
    await expect(lake.adopt(join(dir, 'other'), file.url)).rejects.toMatchObject({ code: 'internal' });
  });

  it('adopts a file, and leaves the original', async () => {
    await writeFile(join(dir, 'written'), 'rows');
    const url = lake.urlOf(`${lake.root}/gold/t/data/a.parquet`);
    await lake.adopt(join(dir, 'written'), url);
    expect((await lake.read(url)).toString()).toBe('rows');
    expect(await readFile(join(dir, 'written'), 'utf8')).toBe('rows');
  });

  it('L2 says when an adopted file is durable', async () => {
    await writeFile(join(dir, 'late'), 'rows');
    const url = lake.urlOf(`${lake.root}/gold/t/data/late.parquet`);
    await lake.adopt(join(dir, 'late'), url);
    await expect(lake.durable([url])).resolves.toBeUndefined();
    await expect(lake.durable([url, lake.urlOf(`${lake.root}/gold/t/data/of-another-run`)])).resolves.toBeUndefined();
  });

  it('L3 touches nothing outside its root', async () => {
    await writeFile(join(dir, 'secret'), 'x');
    for (const url of [
      `file://${dir}/secret`,
      `file://${lake.root}/../secret`,
      `file://${lake.root}-other/secret`,
      `file://${lake.root}`,
    ]) {
      await expect(lake.read(url)).rejects.toMatchObject({ code: 'internal' });
      await expect(lake.remove(url)).rejects.toMatchObject({ code: 'internal' });
    }
  });

  it('removes a file and the directories that this empties', async () => {
    const [a, b] = ['t/data/a', 'u/b'].map((name) => lake.urlOf(`${lake.root}/gold/${name}`));
    await lake.writeAll([a, b].map((url) => ({ url: url ?? '', bytes: Buffer.alloc(1) })));
    await lake.remove(a ?? '');
    await lake.remove(a ?? '');
    expect(await readdir(`${lake.root}/gold`)).toEqual(['u']);
  });

  it('says that a file is missing, without the path of the server', async () => {
    const missing = lake.read(lake.urlOf(`${lake.root}/gold/t/gone.avro`));
    await expect(missing).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('missing: gone.avro'),
    });
    await expect(missing).rejects.not.toMatchObject({ message: expect.stringContaining(dir) });
  });

  it('is on disk: an object store is refused in words', () => {
    expect(() => createLake({ root: 's3://bucket/lake' })).toThrow(/object stores are not supported yet/);
    expect(() => lake.pathOf('s3://bucket/lake/a')).toThrow(/object stores are not supported yet/);
  });
});
