import { listStreams, spanMs } from '@datacraft/engine';
import type { StreamSummary } from '@datacraft/shared';
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
    const summary = problemOf(stream, config, world.now);
    if (summary === null) return [];
    return [
      {
        key: stream.id,
        cause: `stream:${stream.id}`,
        title: `the stream ${stream.cell} is in trouble`,
        summary: `${stream.relation}: ${summary}`,
        facts: { table: stream.relation, notebookId: stream.notebookId, value: stream.progress.lag ?? null },
        link: `/streams/${stream.id}`,
      },
    ];
  });
}

export function problemOf(
  stream: Pick<StreamSummary, 'state' | 'error' | 'progress' | 'lastCommitAt' | 'startedAt'>,
  { max_lag: maxLag, stalled }: Rule['config'],
  now: Date,
): string | null {
  const { state, error, progress, lastCommitAt, startedAt } = stream;
  if (state === 'failed') return `it stopped: ${error?.message ?? 'its page says why'}`;
  if (state !== 'live') return null;
  const lag = progress.lag ?? 0;
  if (maxLag !== undefined && lag > maxLag) return `${lag} messages wait, more than ${maxLag}`;
  if (stalled === undefined || (lag === 0 && progress.waiting === undefined)) return null;
  const since = new Date(lastCommitAt ?? startedAt);
  if (now.getTime() - since.getTime() <= spanMs(stalled)) return null;
  const why = progress.waiting ?? `${lag} messages wait`;
  return `nothing was written since ${since.toISOString()}, which is longer than ${stalled}: ${why}`;
}
