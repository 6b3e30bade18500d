import type pg from 'pg';
import { remoteAccess } from '../remote-database.ts';
import { settled } from '../settled.ts';
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
