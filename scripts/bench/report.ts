import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Bench, Measured } from './bench.ts';
import type { Comparison, Spread } from './pairs.ts';

export interface Surroundings {
  readonly commit: string;
  readonly node: string;
  readonly cores: number;
  readonly processor: string;
  readonly loadBefore: readonly number[];
}

export function surroundings(): Surroundings {
  return {
    commit: commitNow(),
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    loadBefore: loadavg().map((load) => Number(load.toFixed(2))),
  };
}

function commitNow(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'not a checkout'; // The numbers are worth as much without it.
  }
}

export function reportText(name: string, bench: Bench, measured: Measured, around: Surroundings): string {
  const facts = Object.entries({
    ...around,
    ...measured.facts,
    loadAfter: loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
  });
  return [
    `${name}: ${bench.goal}`,
    '',
    ...measured.comparisons.flatMap(comparisonLines),
    ...Object.entries(measured.figures ?? {}).map(([what, value]) => `${what}: ${value.toFixed(1)}`),
    '',
    ...facts.map(([what, value]) => `${what}: ${Array.isArray(value) ? value.join(' ') : String(value)}`),
  ].join('\n');
}

function comparisonLines(each: Comparison): string[] {
  return [
    `${each.what}: ${each.ratio.median.toFixed(2)} × (${range(each.ratio)}), ${each.pairs} pairs`,
    `  ${each.ours}: ${each.oursMs.toFixed(0)} ms · ${each.peer}: ${each.peerMs.toFixed(0)} ms · ${shortened(each.result)}`,
  ];
}

function range({ min, max }: Spread): string {
  return `${min.toFixed(2)} to ${max.toFixed(2)}`;
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
