import type { DatabaseSource, JsonObject } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { revealed } from '../http/credentials.ts';
import type { PinnedAddress } from '../network/guarded-request.ts';
import { checkedAddress } from '../network/guarded-request.ts';
import type { RemoteAccess } from '../source.ts';

/** Where a database is and as whom to ask it, with the secrets in the clear. Never shown. */
export interface DatabasePlace {
  readonly host: string;
  readonly port: number;
  readonly database: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly sslmode: NonNullable<DatabaseSource['sslmode']>;
}

/** What people call the other side: never with a password. */
export function shownDatabase(spec: DatabaseSource): string {
  const rows = spec.table ?? 'query';
  if (spec.connection !== undefined) return `${spec.connection}: ${rows}`;
  const url = spec.url === undefined ? null : URL.parse(spec.url);
  const host = spec.host ?? (url?.hostname === '' ? undefined : url?.hostname);
  const database = spec.database ?? url?.pathname.slice(1);
  return `${[spec.type, host, database].filter((part) => part !== undefined && part !== '').join(' ')}: ${rows}`;
}

type Words = Pick<DatabaseSource, 'url' | 'host' | 'port' | 'database' | 'user' | 'password' | 'sslmode'>;

/** The words of the connection, or of the cell, over those of its URL; with their secrets revealed. */
export async function placeOf(
  spec: DatabaseSource,
  remote: Pick<RemoteAccess, 'secret' | 'connection'>,
  defaultPort: number,
): Promise<DatabasePlace> {
  const words: Words =
    spec.connection === undefined ? spec : { ...wordsOf(await remote.connection(spec.connection), spec), ...own(spec) };
  const hostIn = (text: string) => [words.host ?? parsedUrl(text, spec).hostname];
  const url = words.url === undefined ? null : parsedUrl(await revealed(words.url, remote, hostIn), spec);
  const host = words.host ?? url?.hostname;
  if (host === undefined || host === '')
    throw new Fault(
      'bad-request',
      say('{place} has no host; write host:, url: or connection:', { place: shownDatabase(spec) }),
      {},
    );
  const reveal = (text: string) => revealed(text, remote, [host]);
  const password = words.password ?? (url && url.password !== '' ? decodeURIComponent(url.password) : undefined);
  const user = words.user ?? (url && url.username !== '' ? decodeURIComponent(url.username) : undefined);
  const database =
    words.database ?? (url && url.pathname.length > 1 ? decodeURIComponent(url.pathname.slice(1)) : null);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: words.port ?? Number(url?.port === '' || !url ? defaultPort : url.port),
    database,
    user: user === undefined ? null : await reveal(user),
    password: password === undefined ? null : await reveal(password),
    sslmode: words.sslmode ?? sslmodeOf(url),
  };
}

function wordsOf(stored: { readonly type: string; readonly config: JsonObject }, spec: DatabaseSource): Words {
  if (stored.type === spec.type) return stored.config as Words;
  throw new Fault(
    'bad-request',
    say('the connection {name} is of type {type}, but this cell is of type {own}; correct connection: or type:', {
      name: spec.connection ?? '',
      type: stored.type,
      own: spec.type,
    }),
    { connection: spec.connection },
  );
}

/** A stored password goes to the stored host alone: a cell that names a connection may only choose the database. */
function own({ database }: DatabaseSource): Words {
  return database === undefined ? {} : { database };
}

const schemes = { postgres: ['postgres:', 'postgresql:'], mysql: ['mysql:', 'mariadb:'] } as const;

function parsedUrl(text: string, { type }: DatabaseSource): URL {
  const url = URL.parse(text);
  if (url && (schemes[type] as readonly string[]).includes(url.protocol)) return url;
  const form = `${schemes[type][0]}//user:password@host/database`;
  throw new Fault('bad-request', say('url: is not of the form {form}; correct it or the secret it names', { form }), {
    field: 'url',
  });
}

function sslmodeOf(url: URL | null): DatabasePlace['sslmode'] {
  const mode = url?.searchParams.get('sslmode');
  return mode === 'disable' || mode === 'require' || mode === 'verify-full' ? mode : 'prefer';
}

/** The checked address of the database: private networks only where the operator allows them. */
export function addressOf(
  { host, port }: DatabasePlace,
  { allowedHosts }: Pick<RemoteAccess, 'allowedHosts'>,
  shownAs: string,
): Promise<PinnedAddress> {
  return checkedAddress(host, String(port), allowedHosts, shownAs);
}
