import { access } from 'node:fs/promises';
import fc from 'fast-check';
import { createTestDatabase } from '@datacraft/migrations/testing';
import type { RelationRef } from '@datacraft/shared';
import { newId } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitTables } from '../iceberg/commit.ts';
import { loadTable, snapshotsOf } from '../iceberg/load-table.ts';
import { revertTable } from '../iceberg/revert.ts';
import { scanSql } from '../iceberg/scan.ts';
import type { StagedTable } from '../iceberg/table.ts';
import { createTestWarehouse, type TestPool, type TestWarehouse } from '../iceberg/testing/test-warehouse.ts';
import { setRetention } from '../publish/retention.ts';
import { removeTag, tagSnapshot } from '../publish/tag.ts';
import type { Workshop } from '../run/testing/workshop.ts';
import { createWorkshop } from '../run/testing/workshop.ts';
import { maintain } from './maintain.ts';

let shop: Workshop;
let warehouse: TestWarehouse;
let pool: TestPool;
let count = 0;
const HOUR = 3_600_000;

beforeAll(async () => {
  const database = await createTestDatabase();
  pool = database.pool as unknown as TestPool;
  shop = await createWorkshop(database);
  warehouse = { ...(await createTestWarehouse(pool, shop.deps.duck)) };
});
afterAll(async () => {
  await warehouse.remove();
  await shop.close();
});

type Step =
  | { readonly do: 'publish'; readonly mode: 'append' | 'overwrite'; readonly rows: number }
  | { readonly do: 'stage' | 'commit' | 'maintain' | 'untag' }
  | { readonly do: 'tag' | 'rollback'; readonly at: number }
  | { readonly do: 'retain'; readonly snapshots: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      mode: fc.constantFrom('append' as const, 'overwrite' as const),
      rows: fc.nat(3),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'maintain' as const }) },
  fc.constantFrom({ do: 'stage' as const }, { do: 'commit' as const }, { do: 'untag' as const }),
  fc.record({ do: fc.constantFrom('tag' as const, 'rollback' as const), at: fc.nat(5) }),
  fc.record({ do: fc.constant('retain' as const), snapshots: fc.integer({ min: 1, max: 3 }) }),
);

/** What the table must be: rows of each snapshot that was ever made. */
interface World {
  readonly ref: RelationRef;
  readonly rows: Map<string, string[]>;
  nowMs: number;
  pending: { readonly staged: StagedTable; readonly run: string } | null;
  tag: string | null;
}

const deps = (world: World) => ({ ...shop.deps, lake: warehouse.lake, now: () => new Date(world.nowMs) });

async function take(world: World, one: Step, at: number): Promise<void> {
  world.nowMs += HOUR;
  const table = await loadTable(pool, warehouse.lake, world.ref);
  const now = table === null ? [] : (world.rows.get(table.snapshotId) ?? []);
  const snapshots = table === null ? [] : snapshotsOf(table);
  const name = (turn: number) => `${at}.${turn}`;
  switch (one.do) {
    case 'publish': {
      const names = Array.from({ length: one.rows }, (_, turn) => name(turn));
      const staged = await warehouse.stage(write(world.ref, names, one.mode));
      await commit(world, staged, one.mode === 'append' ? [...now, ...names] : names);
      return;
    }
    case 'stage': {
      if (world.pending) return;
      const run = newId<string>('run');
      await pool.query(
        `insert into runs (id, owner_key, state, trigger, created_at) values ($1, $1, 'running', 'cli', now())`,
        [run],
      );
      world.pending = { staged: await warehouse.stage(write(world.ref, [name(0)], 'append')), run };
      return;
    }
    case 'commit': {
      if (!world.pending) return;
      const { staged, run } = world.pending;
      world.pending = null;
      await commit(world, staged, [...now, ...(await namesIn(staged))]);
      await pool.query(`update runs set state = 'succeeded' where id = $1`, [run]);
      return;
    }
    case 'maintain':
      await maintain(deps(world), { tables: [world.ref], dryRun: false, graceMs: 2 * HOUR });
      return;
    case 'tag': {
      const chosen = snapshots[one.at];
      if (!chosen) return;
      await tagSnapshot(world.ref, 'kept', chosen.snapshotId, deps(world));
      world.tag = chosen.snapshotId;
      return;
    }
    case 'untag':
      if (world.tag !== null) await removeTag(world.ref, 'kept', deps(world));
      world.tag = null;
      return;
    case 'rollback': {
      const chosen = snapshots[one.at];
      if (!chosen) return;
      const back = await warehouse.transaction((tx) =>
        revertTable(tx, warehouse.lake, world.ref, chosen.snapshotId, { nowMs: world.nowMs, summary: {} }),
      );
      world.rows.set(back.snapshotId, world.rows.get(chosen.snapshotId) ?? []);
      return;
    }
    case 'retain':
      if (table) await setRetention(world.ref, { days: null, snapshots: one.snapshots }, deps(world));
  }
}

function write(ref: RelationRef, names: readonly string[], mode: 'append' | 'overwrite') {
  const values = names.map((each) => `('${each}')`).join(', ');
  const select = names.length === 0 ? `select 'x' as name where false` : `select name from (values ${values}) t(name)`;
  return { ref, select, mode };
}

async function namesIn(staged: StagedTable): Promise<string[]> {
  const files = staged.dataFiles.map((file) => warehouse.lake.pathOf(file.url));
  const rows = await warehouse.readScan(scanSql({ ...staged, files }), files, 'select name from t');
  return rows.map(([name]) => String(name));
}

async function commit(world: World, staged: StagedTable, rows: readonly string[]): Promise<void> {
  const [done] = await warehouse.transaction((tx) =>
    commitTables(tx, warehouse.lake, [staged], { nowMs: world.nowMs, summary: {} }),
  );
  world.rows.set(done?.snapshotId ?? '', rows.toSorted());
}

/** Every snapshot the table still names has the rows it was made with; a compacted one has those of its parent. */
async function check(world: World): Promise<void> {
  const table = await loadTable(pool, warehouse.lake, world.ref);
  if (!table) return;
  for (const { snapshotId, operation, parentId } of snapshotsOf(table).toReversed()) {
    if (operation === 'replace' && !world.rows.has(snapshotId))
      world.rows.set(snapshotId, world.rows.get(parentId ?? '') ?? ['unknown']);
    const found = await warehouse.read(world.ref, 'select name from t order by name', { snapshotId });
    expect(found.map(([name]) => name)).toEqual(world.rows.get(snapshotId));
  }
  if (world.tag !== null)
    expect((await loadTable(pool, warehouse.lake, world.ref, { tag: 'kept' }))?.snapshotId).toBe(world.tag);
  for (const file of world.pending?.staged.dataFiles ?? []) await access(warehouse.lake.pathOf(file.url));
}

describe('maintenance in any history', () => {
  it('K1 K3 keeps every row of every kept snapshot, tag and unpublished run', async () => {
    const seed = Date.now() % 2 ** 31;
    console.info(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
        const ref: RelationRef = { layer: 'gold', name: `kept_${++count}` };
        const world: World = { ref, rows: new Map(), nowMs: Date.now(), pending: null, tag: null };
        for (const [at, one] of steps.entries()) {
          await take(world, one, at);
          await check(world);
        }
        await pool.query(`update runs set state = 'cancelled' where state = 'running'`);
      }),
      { numRuns: 12, seed },
    );
  });
});
