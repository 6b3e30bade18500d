import type { StreamSummary } from '../protocol/stream.ts';

/** How far a stream is behind, as far as anybody knows. */
export interface StreamLag {
  /** The last number that the source said; null where it says none. */
  readonly messages: number | null;
  /** False: it is a number of then. The source is away, nobody reads, or nothing was heard for too long. */
  readonly isLive: boolean;
  /** Since when it is none of now; null while it is. */
  readonly since: string | null;
}

/** A runner tells each two seconds, and looks no more often than it commits. */
const HEARD_WITHIN_MS = 15_000;

export function lagOf(
  stream: Pick<StreamSummary, 'state' | 'running' | 'commitMs' | 'progress' | 'lastCommitAt'>,
  nowMs: number,
): StreamLag {
  const { lag: messages = null, lagAt, waiting, waitingSince } = stream.progress;
  const saidAt = lagAt ?? stream.lastCommitAt;
  const isHeard = lagAt === undefined || nowMs - Date.parse(lagAt) < HEARD_WITHIN_MS + stream.commitMs;
  if (waiting !== undefined && stream.state === 'live')
    return { messages, isLive: false, since: waitingSince ?? saidAt };
  const isLive = stream.state === 'live' && stream.running && isHeard;
  return { messages, isLive, since: isLive ? null : saidAt };
}
