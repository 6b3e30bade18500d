import { countedAs, distributionOf } from '../../engine/src/model/distribution.ts';
import { driftOf } from '../../engine/src/model/drift.ts';
import { numberFeature } from '../../engine/src/model/feature.ts';
import { seededRandom } from '../../engine/src/model/random.ts';

const COLUMNS = 20;
const ROWS = 1_000_000;
const LEARNED = 100_000;

/** Holds a million rows of 20 columns of numbers against how 100,000 lay: PSI, KS and chi² of each. */
export function driftMs(): number {
  const random = seededRandom(7);
  const drawn = (rows: number, by: number) => Float64Array.from({ length: rows }, () => random() * 100 + by);
  const rows = Int32Array.from({ length: LEARNED }, (_, row) => row);
  const known = Array.from({ length: COLUMNS }, (_, at) => {
    const column = drawn(LEARNED, 0);
    return distributionOf(numberFeature(`c${at}`, 'number', 'DOUBLE', column), column, rows);
  });
  const now = known.map((_, at) => drawn(ROWS, at));
  const startMs = performance.now();
  for (const [at, each] of known.entries()) driftOf(each, countedAs(each, now[at] ?? new Float64Array()));
  return performance.now() - startMs;
}
