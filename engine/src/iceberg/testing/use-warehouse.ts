import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../migrations/test-database.ts';
import { createDuckPool } from '../../duckdb/pool.ts';
import { createTestWarehouse, type TestWarehouse } from './test-warehouse.ts';

/** Of the tests of one file; all three are there when the first of them begins. */
export function useWarehouse() {
  const duck = createDuckPool({ size: 4 });
  const world = { duck } as { duck: typeof duck; database: TestDatabase; warehouse: TestWarehouse };
  beforeAll(async () => {
    world.database = await createTestDatabase();
    world.warehouse = await createTestWarehouse(world.database.pool, duck);
  });
  afterAll(async () => {
    await duck.stop();
    await world.warehouse.remove();
    await world.database.close();
  });
  return world;
}
