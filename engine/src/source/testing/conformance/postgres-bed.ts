import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { remoteAccess } from '../remote-database.ts';
import type { MakeBed, Row } from './bed.ts';

/** A table of a PostgreSQL that `pool` is of, at `url`. */
export function postgresBed(
  there: () => { readonly pool: pg.Pool; readonly url: string },
  more: string,
  byQuery = false,
): MakeBed {
  return async (name) => {
    const { pool, url } = there();
    await pool.query(
      `create table ${name} (id int primary key, name text, amount numeric, at timestamptz default clock_timestamp())`,
    );
    let hasExtra = false;
    const put = async (rows: readonly Row[]) => {
      if (!hasExtra && rows.some(({ extra }) => extra !== undefined)) {
        await pool.query(`alter table ${name} add column extra text`);
        hasExtra = true;
      }
      for (const { id, name: text, extra } of rows)
        await pool.query(
          `insert into ${name} (id, name${hasExtra ? ', extra' : ''}) values ($1, $2${hasExtra ? ', $3' : ''})`,
          hasExtra ? [id, text, extra ?? null] : [id, text],
        );
      await settled(pool);
    };
    return {
      keys: `type: postgres\nurl: secret://there\n${byQuery ? `query: select * from ${name}` : `table: ${name}`}${more}`,
      remote: remoteAccess([new URL(url).hostname, 'localhost'], { there: url }),
      put,
      async putBad() {
        await pool.query(`insert into ${name} (id, name, amount) values (1000, 'bad', 'NaN')`);
        await settled(pool);
      },
    };
  };
}

/** Waits for transactions that began before: what others of this server hold open is read only after them. */
async function settled(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('select pg_current_xact_id()::text as id');
  const over = `select pg_snapshot_xmin(pg_current_snapshot())::text::numeric > ${rows[0]?.id ?? '0'} as over`;
  while ((await pool.query<{ over: boolean }>(over)).rows[0]?.over !== true) await sleep(20);
}
