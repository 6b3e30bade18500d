import type { SourceSpec } from '@datacraft/shared';
import { Fault, say, type Said } from '@datacraft/shared';

export interface RowCounts {
  readonly good: number;
  readonly bad: number;
}

/** Whether more rows are bad than the cell lets pass. One bad row among few is not too many, unless none may be. */
export function isTooBad({ good, bad }: RowCounts, maxBadRatio: number): boolean {
  return bad > Math.ceil(maxBadRatio * (good + bad));
}

/** Throws `source-rows-rejected` when the rows of this write, and those `before` it, are worse than `max_bad_ratio`. */
export function refuseTooBad(spec: SourceSpec, now: RowCounts, before: RowCounts, first: Said | null): void {
  const most = spec.max_bad_ratio;
  if (most === undefined || now.bad === 0) return;
  const all = { good: now.good + before.good, bad: now.bad + before.bad };
  if (!isTooBad(all, most)) return;
  const share = Math.round((1000 * all.bad) / (all.good + all.bad)) / 10;
  throw new Fault(
    'source-rows-rejected',
    say(
      '{bad} of {good} rows ({share} %) could not be read, more than max_bad_ratio: {most} lets pass; nothing of them was written{first}; mend the cell or the producer, or raise max_bad_ratio, and start again',
      {
        bad: all.bad,
        good: all.good + all.bad,
        share,
        most,
        first: first === null ? '' : say('; first: {first}', { first }),
      },
    ),
    { rejected: all.bad, hint: 'mend the cell or the producer, or raise max_bad_ratio' },
  );
}
