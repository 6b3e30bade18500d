import { spawnSync } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { Fault } from '@datacraft/shared';

/** Whom PostgreSQL runs as. It refuses to run as root, so root lends it `postgres` or `nobody`. */
export interface Account {
  readonly name: string;
  /** Set only when we are root and must switch. */
  readonly ids: { readonly uid: number; readonly gid: number } | null;
  /** Whether this account may traverse to `file` and read it. */
  canReach(file: string): boolean;
  /** Gives a file or directory that we made to the account. */
  own(file: string): Promise<void>;
}

/** `existing` is a cluster made earlier: root then becomes whoever owns it. */
export async function chooseAccount(existing: string | null): Promise<Account> {
  if (process.getuid?.() !== 0) return ourselves();
  const owner = existing === null ? null : await stat(existing);
  if (owner && owner.uid !== 0) return another(`uid ${owner.uid}`, owner.uid, owner.gid);
  for (const name of ['postgres', 'nobody']) {
    const ids = lookUp(name);
    if (ids) return another(name, ids.uid, ids.gid);
  }
  throw new Fault(
    'config-invalid',
    'PostgreSQL does not run as root and there is neither a user postgres nor nobody; start DataCraft as an ordinary user or set DATABASE_URL',
  );
}

function ourselves(): Account {
  return { name: 'you', ids: null, canReach: () => true, own: () => Promise.resolve() };
}

function another(name: string, uid: number, gid: number): Account {
  return {
    name,
    ids: { uid, gid },
    canReach: (file) => spawnSync('test', ['-r', file], { uid, gid, cwd: '/' }).status === 0,
    own: (file) => chown(file, uid, gid),
  };
}

function lookUp(name: string): { uid: number; gid: number } | null {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
  if (uid.status !== 0 || gid.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
