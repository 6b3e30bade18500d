/**
 * Whether what a model is asked about still lies as what it learned from.
 *
 * PSI over ten groups (Siddiqi, Credit Risk Scorecards, 2006): below 0.1 stable, below 0.25 moved, above it shifted.
 * KS of two samples over the kept cuts, and chi² of homogeneity of labels; `p` is the asymptotic one of either.
 */
import type { Distribution, DriftOf, DriftVerdict } from '@datacraft/shared';

type Counts = Pick<Distribution, 'counts' | 'missing'>;

/** Shares too small for a logarithm count as half a row. */
const LEAST = 0.5;
const GROUPS = 10;

export function driftOf(known: Distribution, now: Counts): DriftOf {
  const seen = sum(known.counts);
  const rows = sum(now.counts);
  const psi = psiOf(grouped(known, now));
  const test =
    known.kind === 'number' ? kolmogorovSmirnov(known.counts, now.counts) : chiSquare(known.counts, now.counts);
  return {
    name: known.name,
    kind: known.kind,
    psi,
    verdict: verdictOf(psi),
    ks: known.kind === 'number' ? test.statistic : null,
    chi2: known.kind === 'category' ? test.statistic : null,
    p: seen === 0 || rows === 0 ? null : test.p,
    missing: { training: share(known.missing, seen), now: share(now.missing, rows) },
    cuts: known.cuts,
    labels: known.labels,
    training: known.counts,
    now: now.counts,
  };
}

function verdictOf(psi: number): DriftVerdict {
  if (psi < 0.1) return 'stable';
  return psi < 0.25 ? 'moved' : 'shifted';
}

/** Bins as groups of about a tenth of the training rows, and what is missing as one more. */
function grouped(known: Distribution, now: Counts): { training: number[]; now: number[] } {
  const training = [known.missing];
  const other = [now.missing];
  const enough = known.kind === 'number' ? sum(known.counts) / GROUPS : 0;
  let [a, b] = [0, 0];
  known.counts.forEach((count, bin) => {
    a += count;
    b += now.counts[bin] ?? 0;
    if (a + 1e-9 < enough && bin < known.counts.length - 1) return;
    training.push(a);
    other.push(b);
    [a, b] = [0, 0];
  });
  return { training, now: other };
}

function psiOf({ training, now }: { training: readonly number[]; now: readonly number[] }): number {
  const [all, others] = [sum(training), sum(now)];
  if (all === 0 || others === 0) return 0;
  return training.reduce((psi, count, at) => {
    const other = now[at] ?? 0;
    if (count === 0 && other === 0) return psi;
    const a = Math.max(count, LEAST) / all;
    const b = Math.max(other, LEAST) / others;
    return psi + (b - a) * Math.log(b / a);
  }, 0);
}

function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): { statistic: number; p: number } {
  const [all, others] = [sum(a), sum(b)];
  if (all === 0 || others === 0) return { statistic: 0, p: 1 };
  let [low, high, statistic] = [0, 0, 0];
  a.forEach((count, bin) => {
    low += count / all;
    high += (b[bin] ?? 0) / others;
    statistic = Math.max(statistic, Math.abs(low - high));
  });
  return { statistic, p: kolmogorovTail(statistic * Math.sqrt((all * others) / (all + others))) };
}

/** Kolmogorov's limit law: the chance of a distance beyond `x`. */
export function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let tail = 0;
  for (let k = 1; k <= 100; k += 1) {
    const term = 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
    tail += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return Math.min(1, Math.max(0, tail));
}

function chiSquare(a: readonly number[], b: readonly number[]): { statistic: number; p: number } {
  const [all, others] = [sum(a), sum(b)];
  if (all === 0 || others === 0) return { statistic: 0, p: 1 };
  let [statistic, kinds] = [0, 0];
  a.forEach((count, bin) => {
    const other = b[bin] ?? 0;
    const both = count + other;
    if (both === 0) return;
    kinds += 1;
    const expected = (both * all) / (all + others);
    statistic += (count - expected) ** 2 / expected + (other - (both - expected)) ** 2 / (both - expected);
  });
  return { statistic, p: kinds < 2 ? 1 : gammaTail((kinds - 1) / 2, statistic / 2) };
}

/** Upper regularized incomplete gamma function Q(a, x): by its series below a + 1, by Lentz' fraction above. */
export function gammaTail(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, total] = [1 / a, 1 / a];
    for (let n = 1; n < 1000 && Math.abs(term) > Math.abs(total) * 1e-15; n += 1) {
      term *= x / (a + n);
      total += term;
    }
    return 1 - total * scale;
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 1000; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / nonZero(an * d + b, tiny);
    c = nonZero(b + an / c, tiny);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return scale * h;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);

/** Lanczos' approximation, g = 7, n = 9. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const series = LANCZOS.reduce((total, factor, at) => (at === 0 ? factor : total + factor / (x - 1 + at)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

function share(part: number, rest: number): number {
  return part + rest === 0 ? 0 : part / (part + rest);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
