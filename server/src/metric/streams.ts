import type { StreamSummary } from '@datacraft/shared';
import { lagOf } from '@datacraft/shared';
import type { Family, Labels } from './exposition.ts';
import { family } from './exposition.ts';

const states = ['live', 'waiting', 'paused', 'failed'] as const;

/** A lag that is none of now has no sample: Prometheus takes the series for stale, and the age says since when. */
export function streamFamilies(streams: readonly StreamSummary[], named: boolean, nowMs: number): Family[] {
  const count = (state: (typeof states)[number]) => streams.filter((stream) => stateOf(stream) === state).length;
  const inState = family(
    'datacraft_streams',
    'gauge',
    'Streams by state; one that waits is live, but its source is away or a commit is tried again',
    states.map((state) => [{ state }, count(state)]),
  );
  if (!named) return [inState];
  const labels = ({ relation }: StreamSummary): Labels => ({ table: relation });
  return [
    inState,
    family(
      'datacraft_stream_lag_messages',
      'gauge',
      'Messages not yet in the table of a stream; none while that is not known',
      streams.flatMap((stream) => {
        const { messages, isLive } = lagOf(stream, nowMs);
        return isLive && messages !== null ? [[labels(stream), messages] as const] : [];
      }),
    ),
    family(
      'datacraft_stream_lag_unknown_seconds',
      'gauge',
      'Since the lag of a live stream is not known any more; 0 while it is',
      streams
        .filter(({ state }) => state === 'live')
        .map((stream) => {
          const { since } = lagOf(stream, nowMs);
          return [labels(stream), since === null ? 0 : Math.max(0, nowMs - Date.parse(since)) / 1_000] as const;
        }),
    ),
  ];
}

function stateOf({ state, progress }: StreamSummary): (typeof states)[number] {
  return state === 'live' && progress.waiting !== undefined ? 'waiting' : state;
}
