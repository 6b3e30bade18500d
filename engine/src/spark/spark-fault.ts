import { status } from '@grpc/grpc-js';
import { Fault, say } from '@datacraft/shared';

interface Refusal {
  readonly code: number;
  readonly details: string;
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && 'code' in error && 'details' in error && typeof error.details === 'string';

/** The answer of a Spark server, or its silence, as a fault of ours. */
export function sparkFault(error: unknown, shownAs: string, signal?: AbortSignal): unknown {
  if (signal?.aborted === true) return new Fault('cancelled', 'the query in Spark was stopped', {}, { cause: error });
  if (!isRefusal(error)) return error;
  const said = error.details.trim();
  switch (error.code) {
    case status.UNAVAILABLE:
      return new Fault(
        'source-unreadable',
        say('Spark at {shownAs} cannot be reached; see that its Connect server runs and that the address is right', {
          shownAs,
        }),
        {},
        { cause: error },
      );
    case status.UNAUTHENTICATED:
    case status.PERMISSION_DENIED:
      return new Fault(
        'source-unreadable',
        say('Spark at {shownAs} refused the login; check user_id and token', { shownAs }),
        {},
      );
    case status.RESOURCE_EXHAUSTED:
      return new Fault(
        'too-large',
        say('Spark at {shownAs} sent too much at once: {said}; select fewer columns', { shownAs, said }),
        {},
      );
    default:
      return new Fault('query-failed', said, placeIn(said), { cause: error });
  }
}

/** Spark counts lines from 1 and columns from 0: `== SQL (line 1, position 8) ==` is of the first, 1-based. */
function placeIn(said: string): { line?: number; column?: number } {
  const place = /line (\d+),? pos(?:ition)? (\d+)/.exec(said);
  if (place === null) return {};
  const zeroBased = /line \d+,? pos \d/.test(said) ? 1 : 0;
  return { line: Number(place[1]), column: Number(place[2]) + zeroBased };
}
