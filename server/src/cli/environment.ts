import { dropEnvironment, environmentTables, listEnvironments } from '@datacraft/engine';
import { Fault, parseEnvironment } from '@datacraft/shared';
import { loadConfig } from '../config.ts';
import { promoteFrom } from '../environment/promote.ts';
import { readArguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';
import { withNotebook } from './run.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

const USAGE = 'env takes list, show NAME, or drop NAME';

/** `datacraft env list | show NAME | drop NAME [--json]`: named environments. */
export async function env(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, { 'data-dir': { type: 'string' }, json: { type: 'boolean' } });
  const [action, name, ...more] = read.positionals;
  const perform = action === undefined ? undefined : actions[action];
  if (!perform || more.length > 0 || (action === 'list') !== (name === undefined))
    throw new Fault('bad-request', USAGE);
  const workspace = await openWorkspace(loadConfig(process.env, { dataDir: read.text('data-dir') }));
  try {
    const told = await perform(workspace, name === undefined ? '' : parseEnvironment(name));
    output.out(read.flag('json') ? JSON.stringify(told.value) : told.text);
    return exitCodes.done;
  } finally {
    await workspace.close();
  }
}

interface Told {
  readonly value: unknown;
  readonly text: string;
}

const actions: Readonly<Record<string, (workspace: Workspace, name: string) => Promise<Told>>> = {
  async list({ deps }) {
    const value = await listEnvironments(deps.db);
    const rows = value.map((each) => [each.name, String(each.tables), each.lastRunAt ?? '', each.createdAt]);
    return { value, text: textTable(['environment', 'tables', 'last run', 'made'], rows) };
  },
  async show({ deps }, name) {
    const value = (await environmentTables(deps.db, name)).map(({ ownerKey: _, ...each }) => each);
    const rows = value.map((each) => [
      each.name,
      String(each.rows),
      each.productionRows === null ? '' : String(each.productionRows),
      each.isSame ? 'the same' : 'differs',
      each.notebookTitle,
    ]);
    return { value, text: textTable(['table', 'rows', 'in production', 'state', 'notebook'], rows) };
  },
  async drop({ deps, pool }, name) {
    await dropEnvironment(deps.db, name);
    await auditCommand(pool, 'environment-drop', name);
    return { value: { dropped: name }, text: `${name} is dropped; its files go with the next clean-up` };
  },
};

/** `datacraft promote FILE.md --env NAME [--json]`: what a run would make just so becomes production's, without one. */
export async function promote(args: readonly string[], output: Output): Promise<number> {
  return withNotebook(args, 'promote', output, async ({ file, read, input, workspace }) => {
    const environment = read.text('env');
    if (environment === undefined)
      throw new Fault('bad-request', 'promote takes --env NAME: the environment whose tables are to be production’s');
    const { owner, compiled, resolve } = input;
    const done = await promoteFrom({ environment, owner, compiled, resolve }, workspace.deps);
    const facts = { environment, promoted: done.promoted.length, left: done.left.length };
    await auditCommand(workspace.pool, 'environment-promote', file.shownAs, facts);
    if (read.flag('json')) output.out(JSON.stringify(done));
    else output.out(wordsOf(environment, done.promoted, done.left));
    return exitCodes.done;
  });
}

function wordsOf(environment: string, promoted: readonly string[], left: readonly string[]): string {
  const lines = [
    ...promoted.map((name) => `${name} is now what ${environment} has`),
    ...left.map((cell) => `${cell} is left: production would make it otherwise; run it`),
  ];
  return lines.length === 0 ? `${environment} has nothing that production has not` : lines.join('\n');
}
