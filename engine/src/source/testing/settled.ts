import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Waits for transactions that began before: what others of this server hold open is read only after them. */
export async function settled(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('select pg_current_xact_id()::text as id');
  const over = `select pg_snapshot_xmin(pg_current_snapshot())::text::numeric > ${rows[0]?.id ?? '0'} as over`;
  while ((await pool.query<{ over: boolean }>(over)).rows[0]?.over !== true) await sleep(20);
}
