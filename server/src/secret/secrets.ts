import { Fault } from '@datacraft/shared';
import type pg from 'pg';
import type { Cipher } from './cipher.ts';

export interface SecretListing {
  readonly name: string;
  readonly updatedAt: string;
  readonly updatedBy: string | null;
}

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Values go in and to sources, never out to people. */
export interface Secrets {
  list(): Promise<SecretListing[]>;
  set(name: string, value: string, userId: string | null): Promise<void>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
  /** Throws `not-found` with what to do. The environment's `DATACRAFT_SECRET_<NAME>` wins over what is stored. */
  reveal(name: string): Promise<string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function createSecrets(pool: Pick<pg.Pool, 'query'>, cipher: () => Promise<Cipher>, env: Environment): Secrets {
  return {
    async list() {
      const { rows } = await pool.query<{ name: string; updated_at: Date; by: string | null }>(
        `select secrets.name, secrets.updated_at, users.name as by from secrets
         left join users on users.id = secrets.updated_by order by secrets.name`,
      );
      return rows.map((row) => ({ name: row.name, updatedAt: row.updated_at.toISOString(), updatedBy: row.by }));
    },
    async set(name, value, userId) {
      if (!NAME.test(name))
        throw new Fault('bad-request', `a secret is named with letters, digits, _, . and -, got "${name}"`, {
          field: 'name',
        });
      const ciphertext = (await cipher()).encrypt(name, value);
      await pool.query(
        `insert into secrets (name, ciphertext, updated_by) values ($1, $2, $3)
         on conflict (name) do update set ciphertext = $2, updated_by = $3, updated_at = now()`,
        [name, ciphertext, userId],
      );
    },
    async remove(name) {
      const { rowCount } = await pool.query('delete from secrets where name = $1', [name]);
      return rowCount === 1;
    },
    async reveal(name) {
      const given = env[environmentName(name)];
      if (given !== undefined && given !== '') return given;
      const { rows } = await pool.query<{ ciphertext: Buffer }>('select ciphertext from secrets where name = $1', [
        name,
      ]);
      const [found] = rows;
      if (found) return (await cipher()).decrypt(name, found.ciphertext);
      throw new Fault(
        'not-found',
        `there is no secret ${name}; set it in Settings, by \`datacraft secret set ${name}\`, or as ${environmentName(name)}`,
        { secret: name },
      );
    },
  };
}

function environmentName(name: string): string {
  return `DATACRAFT_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
