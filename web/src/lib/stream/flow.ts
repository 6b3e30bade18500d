import type { Flow } from '@datacraft/shared';
import { m } from '#lib/i18n/index.svelte.ts';
import type { MarkState } from '#lib/ui/state.ts';
import { sinceWords } from './since.ts';

export function markOfFlow({ state }: Flow): MarkState {
  if (state === 'live') return 'fresh';
  return state === 'stopped' ? 'failed' : 'stale';
}

/** A few words, for a tile or a chip. */
export function flowWords({ state, since }: Flow, now: number): string {
  return m().dashboard.flow.short[state](sinceWords(since ?? undefined, now));
}

/** What it means for whoever looks. */
export function flowSentence(flow: Flow, now: number): string {
  const words = m().dashboard.flow;
  const short = flowWords(flow, now);
  if (flow.state === 'live') return short;
  if (flow.state === 'stopped') return `${short}: ${words.before} ${flow.told === true ? words.told : words.notTold}`;
  const isByItself = flow.state === 'away' || flow.state === 'delayed';
  return `${short}: ${isByItself ? words.byItself : words.before}`;
}
