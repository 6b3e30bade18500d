import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RelationRef } from '@datacraft/shared';
import { commitTables } from './commit.ts';
import { loadTable, snapshotsOf } from './load-table.ts';
import type { StagedTable, WriteMode } from './table.ts';
import { createTestDatabase } from '../../../migrations/test-database.ts';
import { useWarehouse } from './testing/use-warehouse.ts';

const world = useWarehouse(createTestDatabase);
let count = 0;

interface Publish {
  readonly tables: readonly { readonly table: number; readonly mode: WriteMode; readonly rows: number }[];
  /** Whether the transaction is rolled back after it committed its tables. */
  readonly fails: boolean;
  readonly delayMs: number;
}

const publish: fc.Arbitrary<Publish> = fc.record({
  tables: fc.uniqueArray(
    fc.record({
      table: fc.nat(2),
      mode: fc.constantFrom<WriteMode>('append', 'overwrite'),
      rows: fc.nat(2),
    }),
    { minLength: 1, maxLength: 3, selector: (one) => one.table },
  ),
  fails: fc.nat(4).map((dice) => dice === 0),
  delayMs: fc.nat(10),
});
const publishers = fc.array(fc.array(publish, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 });

/** Runs each publisher's publishes in turn, all publishers at once; every row is the unique name of its write. */
async function runHistory(refs: readonly RelationRef[], plan: Publish[][]): Promise<Set<string>> {
  const committed = new Set<string>();
  await Promise.all(
    plan.map(async (publishes, publisher) => {
      for (const [turn, one] of publishes.entries()) {
        const name = `${publisher}.${turn}`;
        await new Promise((resolve) => setTimeout(resolve, one.delayMs));
        const staged = await Promise.all(one.tables.map((write) => stageRows(refs, write, name)));
        if (await commitOrFail(staged, name, one.fails)) committed.add(name);
      }
    }),
  );
  return committed;
}

function stageRows(refs: readonly RelationRef[], write: Publish['tables'][number], name: string): Promise<StagedTable> {
  const ref = refs[write.table] ?? { layer: 'gold', name: 'none' };
  return world.warehouse.stage({
    ref,
    mode: write.mode,
    select: `select '${name}' as name, range as row from range(${write.rows})`,
  });
}

async function commitOrFail(staged: StagedTable[], name: string, fails: boolean): Promise<boolean> {
  const summary = Object.fromEntries(staged.map((one) => [`${one.ref.layer}.${one.ref.name}`, { name }]));
  const rolledBack = new Error('rolled back');
  try {
    await world.warehouse.transaction(async (client) => {
      await commitTables(client, world.warehouse.lake, staged, { nowMs: Date.now(), summary });
      if (fails) throw rolledBack;
    });
    return true;
  } catch (error) {
    if (error !== rolledBack) throw error;
    return false;
  }
}

describe('a history of concurrent publishes', () => {
  it('W3 equals one of single publishes in some order, the same for all tables', async () => {
    await fc.assert(
      fc.asyncProperty(publishers, async (plan) => {
        const refs = [0, 1, 2].map((): RelationRef => ({ layer: 'gold', name: `h${++count}` }));
        const committed = await runHistory(refs, plan);
        const orders: string[][] = [];
        for (const [index, ref] of refs.entries()) {
          const table = await loadTable(world.database.pool, world.warehouse.lake, ref);
          const order = table
            ? snapshotsOf(table)
                .toReversed()
                .map((one) => one.summary['name'] ?? '')
            : [];
          orders.push(order);
          const expected = writersOf(plan, index).filter((name) => committed.has(name));
          expect(order.toSorted()).toEqual(expected.toSorted());
          if (table) expect(await world.warehouse.read(ref)).toEqual(replay(plan, index, order));
        }
        expect(isSerial(orders)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});

function writersOf(plan: Publish[][], table: number): string[] {
  return plan.flatMap((publishes, publisher) =>
    publishes.flatMap((one, turn) =>
      one.tables.some((write) => write.table === table) ? [`${publisher}.${turn}`] : [],
    ),
  );
}

function replay(plan: Publish[][], table: number, order: readonly string[]): unknown[][] {
  let rows: unknown[][] = [];
  for (const name of order) {
    const [publisher = 0, turn = 0] = name.split('.').map(Number);
    const write = plan[publisher]?.[turn]?.tables.find((one) => one.table === table);
    const added = Array.from({ length: write?.rows ?? 0 }, (_, row) => [name, String(row)]);
    rows = write?.mode === 'overwrite' ? added : [...rows, ...added];
  }
  return rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
}

/** Whether one order of all publishes agrees with each table's: no two tables saw two publishes the other way round. */
function isSerial(orders: readonly (readonly string[])[]): boolean {
  const before = new Map<string, Set<string>>();
  for (const order of orders) {
    for (const [index, name] of order.entries()) {
      const next = order[index + 1];
      if (next !== undefined) before.set(name, (before.get(name) ?? new Set()).add(next));
    }
  }
  const done = new Set<string>();
  const visit = (name: string, path: ReadonlySet<string>): boolean => {
    if (path.has(name)) return false;
    if (done.has(name)) return true;
    done.add(name);
    return [...(before.get(name) ?? [])].every((next) => visit(next, new Set([...path, name])));
  };
  return [...before.keys()].every((name) => visit(name, new Set()));
}
