import type { RunningRollout } from '@datacraft/shared';
import { formatNumber } from '#lib/i18n/format.ts';
import type { en } from '#lib/i18n/rooms/rollout.ts';

export interface Figure {
  readonly label: string;
  readonly value: string;
  /** What it means that there are any. */
  readonly why: string | null;
}

/** What a rollout came to, as people read it: only what its mode and its model can have. */
export function figuresOf(rollout: RunningRollout, words: typeof en): Figure[] {
  const { mode, agreement, meanDifference } = rollout;
  const count = (label: string, value: number, why = '') => ({
    label,
    value: formatNumber(value),
    why: value > 0 && why !== '' ? why : null,
  });
  const isShadow = mode === 'shadow';
  return [
    count(words.asked, rollout.asked),
    isShadow ? count(words.compared, rollout.compared) : count(words.answered, rollout.answered),
    ...(agreement === null ? [] : [{ label: words.agreement, value: shareOf(agreement), why: null }]),
    ...(meanDifference === null
      ? []
      : [
          {
            label: words.meanDifference,
            value: formatNumber(meanDifference, { maximumSignificantDigits: 4 }),
            why: null,
          },
        ]),
    ...(rollout.decided === 0 ? [] : [count(words.decidedOtherwise, rollout.decidedOtherwise)]),
    count(words.errors, rollout.errors, isShadow ? '' : words.errorsWhy),
    ...(isShadow ? [count(words.dropped, rollout.dropped, words.droppedWhy)] : []),
  ];
}

export function shareOf(part: number): string {
  return formatNumber(part, { style: 'percent', maximumFractionDigits: 1 });
}
