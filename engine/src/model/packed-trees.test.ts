import { expect, it } from 'vitest';
import type { Ensemble } from './ensemble.ts';
import { packed } from './packed-trees.ts';
import type { Random } from './random.ts';
import { seededRandom } from './random.ts';
import type { Tree } from './tree.ts';
import { leafOf, TreeBuilder } from './tree.ts';

const SEEDS = Array.from({ length: 8 }, () => Math.floor(Math.random() * 1e6));
/** Two numbers, a category of 5 and one of 254. */
const LEVELS = [0, 0, 5, 254];

/** A tree whose splits nobody learned: of every kind, at any depth. */
function grown(random: Random, outputs: number): Tree {
  const builder = new TreeBuilder();
  const grow = (depth: number): void => {
    if (depth === 0 || random() < 0.1) return builder.leaf(Array.from({ length: outputs }, random), 1);
    const feature = Math.floor(random() * LEVELS.length);
    const levels = LEVELS[feature] ?? 0;
    const codes = Array.from({ length: levels }, (_, code) => code).filter(() => random() < 0.5);
    const bound = random() < 0.1 ? -Infinity : Math.floor(random() * 10);
    const missingRight = random() < 0.5;
    const node =
      levels === 0
        ? builder.split(feature, bound, missingRight, 1)
        : builder.splitByCategory(feature, codes, missingRight, 1);
    grow(depth - 1);
    builder.rightOf(node);
    grow(depth - 1);
  };
  grow(8);
  return builder.finish();
}

function rowsOf(random: Random, count: number): Float64Array[] {
  return LEVELS.map((levels) =>
    Float64Array.from({ length: count }, () =>
      random() < 0.2 ? NaN : levels === 0 ? Math.floor(random() * 24) / 2 - 1 : Math.floor(random() * levels),
    ),
  );
}

it.each(SEEDS)('trees side by side answer as each of them does alone (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const columns = rowsOf(random, 300);
  for (const [count, outputs, wide] of [
    [0, 1, false],
    [1, 1, true],
    [7, 1, false],
    [9, 3, false],
    [10, 3, true],
  ] as const) {
    const trees = Array.from({ length: count }, () => grown(random, wide ? outputs : 1));
    const base = Array.from({ length: outputs }, random);
    const model: Ensemble = { kind: 'trees', link: 'identity', base, scale: 0.5, trees, wide };
    const found = new Float64Array(outputs);
    for (let row = 0; row < 300; row += 1) {
      packed(model).score(columns, row, found);
      expect([...found]).toEqual(alone(model, columns, row));
    }
  }
});

function alone({ trees, base, scale, wide }: Ensemble, columns: Float64Array[], row: number): number[] {
  const sums = base.map(() => 0);
  for (const [at, tree] of trees.entries()) {
    const place = leafOf(tree, columns, row);
    for (const k of wide ? base.keys() : [at % base.length])
      sums[k] = (sums[k] ?? 0) + (tree.values[wide ? place + k : place] ?? 0);
  }
  return base.map((begin, k) => begin + (sums[k] ?? 0) * scale);
}
