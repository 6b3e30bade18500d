import { isFault } from '@datacraft/shared';
import type { RunDeps } from '../run/context.ts';
import type { Known } from '../run/gather.ts';
import { gather } from '../run/gather.ts';
import type { RunInput } from '../run/prepare.ts';
import type { IdentifiedSource, LiveReading } from '../source/source.ts';

/** Sources of the notebook that are not this stream change seldom: they are looked at this often. */
const OTHERS_EVERY_MS = 30_000;

/** What a commit begins with: the rows that came, or null when none did. */
export interface Looked {
  readonly known: Known;
  readonly source: IdentifiedSource;
}

export type Look = (live: LiveReading, signal: AbortSignal) => Promise<Looked | null>;

export function createLook(input: RunInput, cell: string, deps: RunDeps): Look {
  const { graph } = input.compiled;
  const { mayRead } = input;
  let others: Known['sources'] = new Map();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return async (live, signal) => {
    const known = await gather(graph, input.resolve, { ...deps, mayRead, live, signal }, new Set([cell]));
    const source = known.sources.get(cell);
    if (source === undefined || isFault(source)) throw source ?? new Error(`${cell} is no source`);
    if (source.files.every((file) => file.sizeBytes === 0)) {
      await source.release?.();
      return null;
    }
    if (live.nowMs - lookedAtMs > OTHERS_EVERY_MS) {
      others = (await gather(graph, input.resolve, { ...deps, mayRead, reading: 'status', signal })).sources;
      lookedAtMs = live.nowMs;
    }
    return { known: { ...known, sources: new Map([...others, [cell, source]]) }, source };
  };
}
