import { Fault, lengthMs, say, SHORTEST_MS } from '@datacraft/shared';

/** `15 minutes`, `2h`, `1 day` in milliseconds. Months and years have no fixed length: they are refused. */
export function spanMs(text: string): number {
  const ms = lengthMs(text);
  if (ms >= SHORTEST_MS) return ms;
  throw new Fault(
    'bad-request',
    say('"{text}" is not a length of at least a second in seconds to weeks; write 15 minutes', { text }),
  );
}
