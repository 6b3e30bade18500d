import type { Connection } from 'mysql2/promise';
import { remoteAccess } from '../remote-database.ts';
import type { MakeBed } from './bed.ts';

/** A table of a MariaDB that `connection` is of, at `url`. */
export function mysqlBed(
  there: () => { readonly connection: Connection; readonly url: string },
  more: string,
): MakeBed {
  return async (name) => {
    const { connection, url } = there();
    await connection.query(`create table ${name} (id int primary key, name text, day date)`);
    let hasExtra = false;
    return {
      keys: `type: mysql\nurl: secret://there\ntable: ${name}${more}`,
      remote: remoteAccess(['127.0.0.1'], { there: url }),
      async put(rows) {
        if (!hasExtra && rows.some(({ extra }) => extra !== undefined)) {
          await connection.query(`alter table ${name} add column extra text`);
          hasExtra = true;
        }
        for (const { id, name: text, extra } of rows)
          await connection.query(
            `insert into ${name} (id, name${hasExtra ? ', extra' : ''}) values (?, ?${hasExtra ? ', ?' : ''})`,
            hasExtra ? [id, text, extra ?? null] : [id, text],
          );
      },
      async putBad() {
        await connection.query(`set session sql_mode = ''`);
        // Above the last cursor, so that who reads by it sees it.
        await connection.query(`insert into ${name} (id, name, day) values (1000, 'bad', '0000-00-00')`);
      },
    };
  };
}
