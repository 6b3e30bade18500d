import type { Comparison } from './pairs.ts';

export interface Bench {
  /** What the numbers are held against, in words. */
  readonly goal: string;
  measure(options: BenchOptions): Promise<Measured>;
}

export interface BenchOptions {
  readonly pairs: number;
  /** At the size that the goal speaks of, where that takes minutes; else at one that shows the same in less. */
  readonly full: boolean;
  /** Progress for people. */
  readonly say: (text: string) => void;
}

export interface Measured {
  readonly facts: Readonly<Record<string, string | number>>;
  readonly comparisons: readonly Comparison[];
  /** Numbers without a peer, in milliseconds unless the name says otherwise. */
  readonly figures?: Readonly<Record<string, number>>;
}
