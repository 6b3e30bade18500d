import { setImmediate } from 'node:timers/promises';
import type { Scorer } from '@datacraft/engine';
import type { ModelInput } from '@datacraft/shared';

/** From about so many on V8 has compiled what a prediction runs through. */
const TIMES = 400;
/** Before others have their turn. */
const CHUNK = 20;

/** A row that the model could be asked: of each input what was usual when it learned. */
export function usualRow(inputs: readonly ModelInput[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(inputs.map((input) => [input.name, usual(input)]));
}

function usual({ kind, levels, min, mean }: ModelInput): unknown {
  if (kind === 'category') return levels[0] ?? null;
  if (kind === 'boolean') return false;
  return kind === 'time' ? new Date((min ?? 0) * 1000).toISOString() : (mean ?? min ?? 0);
}

/** Predicts until the code for it is compiled, so that whoever asks first does not wait for that. */
export async function warmUp(scorer: Scorer): Promise<void> {
  const row = usualRow(scorer.inputs);
  for (let at = 0; at < TIMES; at += 1) {
    if (at % CHUNK === 0) await setImmediate();
    scorer.predict([row]);
  }
}
