import { afterAll, beforeAll } from 'vitest';
import { createDuckPool } from '../../duckdb/pool.ts';
import { createTestWarehouse, type TestPool, type TestWarehouse } from './test-warehouse.ts';

interface TestDatabase {
  readonly pool: TestPool;
  close(): Promise<void>;
}

/** Of the tests of one file; all three are there when the first of them begins. */
export function useWarehouse<Database extends TestDatabase>(openDatabase: () => Promise<Database>) {
  const duck = createDuckPool({ size: 4 });
  const world = { duck } as { duck: typeof duck; database: Database; warehouse: TestWarehouse };
  beforeAll(async () => {
    world.database = await openDatabase();
    world.warehouse = await createTestWarehouse(world.database.pool, duck);
  });
  afterAll(async () => {
    await duck.stop();
    await world.warehouse.remove();
    await world.database.close();
  });
  return world;
}
