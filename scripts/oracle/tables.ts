/** Tables for learners to be measured on: generated, seeded, with what real ones have: categories, gaps, rare classes. */
import type { Random } from '../../engine/src/model/random.ts';
import { seededRandom } from '../../engine/src/model/random.ts';

export interface OracleTable {
  readonly name: string;
  readonly task: 'classification' | 'regression';
  /** Text columns are categories; null is missing. */
  readonly columns: Readonly<Record<string, readonly (number | string | null)[]>>;
  /** Labels, or numbers. */
  readonly target: readonly (number | string)[];
}

type Value = number | string | null;
type Row = Readonly<Record<string, Value>> & { readonly target: number | string };

export function generatedTables(rows: number, seed = 42): OracleTable[] {
  return [
    tableOf('credit', 'classification', rows, seed, credit),
    tableOf('segments', 'classification', rows, seed + 1, segment),
    tableOf('friedman', 'regression', rows, seed + 2, friedman),
    tableOf('rents', 'regression', rows, seed + 3, rent),
  ];
}

/** Twelve numbers and three categories, for times: six of them count. */
export function wideTable(rows: number, seed = 42): OracleTable {
  return tableOf('wide', 'classification', rows, seed, wide);
}

function tableOf(
  name: string,
  task: OracleTable['task'],
  rows: number,
  seed: number,
  draw: (random: Random) => Row,
): OracleTable {
  const random = seededRandom(seed);
  const all = Array.from({ length: rows }, () => draw(random));
  const names = Object.keys(all[0] ?? {}).filter((each) => each !== 'target');
  return {
    name,
    task,
    columns: Object.fromEntries(names.map((each) => [each, all.map((row) => row[each] ?? null)])),
    target: all.map((row) => row.target),
  };
}

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function pick<Choice>(random: Random, choices: readonly [Choice, ...Choice[]]): Choice {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}

const sometimes = (random: Random, share: number, value: Value): Value => (random() < share ? null : value);
const chance = (random: Random, score: number): boolean => random() < 1 / (1 + Math.exp(-score));

/** One in six defaults; income has gaps that say something, two columns say nothing. */
function credit(random: Random): Row {
  const income = Math.exp(7.5 + 0.7 * normal(random));
  const amount = Math.exp(8 + 0.8 * normal(random));
  const months = pick(random, [6, 12, 18, 24, 36, 48, 60]);
  const age = 18 + Math.floor(random() * 55);
  const purpose = pick(random, ['car', 'house', 'study', 'farm', 'travel', 'shop']);
  const state = pick(random, ['SP', 'RJ', 'MG', 'BA', 'RS', 'PR', 'PE', 'CE', 'GO', 'MT', 'MS', 'SC']);
  const late = Math.floor(Math.max(0, normal(random) * 1.5));
  const burden = Math.log(amount / months / income);
  const hidden = sometimes(random, 0.12, income);
  const score =
    -0.2 +
    1.1 * burden +
    0.5 * late +
    (purpose === 'travel' ? 0.8 : purpose === 'farm' ? -0.7 : 0) +
    (state === 'MT' || state === 'GO' ? -0.5 : 0) +
    (age < 25 ? 0.6 : 0) +
    (hidden === null ? 0.5 : 0) +
    (months > 36 && late > 0 ? 0.7 : 0);
  const target = chance(random, score) ? 'yes' : 'no';
  const noise = { weight: normal(random), colour: pick(random, ['red', 'green', 'blue']) };
  return { income: hidden, amount, months, age, purpose, state, late, ...noise, target };
}

/** Three classes of unequal size around bent borders. */
function segment(random: Random): Row {
  const x = Array.from({ length: 8 }, () => normal(random));
  const [a = 0, b = 0, c = 0, d = 0] = x;
  const channel = pick(random, ['web', 'store', 'phone', 'partner']);
  const shift = channel === 'web' ? 0.6 : channel === 'partner' ? -0.6 : 0;
  const scores = [a + b * c + shift, 0.8 * d - a ** 2 + 0.9, Math.sin(2 * b) + 0.5 * c - 0.4 - shift];
  const drawn = scores.map((score) => score * 2 - Math.log(-Math.log(1 - random() * 0.999999 - 1e-9)));
  const target = ['gold', 'plain', 'silver'][drawn.indexOf(Math.max(...drawn))] ?? 'plain';
  return { ...Object.fromEntries(x.map((value, at) => [`x${at}`, value])), channel, target };
}

/** Friedman's first function: five columns that count, five that do not. */
function friedman(random: Random): Row {
  const x = Array.from({ length: 10 }, () => random());
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = x;
  const target = 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + normal(random);
  return { ...Object.fromEntries(x.map((value, at) => [`x${at}`, value])), target };
}

/** A price with many neighbourhoods and gaps. */
function rent(random: Random): Row {
  const area = 20 + Math.exp(3.8 + 0.5 * normal(random));
  const rooms = 1 + Math.floor(area / 30 + random() * 2);
  const place = Math.floor(random() * 40);
  const floor = sometimes(random, 0.2, Math.floor(random() * 20));
  const built = 1950 + Math.floor(random() * 75);
  const price =
    300 +
    22 * area +
    150 * Math.sin(place * 1.7) * Math.sqrt(area) +
    90 * rooms +
    (built > 2010 ? 400 : 0) +
    (floor === null ? -150 : 12 * Number(floor)) +
    260 * normal(random);
  return { area, rooms, neighbourhood: `n${place}`, floor, built, target: price };
}

function wide(random: Random): Row {
  const x = Array.from({ length: 12 }, () => normal(random));
  const [a = 0, b = 0, c = 0, d = 0] = x;
  const [kind, place] = [pick(random, ['a', 'b', 'c', 'd', 'e']), Math.floor(random() * 30)];
  const tint = kind === 'a' ? 1.5 : kind === 'e' ? -1.5 : 0;
  const score = 2 * (1.5 * a - 1.2 * b + c * d + Math.sin(2 * c) + tint + 0.8 * Math.cos(place));
  const words = { kind, place: `p${place}`, noise: pick(random, ['x', 'y', 'z']) };
  const target = chance(random, score) ? 'yes' : 'no';
  return { ...Object.fromEntries(x.map((value, at) => [`x${at}`, value])), ...words, target };
}
