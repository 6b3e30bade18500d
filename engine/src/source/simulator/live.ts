import { createHash } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SimulatorSource } from '@datacraft/shared';
import type { IdentifiedSource, LastRead, LiveReading } from '../source.ts';
import { generateRows } from './generate.ts';
import { settingsOf } from './settings.ts';

const DEFAULT_RATE = '10/s';

/**
 * The rows that have come due since the stream was started, at the cell's `rate`. Their times are those of the clock, their
 * numbers go on from commit to commit, and how many were made is published with them (I3).
 */
export async function identifyLive(
  spec: SimulatorSource,
  live: LiveReading,
  last: LastRead | null,
  tempDir: string,
): Promise<IdentifiedSource> {
  const settings = settingsOf({ ...spec, rate: spec.rate ?? DEFAULT_RATE });
  const made = numberOf(last?.state?.['made']);
  const sinceMs = last?.state?.['sinceMs'] === undefined ? live.nowMs : numberOf(last.state['sinceMs']);
  const first = sinceMs === live.nowMs ? 0 : made;
  const due = Math.floor((live.nowMs - sinceMs) / settings.spacingMs) + 1;
  const end = Math.min(due, first + live.limit);
  live.tell({ lag: Math.max(0, due - end) });
  if (end <= first)
    return { identity: last?.identity ?? 'nothing yet', files: [], mode: 'append', state: last?.state ?? null };
  const path = join(tempDir, `live-${sinceMs}-${first}.csv`);
  const part = { first, end, seed: `${settings.seed} ${first}` };
  const text = [...generateRows({ ...settings, startMs: sinceMs }, part)].join('');
  await writeFile(path, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return {
    identity: createHash('sha256')
      .update(`${last?.identity ?? ''}\0${sha256}`)
      .digest('hex'),
    files: [{ path, shownAs: `simulator:${spec.template}`, sizeBytes: (await stat(path)).size, sha256 }],
    lanes: [{ lane: '0', topic: spec.template, partition: 0, records: end - first }],
    mode: last ? 'append' : 'overwrite',
    state: { made: end, sinceMs },
    release: () => rm(path, { force: true }),
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
