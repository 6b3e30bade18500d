import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLake } from '../lake/lake.ts';
import { lakeFault } from '../lake/lake-fault.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells, taskOf } from './testing/workshop.ts';

let shop: Workshop;
let folder: string;
let isMounted = false;

/** A disk of 8 MB where we may mount one; elsewhere the device that is always full. */
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
  folder = await mkdtemp(join(tmpdir(), 'datacraft-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    console.log('no disk may be mounted here: /dev/full takes its place');
  }
});
afterAll(async () => {
  if (isMounted) execFileSync('umount', ['-l', folder]);
  await rm(folder, { recursive: true, force: true });
  await shop.close();
});

const big = sqlCells({ kept: 'select range as id, hash(range) as h, hash(range + 1) as i from range(2_000_000)' });
const small = sqlCells({ kept: 'select 42 as answer' });

describe('a disk that is full', () => {
  it('I1 fails the cell, keeps the last good table, and works again when there is room', async () => {
    if (!isMounted) return provesWithDevice();
    const tempDir = join(folder, 'tmp');
    await mkdir(tempDir);
    const deps = { lake: createLake({ root: join(folder, 'lake') }), tempDir };
    const first = await shop.run(small, { deps });
    expect(first.error).toBeUndefined();
    expect(first.tasks.map((task) => task.error)).toEqual([undefined]);
    const report = await shop.run(big, { deps });
    expect(report.state).toBe('failed');
    expect(taskOf(report, 'kept').error).toMatchObject({ code: 'disk-full' });
    const kept = await shop.deps.db.query(`select row_count from relations where name = 'kept'`);
    expect(kept.rows).toEqual([{ row_count: '1' }]);
    expect((await shop.run(small.replace('42', '43'), { deps })).state).toBe('succeeded');
  });

  it('is told as such by the lake', provesWithDevice);
});

async function provesWithDevice(): Promise<void> {
  const full = await writeFile('/dev/full', 'rows').catch((error: unknown) => lakeFault('/dev/full', error));
  expect(full).toMatchObject({ code: 'disk-full' });
}
