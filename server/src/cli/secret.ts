import { text } from 'node:stream/consumers';
import { Fault } from '@datacraft/shared';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { loadConfig } from '../config.ts';
import { openSecrets } from '../secret/remote-access.ts';
import type { Secrets } from '../secret/secrets.ts';
import { auditCommand } from './audit-command.ts';
import { readArguments } from './arguments.ts';
import { withDatabase } from './database.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';

const USAGE =
  'secret takes set NAME [--host HOST]… (the value on stdin), hosts NAME --host HOST…, list, or delete NAME';

/** `datacraft secret set NAME [--host HOST]… < file | hosts NAME --host HOST… | list | delete NAME`: what cells use as `secret://NAME`. */
export async function secret(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    host: { type: 'string', multiple: true },
  });
  const [action, name, ...more] = read.positionals;
  if (more.length > 0 || (action === 'list') !== (name === undefined)) throw new Fault('bad-request', USAGE);
  const config: Config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const hosts = read.texts('host');
  await withDatabase(config, (pool) =>
    perform({ action, name: name ?? '', hosts }, openSecrets(config, pool), pool, output),
  );
  return exitCodes.done;
}

interface Asked {
  readonly action: string | undefined;
  readonly name: string;
  readonly hosts: readonly string[];
}

async function perform({ action, name, hosts }: Asked, secrets: Secrets, pool: pg.Pool, output: Output): Promise<void> {
  if (action === 'list') {
    const rows = (await secrets.list()).map((each) => [
      each.name,
      each.hosts.join(' '),
      each.updatedAt,
      each.updatedBy ?? '',
    ]);
    output.out(textTable(['name', 'hosts', 'updated', 'by'], rows));
  } else if (action === 'set') {
    const value = (await text(process.stdin)).replace(/\r?\n$/, '');
    if (value === '')
      throw new Fault('bad-request', 'the value comes on stdin and is not empty: datacraft secret set NAME < file');
    await secrets.set(name, value, null, hosts.length === 0 ? undefined : hosts);
    await auditCommand(pool, 'secret-set', name, { hosts: hosts.join(' ') });
  } else if (action === 'hosts') {
    if (!(await secrets.bind(name, hosts))) throw new Fault('not-found', `there is no secret ${name}`);
    await auditCommand(pool, 'secret-bind', name, { hosts: hosts.join(' ') });
  } else if (action === 'delete') {
    if (!(await secrets.remove(name))) throw new Fault('not-found', `there is no secret ${name}`);
    await auditCommand(pool, 'secret-delete', name);
  } else throw new Fault('bad-request', USAGE);
}
