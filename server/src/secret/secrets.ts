import type { Destination } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';
import type { Cipher } from './cipher.ts';
import { HOST_RULE, hostsIn, mayGoTo } from './destination.ts';
import type { Environment, Kept, Provider } from './providers.ts';

export interface SecretListing {
  readonly name: string;
  /** Where it may be sent; none: only where the operator lets private addresses be reached. */
  readonly hosts: readonly string[];
  readonly updatedAt: string;
  readonly updatedBy: string | null;
}

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Values go in and to sources, never out to people. */
export interface Secrets {
  list(): Promise<SecretListing[]>;
  /** Without `hosts` it may go where it might. Who knows the value may say where it goes. */
  set(name: string, value: string, userId: string | null, hosts?: readonly string[]): Promise<void>;
  /** Changes where a value goes that others gave. False when there is none. */
  bind(name: string, hosts: readonly string[]): Promise<boolean>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
  /**
   * Throws `not-found` with what to do, and `forbidden` when it may not be sent there. The environment's
   * `DATACRAFT_SECRET_<NAME>` wins over what is stored.
   */
  reveal(name: string, to: Destination): Promise<string>;
}

export interface SecretWorld {
  readonly env: Environment;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly allowedHosts: readonly string[];
}

export function createSecrets(
  pool: Pick<pg.Pool, 'query'>,
  cipher: () => Promise<Cipher>,
  world: SecretWorld,
): Secrets {
  const { env, providers, allowedHosts } = world;
  const stored = async (name: string): Promise<Kept> => {
    const given = env[environmentName(name)];
    if (given !== undefined && given !== '')
      return { value: given, hosts: hostsIn(env[`${environmentName(name)}_HOSTS`]) };
    const { rows } = await pool.query<{ ciphertext: Buffer; hosts: string[] | null }>(
      'select ciphertext, hosts from secrets where name = $1',
      [name],
    );
    const [found] = rows;
    if (found) return { value: (await cipher()).decrypt(name, found.ciphertext), hosts: found.hosts ?? [] };
    throw new Fault(
      'not-found',
      say('there is no secret {name}; set it in Settings, by `datacraft secret set {name}`, or as {variable}', {
        name,
        variable: environmentName(name),
      }),
      { secret: name },
    );
  };
  return {
    async list() {
      const { rows } = await pool.query<{ name: string; hosts: string[] | null; updated_at: Date; by: string | null }>(
        `select secrets.name, secrets.hosts, secrets.updated_at, users.name as by from secrets
         left join users on users.id = secrets.updated_by order by secrets.name`,
      );
      return rows.map((row) => ({
        name: row.name,
        hosts: row.hosts ?? [],
        updatedAt: row.updated_at.toISOString(),
        updatedBy: row.by,
      }));
    },
    async set(name, value, userId, hosts) {
      refuseHosts(hosts ?? []);
      if (!NAME.test(name))
        throw new Fault(
          'bad-request',
          say('a secret is named with letters, digits, _, . and -, got "{name}"', { name }),
          {
            field: 'name',
          },
        );
      const ciphertext = (await cipher()).encrypt(name, value);
      await pool.query(
        `insert into secrets (name, ciphertext, updated_by, hosts) values ($1, $2, $3, $4) on conflict (name) do update
           set ciphertext = $2, updated_by = $3, updated_at = now(), hosts = coalesce($4, secrets.hosts)`,
        [name, ciphertext, userId, hosts ?? null],
      );
    },
    async bind(name, hosts) {
      refuseHosts(hosts);
      const { rowCount } = await pool.query('update secrets set hosts = $2 where name = $1', [name, [...hosts]]);
      return rowCount === 1;
    },
    async remove(name) {
      const { rowCount } = await pool.query('delete from secrets where name = $1', [name]);
      return rowCount === 1;
    },
    async reveal(name, to) {
      const { value, hosts } = await (name.includes('/') ? kept(name, providers) : stored(name));
      const target = typeof to === 'function' ? to(value) : to;
      const refused = target.find((host) => !mayGoTo(host, hosts, allowedHosts));
      if (refused === undefined && target.length > 0) return value;
      const may = hosts.length === 0 ? say('it names no hosts') : say('it is for {hosts}', { hosts: hosts.join(', ') });
      throw new Fault(
        'forbidden',
        say(
          'the secret {name} is not sent to {refused}: {may}. Have an owner name the host at the secret, or store its value again with it',
          { name, refused: refused ?? say('an unknown host'), may },
        ),
        { secret: name },
      );
    },
  };
}

function kept(name: string, providers: SecretWorld['providers']): Promise<Kept> {
  const [, who = '', path = '', field] = /^(vault|aws)\/([^#]+)(?:#(.+))?$/.exec(name) ?? [];
  const provider = providers.get(who);
  if (provider && !path.split('/').includes('..')) return provider(path, field);
  const set = who === 'vault' ? 'DATACRAFT_VAULT_ADDR' : 'DATACRAFT_AWS_SECRETS_REGION';
  throw new Fault(
    'not-found',
    say('secret://{name} cannot be asked for here; have the operator set {set}', { name, set }),
    {
      secret: name,
    },
  );
}

function refuseHosts(hosts: readonly string[]): void {
  const wrong = hosts.find((host) => !HOST_RULE.test(host));
  if (wrong !== undefined)
    throw new Fault(
      'bad-request',
      say('hosts: expected names such as api.example.com or *.example.com, got "{wrong}"', { wrong }),
      {
        field: 'hosts',
      },
    );
}

function environmentName(name: string): string {
  return `DATACRAFT_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
