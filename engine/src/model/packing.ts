import { Fault, say } from '@datacraft/shared';
import type { Tree } from './tree.ts';
import { CATEGORY, MISSING_RIGHT, SET_WORDS } from './tree.ts';

/** The place of what comes after all thresholds; also marks a node that parts categories. */
export const LAST = 0xffff;

/** What places a feature's values have in all trees. */
export type Places =
  | { readonly kind: 'number'; readonly cuts: Float64Array }
  /** Sets of so many words, a bit for each place: what is missing and goes left is the first, a code is its own + 1. */
  | { readonly kind: 'category'; readonly words: number };

/** How many thresholds are not above a value. */
export function notAbove(cuts: Float64Array, value: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (cuts[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Trees on their way into one run of nodes. */
export class Packing {
  readonly places: readonly Places[];
  /** Two words a node; that of categories has another one after it, which holds where its set is. */
  readonly nodes: Int32Array;
  readonly values: Float64Array;
  readonly sets: Uint32Array;
  readonly roots: Int32Array;
  #count = 0;
  #setCount = 0;

  constructor(trees: readonly Tree[]) {
    this.places = placesOf(trees);
    this.nodes = new Int32Array(2 * trees.reduce((sum, tree) => sum + sizeOf(tree), 1));
    this.values = joined(trees.map((tree) => tree.values));
    // Nodes of numbers look a place up too, in words that nobody reads.
    this.#setCount = 8;
    this.sets = new Uint32Array(this.#setCount + trees.reduce((sum, tree) => sum + this.#wordsOf(tree), 0));
    let values = 0;
    this.roots = Int32Array.from(trees, (tree) => {
      const root = this.#add(tree, values);
      values += tree.values.length;
      return root;
    });
  }

  #wordsOf(tree: Tree): number {
    let words = 0;
    for (let node = 0; node < tree.feature.length; node += 1)
      if (isCategory(tree, node)) words += this.#width(tree.feature[node] ?? 0);
    return words;
  }

  #width(feature: number): number {
    const places = this.places[feature];
    return places?.kind === 'category' ? places.words : 0;
  }

  #add(tree: Tree, values: number): number {
    const root = this.#count;
    const at = new Int32Array(tree.feature.length);
    for (let node = 0; node < at.length; node += 1) {
      at[node] = this.#count;
      this.#count += isCategory(tree, node) ? 2 : 1;
    }
    for (let node = 0; node < at.length; node += 1) {
      const place = at[node] ?? 0;
      if ((tree.feature[node] ?? -1) >= 0) this.#split(tree, node, place, at[tree.right[node] ?? 0] ?? 0);
      else {
        // Even, so that it does not look like a node of categories.
        this.nodes[2 * place] = (values + (tree.threshold[node] ?? 0)) << 1;
        this.nodes[2 * place + 1] = -1;
      }
    }
    return root;
  }

  #split(tree: Tree, node: number, place: number, right: number): void {
    const feature = tree.feature[node] ?? 0;
    const bound = tree.threshold[node] ?? 0;
    const slot = 2 * feature + (((tree.flags[node] ?? 0) & MISSING_RIGHT) === 0 ? 0 : 1);
    const own = this.places[feature];
    const cut = own?.kind === 'number' ? notAbove(own.cuts, bound) : LAST;
    this.nodes[2 * place] = (slot << 16) | cut;
    this.nodes[2 * place + 1] = right - place - (cut === LAST ? 2 : 1);
    if (cut === LAST) this.nodes[2 * place + 2] = this.#set(tree, bound, this.#width(feature));
  }

  /** Its bits one place on, for the first is that of what is missing. */
  #set({ sets }: Tree, place: number, words: number): number {
    const start = this.#setCount;
    this.#setCount += words;
    for (let word = 0; word < words; word += 1) {
      const before = word === 0 ? 1 : (sets[place * SET_WORDS + word - 1] ?? 0) >>> 31;
      this.sets[start + word] = ((sets[place * SET_WORDS + word] ?? 0) << 1) | before;
    }
    return start;
  }
}

function isCategory({ feature, flags }: Tree, node: number): boolean {
  return (feature[node] ?? -1) >= 0 && ((flags[node] ?? 0) & CATEGORY) !== 0;
}

function sizeOf(tree: Tree): number {
  let size = tree.feature.length;
  for (let node = 0; node < tree.feature.length; node += 1) if (isCategory(tree, node)) size += 1;
  return size;
}

function placesOf(trees: readonly Tree[]): Places[] {
  const counts = splitsOf(trees);
  const cuts = Array.from(counts, (count) => new Float64Array(count));
  const found = new Int32Array(counts.length);
  const words = new Uint8Array(counts.length);
  for (const tree of trees) {
    for (let node = 0; node < tree.feature.length; node += 1) {
      const feature = tree.feature[node] ?? -1;
      if (feature < 0) continue;
      const bound = tree.threshold[node] ?? 0;
      const own = cuts[feature];
      const at = found[feature] ?? 0;
      if (isCategory(tree, node)) words[feature] = Math.max(words[feature] ?? 0, widthOf(tree, bound));
      else if (own !== undefined) {
        own[at] = bound;
        found[feature] = at + 1;
      }
    }
  }
  return cuts.map((own, feature) => {
    const width = words[feature] ?? 0;
    return width > 0
      ? { kind: 'category', words: width }
      : { kind: 'number', cuts: distinct(own.subarray(0, found[feature])) };
  });
}

/** How many nodes ask for each feature, up to the last one that is asked for. */
function splitsOf(trees: readonly Tree[]): Int32Array {
  let asked = -1;
  for (const { feature } of trees)
    for (let node = 0; node < feature.length; node += 1) asked = Math.max(asked, feature[node] ?? -1);
  const counts = new Int32Array(asked + 1);
  for (const { feature } of trees)
    for (let node = 0; node < feature.length; node += 1) {
      const own = feature[node] ?? -1;
      if (own >= 0) counts[own] = (counts[own] ?? 0) + 1;
    }
  return counts;
}

/** Words for the places of a set, and for one that is in no set. */
function widthOf({ sets }: Tree, place: number): number {
  let highest = 0;
  for (let word = 0; word < SET_WORDS; word += 1) {
    const bits = sets[place * SET_WORDS + word] ?? 0;
    if (bits !== 0) highest = word * 32 + 31 - Math.clz32(bits);
  }
  return Math.floor((highest + 2) / 32) + 1;
}

/** Sorts them where they lie. */
function distinct(cuts: Float64Array): Float64Array {
  cuts.sort();
  let count = 0;
  for (let at = 0; at < cuts.length; at += 1) {
    const cut = cuts[at] ?? 0;
    if (count > 0 && cuts[count - 1] === cut) continue;
    cuts[count] = cut;
    count += 1;
  }
  if (count < LAST - 1) return cuts.slice(0, count);
  throw new Fault(
    'unsupported',
    say('the model parts one feature at {places} places: train it again with fewer bins', { places: count }),
  );
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
