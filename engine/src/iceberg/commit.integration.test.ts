/** Real PostgreSQL, real DuckDB, real files. */
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Fault, type RelationRef } from '@datacraft/shared';
import type { Lake } from '../lake/lake.ts';
import { listTables } from './catalog.ts';
import { commitTables } from './commit.ts';
import { decodeManifestList } from './manifest.ts';
import { currentSnapshot } from './metadata.ts';
import { loadTable, snapshotsOf } from './load-table.ts';
import { sweepOrphans } from './sweep.ts';
import { createTestDatabase } from '../../../migrations/test-database.ts';
import { useWarehouse } from './testing/use-warehouse.ts';

const world = useWarehouse(createTestDatabase);
let count = 0;
const newRef = (): RelationRef => ({ layer: 'silver', name: `orders_${++count}` });

describe('commitTables', () => {
  it('W1 leaves readers untouched when its transaction rolls back, and the sweep clears up', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: 'select 1 as id', mode: 'overwrite' });
    const before = await world.warehouse.load(ref);
    const staged = await world.warehouse.stage({ ref, select: 'select 2 as id', mode: 'overwrite' });
    const failing = world.warehouse.transaction(async (client) => {
      await commitTables(client, world.warehouse.lake, [staged], { nowMs: Date.now(), summary: {} });
      throw new Error('the lease was lost');
    });
    await expect(failing).rejects.toThrow('the lease was lost');
    expect(await world.warehouse.load(ref)).toEqual(before);
    expect(await world.warehouse.read(ref)).toEqual([[1]]);
    const kept = await sweepOrphans(world.database.pool, world.warehouse.lake, {
      nowMs: Date.now(),
      graceMs: 60_000,
      unpublishedSinceMs: Date.now(),
    });
    expect(kept.files).toBe(0);
    const later = { nowMs: Date.now() + 1000, graceMs: 0, unpublishedSinceMs: Date.now() + 1000 };
    const swept = await sweepOrphans(world.database.pool, world.warehouse.lake, later);
    expect(swept.files).toBeGreaterThanOrEqual(5);
    for (const { ref: each } of await listTables(world.database.pool)) {
      const table = await world.warehouse.load(each);
      for (const one of snapshotsOf(table))
        await world.warehouse.read(each, 'select count(*) from t', { snapshotId: one.snapshotId });
    }
    expect(await readdir(`${world.warehouse.lake.pathOf(before.location)}/data`)).toHaveLength(1);
  });

  it('L2 does the rest of its transaction while the disk takes its files, and waits for both', async () => {
    const ref = newRef();
    const staged = await world.warehouse.stage({ ref, select: 'select 1 as n', mode: 'overwrite' });
    const order: string[] = [];
    const slow: Lake = {
      ...world.warehouse.lake,
      writeAll: async (files) => {
        order.push('writes');
        await rest.promise;
        await world.warehouse.lake.writeAll(files);
        order.push('written');
      },
    };
    const rest = Promise.withResolvers<void>();
    const options = { nowMs: Date.now(), summary: {} };
    await world.warehouse.transaction(async (client) => {
      await commitTables(client, slow, [staged], options, async (committed) => {
        order.push(`knows ${String(committed.length)}`);
        rest.resolve();
      });
      order.push('commits');
    });
    expect(order).toEqual(['writes', 'knows 1', 'written', 'commits']);
    expect(await world.warehouse.read(ref)).toEqual([[1]]);
  });

  it('W1 is not there when its files cannot be written, whatever the rest came to', async () => {
    const ref = newRef();
    const staged = await world.warehouse.stage({ ref, select: 'select 1 as n', mode: 'overwrite' });
    const full: Lake = {
      ...world.warehouse.lake,
      writeAll: () => Promise.reject(new Fault('disk-full', 'no space left')),
    };
    let isDone = false;
    const publish = world.warehouse.transaction((client) =>
      commitTables(client, full, [staged], { nowMs: Date.now(), summary: {} }, async () => {
        await sleep(50);
        isDone = true;
      }),
    );
    await expect(publish).rejects.toMatchObject({ code: 'disk-full' });
    expect(isDone).toBe(true);
    expect(await loadTable(world.database.pool, world.warehouse.lake, ref)).toBeNull();
  });

  it('commits several tables, and one table twice, in one transaction', async () => {
    const [a, b] = [newRef(), newRef()];
    await world.warehouse.publish(
      { ref: b, select: 'select 1 as id', mode: 'append' },
      { ref: a, select: 'select 2 as id', mode: 'append' },
      { ref: b, select: 'select 3 as id', mode: 'append' },
    );
    expect(await world.warehouse.read(a)).toEqual([[2]]);
    expect(await world.warehouse.read(b)).toEqual([[1], [3]]);
    expect(snapshotsOf(await world.warehouse.load(b))).toHaveLength(2);
  });

  it('W3 loses no append of 8 concurrent writers', async () => {
    const ref = newRef();
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 5; round++) {
        await world.warehouse.publish({ ref, select: `select ${writer * 100 + round} as id`, mode: 'append' });
      }
    });
    await Promise.all(writers);
    expect(await world.warehouse.read(ref, 'select count(*), count(distinct id) from t')).toEqual([['40', '40']]);
    expect((await world.warehouse.load(ref)).metadata['last-sequence-number']).toBe(40);
  });

  it('merges the manifests of many appends, and every snapshot still reads', async () => {
    const ref = newRef();
    const staged = await world.warehouse.stage({ ref, select: 'select 1 as id', mode: 'append' });
    for (let turn = 0; turn < 103; turn++) {
      const tables = [
        { ...staged, dataFiles: staged.dataFiles.map((file) => ({ ...file, url: `${file.url}-${turn}` })) },
      ];
      await world.warehouse.transaction((client) =>
        commitTables(client, world.warehouse.lake, tables, { nowMs: Date.now(), summary: {} }),
      );
    }
    const table = await world.warehouse.load(ref);
    expect(table.files.map((file) => Number(file.split('-').at(-1)))).toEqual(
      Array.from({ length: 103 }, (_, at) => at),
    );
    const list = currentSnapshot(table.metadata)?.['manifest-list'] ?? '';
    const manifests = decodeManifestList(await world.warehouse.lake.read(list));
    expect(manifests.map((one) => [one.added_files_count, one.existing_files_count])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 100],
    ]);
    expect(manifests.at(-1)?.min_sequence_number).toBe(1);
    expect(
      (await world.warehouse.load(ref, { snapshotId: snapshotsOf(table)[50]?.snapshotId ?? '' })).files,
    ).toHaveLength(53);
  });

  it('W4 takes a second column of the same plan base only when it is the same column', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: 'select 1 as id', mode: 'overwrite' });
    const write = (select: string) => world.warehouse.stage({ ref, select, mode: 'append' });
    const commit = async (select: Awaited<ReturnType<typeof write>>) =>
      world.warehouse.transaction((client) =>
        commitTables(client, world.warehouse.lake, [select], { nowMs: Date.now(), summary: {} }),
      );
    const [one, same, other] = [
      await write(`select 2 as id, 'a' as c`),
      await write(`select 3 as id, 'b' as c`),
      await write(`select 4 as id, 1 as d`),
    ];
    await commit(one);
    await commit(same);
    await expect(commit(other)).rejects.toMatchObject({ code: 'publish-conflict' });
    expect(await world.warehouse.read(ref)).toEqual([
      [1, null],
      [2, 'a'],
      [3, 'b'],
    ]);
  });

  it('refuses to go over a commit that another engine made without our lock', async () => {
    const ref = newRef();
    await world.warehouse.publish({ ref, select: 'select 1 as id', mode: 'overwrite' });
    const { metadataLocation } = await world.warehouse.load(ref);
    const staged = await world.warehouse.stage({ ref, select: 'select 2 as id', mode: 'append' });
    const move = (to: string) =>
      world.database.pool.query('update iceberg_tables set metadata_location = $1 where table_name = $2', [
        to,
        ref.name,
      ]);
    const racing = world.warehouse.transaction((client) => {
      const overtaken = {
        query: async (text: string, values?: readonly unknown[]) => {
          if (text.startsWith('update iceberg_tables')) await move('file:///elsewhere');
          return client.query(text, values);
        },
      };
      return commitTables(overtaken, world.warehouse.lake, [staged], { nowMs: Date.now(), summary: {} });
    });
    await expect(racing).rejects.toMatchObject({ code: 'publish-conflict' });
    await move(metadataLocation);
    expect(await world.warehouse.read(ref)).toEqual([[1]]);
  });
});
