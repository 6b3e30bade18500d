import { databaseOf } from '@datacraft/engine';
import type { BranchReview, CellId, Notebook } from '@datacraft/shared';
import { Fault, nearest } from '@datacraft/shared';
import type { Acceptance } from '../branch/accept.ts';
import { acceptBranch, reviewOf } from '../branch/accept.ts';
import { discardBranch, forkNotebook } from '../branch/fork.ts';
import { listBranches, loadBranch } from '../branch/store.ts';
import { changesOfMain, takeMain } from '../branch/take-main.ts';
import type { Config } from '../config.ts';
import { loadConfig } from '../config.ts';
import { createServerEngine } from '../engine.ts';
import { createVersions } from '../history/versions.ts';
import { createLiveHub } from '../live/hub.ts';
import { loadPresent } from '../store/notebooks.ts';
import type { Arguments } from './arguments.ts';
import { readArguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';
import type { OpenRooms } from './rooms.ts';
import { withRooms } from './rooms.ts';

const USAGE =
  'branch takes list NOTEBOOK_ID, create NOTEBOOK_ID --name TEXT, review BRANCH_ID, update BRANCH_ID [--cell NAME]… [--take-main NAME]… [--keep-branch NAME]…, accept BRANCH_ID [--cell NAME]… [--take-branch NAME]…, or discard BRANCH_ID';

/** `datacraft branch list | create | review | update | accept | discard`: as over HTTP, by whoever holds the data directory. */
export async function branch(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    name: { type: 'string' },
    cell: { type: 'string', multiple: true },
    'take-main': { type: 'string', multiple: true },
    'keep-branch': { type: 'string', multiple: true },
    'take-branch': { type: 'string', multiple: true },
    json: { type: 'boolean' },
  });
  const [action, id, ...more] = read.positionals;
  const perform = action === undefined ? undefined : actions[action];
  if (!perform || id === undefined || more.length > 0) throw new Fault('bad-request', USAGE);
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  return withRooms(config, (open) => perform({ open, id, config, read, output }));
}

interface Asked {
  readonly open: OpenRooms;
  readonly id: string;
  readonly config: Config;
  readonly read: Arguments;
  readonly output: Output;
}

const actions: Readonly<Record<string, (asked: Asked) => Promise<number>>> = {
  async list({ open, id, read, output }) {
    await loadPresent(open.pool, id);
    const found = await listBranches(open.pool, id);
    const rows = found.map(({ id, state, name, by, createdAt }) => [id, state, createdAt, by?.name ?? '', name]);
    const table = () => textTable(['branch', 'state', 'made', 'by', 'name'], rows);
    output.out(read.flag('json') ? JSON.stringify(found) : table());
    return exitCodes.done;
  },
  async create({ open, id: parentId, read, output }) {
    const name = read.text('name')?.trim() ?? '';
    if (name === '' || name.length > 100) throw new Fault('bad-request', USAGE);
    await loadPresent(open.pool, parentId);
    const made = await forkNotebook({ ...open, db: databaseOf(open.pool) }, { parentId, name, by: null });
    await auditCommand(open.pool, 'branch-create', made, { notebook: parentId, name });
    output.out(made);
    return exitCodes.done;
  },
  /** Both ways: what would come into the notebook, and what the notebook changed meanwhile. */
  async review({ open, id, read, output }) {
    const [review, behind] = [await reviewOf(depsOf(open), id), await changesOfMain(depsOf(open), id)];
    if (read.flag('json')) output.out(JSON.stringify({ changes: review.cells, changesOfMain: behind.cells }));
    else {
      output.out(listing('of the branch', review));
      if (behind.cells.length > 0) output.out(listing('of the notebook since the fork', behind));
    }
    return exitCodes.done;
  },
  async update(asked) {
    const { open, id, read } = asked;
    const sides = await changesOfMain(depsOf(open), id);
    const ids = await takeMain(
      depsOf(open),
      id,
      {
        cells: idsOf(sides, read.texts('cell')),
        takeMain: idsOf(sides, read.texts('take-main')),
        keepBranch: idsOf(sides, read.texts('keep-branch')),
      },
      null,
    );
    return tell(asked, 'branch-update', sides, ids);
  },
  async accept(asked) {
    const { open, id, read } = asked;
    const sides = await reviewOf(depsOf(open), id);
    const takeBranch = idsOf(sides, read.texts('take-branch'));
    const cells = idsOf(sides, read.texts('cell'));
    return tell(asked, 'branch-accept', sides, await accepted(asked, { cells, takeBranch }));
  },
  async discard({ open, id, output }) {
    const { of, name } = await loadBranch(open.pool, id);
    await discardBranch({ ...open, db: databaseOf(open.pool) }, id, null);
    await auditCommand(open.pool, 'branch-discard', id, { notebook: of.id, name });
    output.err(`${name} is discarded with its tables; their files go with the next clean-up`);
    return exitCodes.done;
  },
};

function depsOf({ pool, bus, rooms }: OpenRooms) {
  const versions = createVersions({ pool, rooms, live: createLiveHub(bus), now: Date.now });
  return { pool, bus, rooms, versions, now: Date.now };
}

/** Cells are named as in SQL, or by their ids; undefined when none is named. */
function idsOf({ branch, main }: BranchReview, names: readonly string[]): CellId[] | undefined {
  if (names.length === 0) return undefined;
  const cells = [...branch.cells, ...main.cells];
  return names.map((name) => {
    const found = cells.find((cell) => cell.id === name || (cell.name !== '' && cell.name === name));
    if (found) return found.id;
    const meant = nearest(name, namesOf(branch));
    throw new Fault(
      'bad-request',
      `there is no cell ${name} in the branch${meant === null ? '' : `; did you mean ${meant}?`}`,
    );
  });
}

function namesOf({ cells }: Notebook): string[] {
  return cells.map((cell) => cell.name).filter((name) => name !== '');
}

function listing(title: string, { cells }: BranchReview): string {
  if (cells.length === 0) return `no changes ${title}`;
  const states = { clean: 'goes in', both: 'put together with the other side', conflict: 'conflict' };
  const rows = cells.map(({ name, cellId, kind, change, state }) => [name || cellId, kind, change, states[state]]);
  return `changes ${title}\n${textTable(['cell', 'kind', 'change', 'state'], rows)}`;
}

/** With tables that the branch has as the notebook means them now: they are the notebook's without a run. */
async function accepted({ open, id, config, output }: Asked, asked: Acceptance): Promise<readonly CellId[]> {
  const engine = await createServerEngine({ config, pool: open.pool, emit: () => undefined });
  try {
    const { cells, promoted } = await acceptBranch({ ...depsOf(open), engine }, id, asked, null);
    if (promoted.length > 0) output.err(`taken over without a run: ${promoted.join(', ')}`);
    return cells;
  } finally {
    await engine.stop();
  }
}

async function tell(
  { open, id, read, output }: Asked,
  action: 'branch-update' | 'branch-accept',
  { branch, main }: BranchReview,
  ids: readonly CellId[],
): Promise<number> {
  const { of } = await loadBranch(open.pool, id);
  await auditCommand(open.pool, action, id, { notebook: of.id, cells: ids.length });
  const cells = [...branch.cells, ...main.cells];
  const names = ids.map((each) => cells.find((cell) => cell.id === each)?.name || each);
  output.out(read.flag('json') ? JSON.stringify({ cells: ids }) : names.join('\n'));
  return exitCodes.done;
}
