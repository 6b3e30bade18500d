import { access } from 'node:fs/promises';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTable, snapshotsOf } from '../iceberg/load-table.ts';
import { setRetention } from '../publish/retention.ts';
import { tagSnapshot } from '../publish/tag.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from '../run/testing/workshop.ts';
import { maintain } from './maintain.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const HOUR = 3_600_000;
const ref = (name: string) => ({ layer: 'silver', name }) as const;
const later = (hours: number) => ({ ...shop.deps, now: () => new Date(Date.now() + hours * HOUR) });
const keep = (name: string, hours: number, graceHours: number, dryRun = false) =>
  maintain(later(hours), { tables: [ref(name)], dryRun, graceMs: graceHours * HOUR });

/** Adds its rows: an incremental cell that appends. */
const append = (name: string, v: number, partition = '') =>
  sqlCells({
    [`${name}_new`]: `select ${v} as v`,
    [name]: `---\nmaterialize: incremental\nstrategy: append\n${partition}---\nselect v, i from ${name}_new, range(3) t(i)`,
  });

async function publish(name: string, versions: number, partition?: string, from = 0): Promise<string[]> {
  const made: string[] = [];
  for (let v = from; v < from + versions; v++)
    made.push(taskOf(await shop.run(append(name, v, partition), { owner: name, params: {} }), name).snapshotId ?? '');
  return made;
}

async function tableOf(name: string) {
  const table = await loadTable(shop.deps.db, shop.deps.lake, ref(name));
  if (!table) throw new Error(`no table ${name}`);
  return table;
}

describe('maintenance', () => {
  it('K2 lets a reader of an expired snapshot read on, and removes its files when it has had its time', async () => {
    const [first = ''] = await publish('r', 1);
    const reading = await loadTable(shop.deps.db, shop.deps.lake, ref('r'), { snapshotId: first });
    await shop.run(sqlCells({ r: 'select 9 as v, 9::bigint as i' }), { owner: 'r' });
    await setRetention(ref('r'), { days: null, snapshots: 1 }, shop.deps);
    expect((await keep('r', 1, 24, true)).tables[0]?.expired).toEqual({ snapshots: 1, kept: 1 });
    expect(snapshotsOf(await tableOf('r'))).toHaveLength(2);
    const done = await keep('r', 1, 24);
    expect(done).toMatchObject({ tables: [{ expired: { snapshots: 1, kept: 1 } }], swept: { files: 0 } });
    for (const file of reading?.files ?? []) await access(file);
    await keep('r', 20, 24);
    for (const file of reading?.files ?? []) await access(file);
    expect((await keep('r', 26, 24)).swept.files).toBeGreaterThan(0);
    for (const file of reading?.files ?? []) await expect(access(file)).rejects.toThrow('ENOENT');
    expect(await shop.rows('select v from silver.r')).toEqual([[9]]);
    await expect(shop.rows('from silver.r', { asOf: { snapshotId: first } })).rejects.toThrow('ask for one of');
  });

  it('K3 writes small files as one, and nothing that reads the table is stale', async () => {
    const made = await publish('c', 6);
    await shop.run(sqlCells({ c_reader: 'select count(*)::int as n from silver.c' }), { owner: 'reader' });
    const before = await tableOf('c');
    expect(before.files).toHaveLength(6);
    const done = await keep('c', 0, 24);
    expect(done.tables[0]?.compacted).toMatchObject({ filesBefore: 6, filesAfter: 1 });
    const after = await tableOf('c');
    expect(after.files).toHaveLength(1);
    expect(after.rows).toBe(before.rows);
    expect(after.summary).toMatchObject({ operation: 'replace', 'total-records': '18', 'total-data-files': '1' });
    expect(after.summary['datacraft.run-id']).toBe(before.summary['datacraft.run-id']);
    expect(await shop.rows('select v, count(*)::int from silver.c group by v order by v')).toEqual(
      made.map((_, v) => [v, 3]),
    );
    const again = await shop.run(sqlCells({ c_reader: 'select count(*)::int as n from silver.c' }), {
      owner: 'reader',
    });
    expect(taskOf(again, 'c_reader')).toMatchObject({ state: 'skipped', reason: 'fresh' });
    expect((await keep('c', 0, 24)).tables[0]?.compacted).toBeNull();
    await publish('c', 1, '', 6);
    expect((await tableOf('c')).rows).toBe(21);
  });

  it('keeps partitions apart', async () => {
    await publish('p', 5, 'partition_by: [i]\n');
    expect((await tableOf('p')).files).toHaveLength(15);
    expect((await keep('p', 0, 24)).tables[0]?.compacted).toMatchObject({ filesBefore: 15, filesAfter: 3 });
    expect(await shop.rows('select i, count(*)::int from silver.p group by i order by i')).toEqual([
      ['0', 5],
      ['1', 5],
      ['2', 5],
    ]);
  });

  it('keeps what is tagged, and everything where nobody said otherwise', async () => {
    const [first = '', second = ''] = await publish('t', 4);
    expect((await keep('t', 24 * 400, 1)).tables[0]?.expired.snapshots).toBe(0);
    await tagSnapshot(ref('t'), 'close', second, shop.deps);
    await setRetention(ref('t'), { days: 7, snapshots: null }, shop.deps);
    await keep('t', 24 * 30, 1);
    const kept = snapshotsOf(await tableOf('t')).map(({ snapshotId }) => snapshotId);
    expect(kept).toContain(second);
    expect(kept).not.toContain(first);
    await keep('t', 24 * 31, 1);
    expect(await shop.rows('select max(v)::int from silver.t', { asOf: { tag: 'close' } })).toEqual([[1]]);
  });

  it('K4 is one at a time', async () => {
    await publish('one', 1);
    const both = await Promise.allSettled([keep('one', 0, 1), keep('one', 0, 1), keep('one', 0, 1)]);
    const refused = both.filter((each) => each.status === 'rejected');
    expect(refused.length).toBeLessThan(3);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'conflict' });
  });

  it('refuses rules that mean nothing', async () => {
    await publish('n', 1);
    for (const rule of [
      { days: 0, snapshots: null },
      { days: null, snapshots: 0 },
      { days: NaN, snapshots: 1.5 },
    ])
      await expect(setRetention(ref('n'), rule, shop.deps)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
