import type { Ensemble } from './ensemble.ts';
import type { Columns } from './feature.ts';
import type { Places } from './packing.ts';
import { LAST, notAbove, Packing } from './packing.ts';

/** Where a missing value that goes left stands: before all thresholds. */
const FIRST = 0;
/** Walked side by side, so that the memory of one is awaited together with that of the others. */
const LANES = 4;

const known = new WeakMap<Ensemble, PackedTrees>();

/** A model's trees are packed once, as long as it lives. */
export function packed(model: Ensemble): PackedTrees {
  const found = known.get(model) ?? new PackedTrees(model);
  known.set(model, found);
  return found;
}

/**
 * Trees as one run of nodes of 8 bytes, walked four trees at a time and without a branch. A value is told its place
 * among its feature's thresholds or categories once, for all trees; a node holds `slot << 16 | place`, then how far its
 * right child is beyond its left one; a leaf twice the place of its values, then -1. Answers are those of `leafOf`,
 * added in the order of the trees.
 */
export class PackedTrees {
  readonly #model: Ensemble;
  readonly #packing: Packing;
  /** Of each feature its place twice, for nodes where what is missing goes left and right; leaves look here too. */
  readonly #places: Int32Array;
  readonly #at = new Int32Array(LANES);

  constructor(model: Ensemble) {
    this.#model = model;
    this.#packing = new Packing(model.trees);
    const { places, values } = this.#packing;
    this.#places = new Int32Array(Math.max(2 * places.length, (values.length >>> 15) + 1));
  }

  /** Sums of one row's leaves, in `into`. */
  score(columns: Columns, row: number, into: Float64Array): void {
    this.#place(columns, row);
    into.fill(0);
    const { base, scale } = this.#model;
    const { length } = this.#packing.roots;
    for (let first = 0; first < length; first += LANES) {
      this.#walk(first);
      for (let lane = 0; lane < LANES && first + lane < length; lane += 1)
        this.#leaf(first + lane, this.#at[lane] ?? 0, into);
    }
    for (let k = 0; k < into.length; k += 1) into[k] = (base[k] ?? 0) + (into[k] ?? 0) * scale;
  }

  #place(columns: Columns, row: number): void {
    const known = this.#packing.places;
    for (let feature = 0; feature < known.length; feature += 1) {
      const own = known[feature];
      if (own === undefined) continue;
      const value = columns[feature]?.[row] ?? NaN;
      const last = own.kind === 'number' ? LAST : 32 * own.words - 1;
      const place = Number.isNaN(value) ? FIRST : placeOf(own, value, last);
      this.#places[2 * feature] = place;
      this.#places[2 * feature + 1] = place === FIRST ? last : place;
    }
  }

  #walk(first: number): void {
    const { nodes, roots, sets } = this.#packing;
    const places = this.#places;
    let a = roots[first] ?? 0;
    let b = roots[first + 1] ?? 0;
    let c = roots[first + 2] ?? 0;
    let d = roots[first + 3] ?? 0;
    for (;;) {
      const stepA = step(nodes, places, sets, a);
      const stepB = step(nodes, places, sets, b);
      const stepC = step(nodes, places, sets, c);
      const stepD = step(nodes, places, sets, d);
      if ((stepA | stepB | stepC | stepD) === 0) break;
      a += stepA;
      b += stepB;
      c += stepC;
      d += stepD;
    }
    this.#at[0] = nodes[2 * a] ?? 0;
    this.#at[1] = nodes[2 * b] ?? 0;
    this.#at[2] = nodes[2 * c] ?? 0;
    this.#at[3] = nodes[2 * d] ?? 0;
  }

  #leaf(tree: number, word: number, into: Float64Array): void {
    const { values } = this.#packing;
    const place = word >>> 1;
    const outputs = into.length;
    if (!this.#model.wide) into[tree % outputs] = (into[tree % outputs] ?? 0) + (values[place] ?? 0);
    else for (let k = 0; k < outputs; k += 1) into[k] = (into[k] ?? 0) + (values[place + k] ?? 0);
  }
}

/** How far the next node is; 0 of leaves. Masks are -1 or 0: a branch that is guessed wrong costs more than all of this. */
function step(nodes: Int32Array, places: Int32Array, sets: Uint32Array, node: number): number {
  const word = nodes[2 * node] ?? 0;
  const skip = nodes[2 * node + 1] ?? 0;
  const cut = word & 0xffff;
  const place = places[word >>> 16] ?? 0;
  const isCategory = -((cut + 1) >> 16);
  const set = sets[((nodes[2 * node + 2] ?? 0) & isCategory) + ((place >> 5) & 7)] ?? 0;
  const outside = (((set >>> (place & 31)) & 1) - 1) & isCategory;
  const goesRight = ((cut - place) >> 31) | outside | (skip >> 31);
  return 1 - isCategory + (goesRight & skip);
}

function placeOf(own: Places, value: number, last: number): number {
  return own.kind === 'number' ? notAbove(own.cuts, value) + 1 : Math.min(value + 1, last);
}
