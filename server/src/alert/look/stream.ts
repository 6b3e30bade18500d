import { listStreams, spanMs } from '@datacraft/engine';
import type { Said, StreamSummary } from '@datacraft/shared';
import { asSaid, lagOf, say } from '@datacraft/shared';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

/** Live streams that stopped, are further behind than they may be, or have written nothing for too long although something waits. */
export async function seeStreams({ config }: Rule, world: World): Promise<Observation[]> {
  const streams = await listStreams(
    world.engine.run.db,
    config.notebook === undefined ? {} : { notebookId: config.notebook },
  );
  return streams.flatMap((stream) => {
    const problem = problemOf(stream, config, world.now);
    if (problem === null) return [];
    return [
      {
        key: stream.id,
        cause: `stream:${stream.id}`,
        title: say('the stream {cell} is in trouble', { cell: stream.cell }),
        summary: say('{table}: {problem}', { table: stream.relation, problem }),
        facts: { table: stream.relation, notebookId: stream.notebookId, value: stream.progress.lag ?? null },
        link: `/streams/${stream.id}`,
      },
    ];
  });
}

/** Its runner is gone, or stands still, and has not said that it waits for something. */
function unreadSince(stream: Parameters<typeof problemOf>[0], now: Date): string | null {
  if (stream.progress.waiting !== undefined) return null;
  return lagOf(stream, now.getTime()).since ?? (stream.running ? null : stream.startedAt);
}

export function problemOf(
  stream: Pick<StreamSummary, 'state' | 'running' | 'commitMs' | 'error' | 'progress' | 'lastCommitAt' | 'startedAt'>,
  { max_lag: maxLag, stalled }: Rule['config'],
  now: Date,
): Said | null {
  const { state, error, progress, lastCommitAt, startedAt } = stream;
  if (state === 'failed')
    return say('it stopped: {reason}', { reason: error?.said ?? asSaid(error?.message ?? 'its page says why') });
  if (state !== 'live') return null;
  const unread = unreadSince(stream, now);
  if (stalled !== undefined && unread !== null && now.getTime() - Date.parse(unread) > spanMs(stalled))
    return say(
      'nobody reads it since {since}, which is longer than {stalled}; see that `datacraft start` or `datacraft stream` runs',
      {
        since: unread,
        stalled,
      },
    );
  const lag = progress.lag ?? 0;
  if (maxLag !== undefined && lag > maxLag) return say('{lag} messages wait, more than {most}', { lag, most: maxLag });
  if (stalled === undefined || (lag === 0 && progress.waiting === undefined)) return null;
  const since = new Date(lastCommitAt ?? startedAt);
  if (now.getTime() - since.getTime() <= spanMs(stalled)) return null;
  const why =
    progress.waiting === undefined
      ? say('{lag} messages wait', { lag })
      : (progress.waitingSaid ?? asSaid(progress.waiting));
  return say('nothing was written since {since}, which is longer than {stalled}: {why}', {
    since: since.toISOString(),
    stalled,
    why,
  });
}
