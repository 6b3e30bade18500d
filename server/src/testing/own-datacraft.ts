import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll } from 'vitest';
import { datacraft } from './datacraft.ts';

/** For the tests of a file: the command line over a database and a folder of its own, there before and gone after them. */
export function ownDatacraft(name: string) {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(path.join(tmpdir(), `datacraft-cli-${name}-`));
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get database() {
      return database;
    },
    file: (file: string) => path.join(folder, file),
    datacraft: (...args: string[]) =>
      datacraft(args, { DATABASE_URL: database.url, DATACRAFT_DATA_DIR: path.join(folder, 'data') }),
  };
}
