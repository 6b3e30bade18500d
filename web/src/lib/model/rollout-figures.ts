import type { RunningRollout } from '@datacraft/shared';
import { formatNumber } from '#lib/i18n/format.ts';
import type { en } from '#lib/i18n/rooms/rollout.ts';

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly why?: string;
}

/** What a rollout came to, as people read it: only what its mode and its model can have. */
export function figuresOf(rollout: RunningRollout, words: typeof en): Figure[] {
  const { mode, asked, answered, compared, agreement, meanDifference, decided, decidedOtherwise } = rollout;
  return [
    { label: words.asked, value: formatNumber(asked) },
    mode === 'canary'
      ? { label: words.answered, value: formatNumber(answered) }
      : { label: words.compared, value: formatNumber(compared) },
    ...(agreement === null ? [] : [{ label: words.agreement, value: shareOf(agreement) }]),
    ...(meanDifference === null
      ? []
      : [{ label: words.meanDifference, value: formatNumber(meanDifference, { maximumSignificantDigits: 4 }) }]),
    ...(decided === 0 ? [] : [{ label: words.decidedOtherwise, value: formatNumber(decidedOtherwise) }]),
    { label: words.errors, value: formatNumber(rollout.errors), why: words.errorsWhy },
    ...(mode === 'shadow'
      ? [{ label: words.dropped, value: formatNumber(rollout.dropped), why: words.droppedWhy }]
      : []),
  ];
}

export function shareOf(part: number): string {
  return formatNumber(part, { style: 'percent', maximumFractionDigits: 1 });
}
