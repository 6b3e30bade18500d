import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestDatabase } from '@datacraft/migrations/testing';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datacraft } from '../testing/datacraft.ts';

let database: TestDatabase;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'datacraft-backfill-'));
  env = { DATABASE_URL: database.url, DATACRAFT_DATA_DIR: path.join(folder, 'data') };
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const notebook = `---
datacraft: 1
title: Days
schedule: { cron: "0 0 * * *", timezone: America/Sao_Paulo }
---

\`\`\`input interval_start
type: date
default: 2020-01-01
\`\`\`

\`\`\`sql filled
---
materialize: incremental
strategy: append
---
select $interval_start as day
\`\`\`
`;

describe('datacraft backfill', () => {
  it('plans, fills and finds nothing to do; the windows are those of the schedule in its zone', async () => {
    const file = path.join(folder, 'days.md');
    await writeFile(file, notebook);
    const range = ['backfill', file, '--from', '2026-01-01T03:00:00Z', '--to', '2026-01-04T03:00:00Z', '--json'];
    const dry = await datacraft([...range, '--dry-run'], env);
    expect([dry.code, dry.json().windows.length]).toEqual([0, 3]);
    const newest = await datacraft([...range.slice(0, -1), '--dry-run', '--order', 'newest_first'], env);
    expect(newest.out).toMatch(/2026-01-03T03.*2026-01-01T03.*3 to run, newest first/s);
    expect((await datacraft([...range, '--order', 'some'], env)).code).toBe(64);
    const done = await datacraft(range, env);
    expect([done.code, done.json().counts.succeeded]).toEqual([0, 3]);
    const days = await datacraft(
      ['query', "select string_agg(day::text, ' ' order by day) as d from silver.filled", '--format', 'json'],
      env,
    );
    expect(days.out).toContain('2026-01-01 2026-01-02 2026-01-03');
    const again = await datacraft(range, env);
    expect(again.json()).toMatchObject({ status: 'succeeded', done: 3, windows: [] });
    expect((await datacraft(['backfill', file], env)).code).toBe(64);
    expect((await datacraft([...range, '--reprocess', 'some'], env)).code).toBe(64);
    const { out } = await datacraft(['audit', 'export'], env);
    expect(out.split('\n').filter((line) => line.includes('backfill-start'))).toHaveLength(2);
  }, 120_000);
});
