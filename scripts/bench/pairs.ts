/**
 * Two ways of doing one thing, timed side by side in one run.
 *
 * B1  Pairs go A B, B A, A B …: drift of the machine falls on both sides alike.
 * B2  A pair counts only when both sides gave the same result; a difference ends the bench.
 * B3  What is reported is the median of per-pair ratios and their range, never a best of.
 */
export interface Side {
  readonly name: string;
  /** One timed execution. `result` is what must agree; what it prepares or removes around the clock is its own affair. */
  run(round: number): Promise<Timed>;
}

export interface Timed {
  readonly ms: number;
  readonly result: string;
}

export interface Comparison {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly pairs: number;
  readonly oursMs: number;
  readonly peerMs: number;
  /** Ours over the peer's, per pair. */
  readonly ratio: Spread;
  readonly result: string;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One round that does not count, then `count` pairs. Throws when the two sides disagree. */
export async function comparePairs(what: string, ours: Side, peer: Side, count: number): Promise<Comparison> {
  const pairs: (readonly [Timed, Timed])[] = [];
  for (let round = 0; round <= count; round += 1) {
    const pair =
      round % 2 === 0 ? await oneAfterOther(ours, peer, round) : reversed(await oneAfterOther(peer, ours, round));
    if (pair[0].result !== pair[1].result)
      throw new Error(
        `${what}: the results differ, so no time counts\n  ${ours.name}: ${pair[0].result}\n  ${peer.name}: ${pair[1].result}`,
      );
    if (round > 0) pairs.push(pair);
  }
  return {
    what,
    ours: ours.name,
    peer: peer.name,
    pairs: pairs.length,
    oursMs: spreadOf(pairs.map(([own]) => own.ms)).median,
    peerMs: spreadOf(pairs.map(([, other]) => other.ms)).median,
    ratio: spreadOf(pairs.map(([own, other]) => own.ms / other.ms)),
    result: pairs[0]?.[0].result ?? '',
  };
}

async function oneAfterOther(first: Side, second: Side, round: number): Promise<readonly [Timed, Timed]> {
  const one = await first.run(round);
  return [one, await second.run(round)];
}

function reversed([first, second]: readonly [Timed, Timed]): readonly [Timed, Timed] {
  return [second, first];
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantileOf(sorted, 0.5), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

/** Of values in ascending order; between two of them it is interpolated. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  return low + ((sorted[Math.ceil(at)] ?? NaN) - low) * (at - Math.floor(at));
}

export async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; value: Result }> {
  const startedAt = performance.now();
  const value = await work();
  return { ms: performance.now() - startedAt, value };
}
