import { createTestDatabase } from '@datacraft/migrations/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendLog, loadLog } from '../store/run-logs.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop, sqlCells } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

describe('the log of a run', () => {
  it('says what each cell began, came to and why it failed, in order, and what was published', async () => {
    const report = await shop.run(
      sqlCells({ one: 'select 1 as a', two: 'select a,\n  nope from one', three: 'select * from two' }),
    );
    const lines = await loadLog(shop.deps.db, report.runId, '0', 100);
    const said = (cell: string | null) => lines.filter((line) => line.cell === cell).map((line) => line.message);
    expect(said('one')[0]).toMatch(/^starts: never ran, fingerprint [0-9a-f]{8}$/);
    expect(said('one')[1]).toMatch(/^done in \d+ ms: 1 rows, \d+ bytes$/);
    expect(said('two')[0]).toContain('reads one');
    expect(said('two')[1]).toMatch(/^line 2, column 3: /);
    expect(said('three')).toEqual([expect.stringContaining('blocked by two')]);
    expect(said(null)).toEqual([expect.stringMatching(/^publishes silver\.one at \d+$/)]);
    expect(lines.filter((line) => line.level === 'error').map((line) => line.cell)).toEqual(['two', 'three']);
    const [, second] = lines;
    expect(await loadLog(shop.deps.db, report.runId, second?.id ?? '', 100)).toEqual(lines.slice(2));
  });

  it('never changes once the run has ended, not even by who held its lease', async () => {
    const input = await shop.input(sqlCells({ ended: 'select 1 as a' }), { owner: 'ended' });
    const lease = await shop.begin(input);
    const line = { at: new Date().toISOString(), level: 'info', cell: null, message: 'late' } as const;
    await appendLog(shop.deps.db, lease, [line]);
    await shop.deps.db.query(`update runs set state = 'succeeded' where id = $1`, [lease.runId]);
    await expect(appendLog(shop.deps.db, lease, [line])).rejects.toMatchObject({ code: 'lease-lost' });
    expect(await loadLog(shop.deps.db, lease.runId, '0', 10)).toHaveLength(1);
  });
});
