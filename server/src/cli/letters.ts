import { setTimeout as sleep } from 'node:timers/promises';
import { askReplay, compile, listLetters, listReplays, listStreams } from '@datacraft/engine';
import type { StreamReplay } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { notebookReads } from '../auth/table-access.ts';
import { loadConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { startBus } from '../live/bus.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metric/registry.ts';
import { createRooms } from '../room/rooms.ts';
import { refuseReplay, sourceNow } from '../stream/letters-of.ts';
import { startStreamRunner } from '../stream/runner.ts';
import { notebookResolver } from '../worker/notebook-files.ts';
import { readArguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';
import type { Workspace } from './workspace.ts';
import { withDatabaseUrl } from './workspace.ts';

const LOOK_MS = 200;
const SHOWN = 100;

/** `datacraft letters layer.name [--replay] [--json]`: what a live stream set aside, and having it read again. */
export async function letters(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    replay: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [relation, ...more] = read.positionals;
  if (relation === undefined || more.length > 0)
    throw new Fault('bad-request', 'letters takes the table of one stream; "datacraft letters bronze.orders --replay"');
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const { workspace, url } = await withDatabaseUrl(config);
  const bus = await startBus({ pool: workspace.pool, url });
  const log = createLog('error');
  const rooms = createRooms({ pool: workspace.pool, bus, log, metrics: createMetrics() });
  try {
    const stream = (await listStreams(workspace.deps.db)).find((each) => each.relation === relation);
    if (!stream) throw new Fault('not-found', `no live stream fills ${relation}; the room Streams lists them`);
    const document = await rooms.notebook(stream.notebookId);
    const cell = await sourceNow(stream, document, (notebook) => compile(notebook, workspace.deps.duck));
    if (!read.flag('replay')) {
      const page = await listLetters(cell, { limit: SHOWN, offset: 0 }, workspace.deps);
      output.out(read.flag('json') ? JSON.stringify(page) : listed(page));
      return exitCodes.done;
    }
    refuseReplay(cell);
    const asked = await askReplay(workspace.deps.db, { streamId: stream.id, document, letters: null, by: null });
    await auditCommand(workspace.pool, 'stream-replay', stream.id);
    const done = await performed(workspace, config, stream.id, asked);
    output.out(read.flag('json') ? JSON.stringify(done) : said(done));
    return done.state === 'done' ? exitCodes.done : exitCodes.failed;
  } finally {
    await rooms.stop();
    await bus.stop();
    await workspace.close();
  }
}

/** Whoever runs streams does it; nobody else may be there, so this process is one of them meanwhile. */
async function performed(workspace: Workspace, config: Config, streamId: string, asked: string): Promise<StreamReplay> {
  const runner = startStreamRunner(
    {
      deps: workspace.deps,
      resolveFor: notebookResolver(config),
      mayReadFor: notebookReads(workspace.pool),
      onCommit: () => undefined,
    },
    createLog('error'),
  );
  try {
    for (;;) {
      const replay = (await listReplays(workspace.deps.db, streamId)).find(({ id }) => id === asked);
      if (!replay) throw new Fault('not-found', 'the stream was deleted meanwhile');
      if (replay.state !== 'asked') return replay;
      await sleep(LOOK_MS);
    }
  } finally {
    await runner.stop();
  }
}

function listed({ total, letters: found }: Awaited<ReturnType<typeof listLetters>>): string {
  const rows = found.map((each) => [
    each.letter ?? '',
    each.topic === null ? '' : `${each.topic} ${each.partition}:${each.offset}`,
    each.reason,
    each.raw.slice(0, 60),
  ]);
  const rest = total > found.length ? `\nthe newest ${found.length} of ${total}` : '';
  return total === 0 ? 'nothing is set aside' : `${textTable(['letter', 'where', 'why', 'message'], rows)}${rest}`;
}

function said({ state, landed, kept, error }: StreamReplay): string {
  return state === 'failed'
    ? `nothing was written: ${error?.message ?? 'it failed'}`
    : `${landed} landed, ${kept} broke again`;
}
