import type { Bus } from '../live/bus.ts';
import { Remembered } from '../remembered.ts';

/** What nobody told us of holds for so long. */
const FOR_MS = 1_000;

/**
 * Who somebody is and what they may do, for programs that ask hundreds of times a second. It is forgotten at once when
 * this process changes any of it, as soon as another one says that it did, and after a second in any case.
 */
export function rememberedAccess<Value>(bus: Bus, now: () => number): Remembered<Value> {
  const remembered = new Remembered<Value>(FOR_MS, now);
  const forget = () => remembered.forget();
  for (const topic of ['users', 'access', 'notebook'] as const) bus.subscribe(topic, forget);
  bus.onGap(forget);
  return remembered;
}

/** Only these ask so often. */
export function isScoring(method: string, path: string): boolean {
  return method === 'POST' && /^\/(api\/v1\/models\/[^/]+\/(predict|explain)|v1\/[^/]+)$/.test(path);
}
