import type { Random } from './random.ts';
import { shuffle } from './random.ts';

export type SplitBy =
  | { readonly kind: 'random' }
  | { readonly kind: 'stratified'; readonly labels: ArrayLike<number> }
  /** The latest rows are the test. */
  | { readonly kind: 'time'; readonly times: Float64Array }
  /** Rows of one group are on one side. */
  | { readonly kind: 'group'; readonly groups: readonly string[] };

export interface Halves {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Parts rows, each half in ascending order. Both have at least one row when there are two. */
export function splitRows(rows: Int32Array, share: number, by: SplitBy, random: Random): Halves {
  const count = Math.min(rows.length - 1, Math.max(1, Math.round(rows.length * share)));
  switch (by.kind) {
    case 'random':
      return halves(rows, new Set(shuffle(rows.slice(), random).subarray(0, count)));
    case 'stratified':
      return halves(rows, stratified(rows, share, by.labels, random));
    case 'time': {
      const sorted = rows.slice().sort((a, b) => timeOf(by.times, a) - timeOf(by.times, b) || a - b);
      return halves(rows, new Set(sorted.subarray(sorted.length - count)));
    }
    case 'group':
      return halves(rows, grouped(rows, count, by.groups, random));
  }
}

/** A row without a time is the oldest: it is learned from, never tested on. */
function timeOf(times: Float64Array, row: number): number {
  const time = times[row] ?? NaN;
  return Number.isNaN(time) ? -Infinity : time;
}

export type Fold = Halves;

/**
 * Parts rows into folds, each of which is tested on once. By time there is one less to test on: each is judged by what
 * came before it alone.
 */
export function foldRows(rows: Int32Array, count: number, by: SplitBy, random: Random): Fold[] {
  if (by.kind === 'time') return forward(rows, count, by.times);
  const place = placesOf(rows, count, by, random);
  return Array.from({ length: count }, (_, fold) => ({
    train: rows.filter((row) => place.get(row) !== fold),
    test: rows.filter((row) => place.get(row) === fold),
  })).filter(({ train, test }) => train.length > 0 && test.length > 0);
}

function forward(rows: Int32Array, count: number, times: Float64Array): Fold[] {
  const sorted = rows.slice().sort((a, b) => timeOf(times, a) - timeOf(times, b) || a - b);
  const edge = (part: number) => Math.round((part * sorted.length) / (count + 1));
  return Array.from({ length: count }, (_, at) => ({
    train: sorted.slice(0, edge(at + 1)).sort(),
    test: sorted.slice(edge(at + 1), edge(at + 2)).sort(),
  })).filter(({ train, test }) => train.length > 0 && test.length > 0);
}

/** The fold of each row: dealt out one by one, within each label, or group by group. */
function placesOf(rows: Int32Array, count: number, by: SplitBy, random: Random): Map<number, number> {
  const shuffled = shuffle(rows.slice(), random);
  if (by.kind === 'stratified') shuffled.sort((a, b) => (by.labels[a] ?? 0) - (by.labels[b] ?? 0));
  if (by.kind !== 'group') return new Map(Array.from(shuffled, (row, at) => [row, at % count]));
  const groups = [...new Set(Array.from(shuffled, (row) => by.groups[row] ?? ''))];
  const folds = new Map(groups.map((group, at) => [group, at % count]));
  return new Map(Array.from(rows, (row) => [row, folds.get(by.groups[row] ?? '') ?? 0]));
}

function halves(rows: Int32Array, test: ReadonlySet<number>): Halves {
  return { train: rows.filter((row) => !test.has(row)), test: rows.filter((row) => test.has(row)) };
}

function stratified(rows: Int32Array, share: number, labels: ArrayLike<number>, random: Random): Set<number> {
  const byLabel = new Map<number, number[]>();
  for (const row of rows) {
    const own = byLabel.get(labels[row] ?? 0);
    if (own === undefined) byLabel.set(labels[row] ?? 0, [row]);
    else own.push(row);
  }
  const test = new Set<number>();
  for (const label of [...byLabel.keys()].sort((a, b) => a - b)) {
    const own = shuffle(Int32Array.from(byLabel.get(label) ?? []), random);
    for (const row of own.subarray(0, Math.round(own.length * share))) test.add(row);
  }
  return test;
}

function grouped(rows: Int32Array, count: number, groups: readonly string[], random: Random): Set<number> {
  const names = [...new Set(Array.from(rows, (row) => groups[row] ?? ''))].sort();
  const order = shuffle(Int32Array.from(names.keys()), random);
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(groups[row] ?? '', (sizes.get(groups[row] ?? '') ?? 0) + 1);
  const chosen = new Set<string>();
  let taken = 0;
  for (const at of order.subarray(0, Math.max(1, names.length - 1))) {
    if (taken >= count) break;
    const name = names[at] ?? '';
    chosen.add(name);
    taken += sizes.get(name) ?? 0;
  }
  return new Set(rows.filter((row) => chosen.has(groups[row] ?? '')));
}
