import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { initSync, MSTL } from '@bsull/augurs/mstl';

export interface Band {
  readonly point: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

let loaded = false;

/** The package finds its code by fetch, which knows no files: it is handed over. */
function load(): void {
  if (loaded) return;
  const dir = dirname(createRequire(import.meta.url).resolve('@bsull/augurs/mstl'));
  initSync({ module: readFileSync(join(dir, 'mstl_bg.wasm')) });
  loaded = true;
}

/** Seasons by MSTL, the rest by ETS. Null when it finds no model. */
export function decomposed(values: Float64Array, period: number, horizon: number, level: number): Band | null {
  load();
  try {
    using model = MSTL.ets([period]);
    model.fit(values);
    const { point, intervals } = model.predict(horizon, level);
    if (intervals === undefined || !point.every(Number.isFinite)) return null;
    return { point, lower: intervals.lower, upper: intervals.upper };
  } catch (error) {
    // It throws plain texts for series it cannot model, and nothing else of its own.
    if (typeof error === 'string' || error instanceof Error) return null;
    throw error;
  }
}
