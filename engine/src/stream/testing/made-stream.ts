/** Streams made of a seed, and which of their rows are late: written again, plainly, to compare with. */
interface MadeEvent {
  readonly n: number;
  readonly id: number;
  readonly k: number;
  readonly v: number;
  readonly t: string;
  readonly _partition: number;
}

interface MadeCommit {
  readonly stream: string;
  readonly at: Date;
  readonly events: readonly MadeEvent[];
}

export interface MadeStream {
  readonly commits: readonly MadeCommit[];
  /** By stream, the `n` of its late rows. */
  readonly late: Readonly<Record<string, readonly number[]>>;
}

export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const START = Date.UTC(2026, 0, 1);
const COMMITS = 12;

/** Two streams of two partitions: out of order, late, told twice, and silent for a while. */
export function madeStream(random: () => number): Omit<MadeStream, 'late'> {
  const upTo = (n: number) => Math.floor(random() * n);
  const commits: MadeCommit[] = [];
  let [clock, n] = [0, 0];
  for (let commit = 0; commit < COMMITS; commit += 1) {
    clock += 3 + upTo(commit % 5 === 4 ? 70 : 25);
    const stream = commit < 2 ? (['sold', 'paid'][commit] ?? 'sold') : upTo(3) === 0 ? 'paid' : 'sold';
    const silent = upTo(3);
    const events: MadeEvent[] = [];
    for (let count = 1 + upTo(18); count > 0; count -= 1) {
      const again = events.length > 0 && upTo(5) === 0 ? events[upTo(events.length)] : undefined;
      const behind = upTo(4) === 0 ? upTo(60) : upTo(8);
      const fresh = {
        id: upTo(12),
        k: upTo(2),
        v: upTo(9),
        t: new Date(START + Math.max(0, clock - behind) * 1_000 + upTo(1_000)).toISOString(),
        _partition: silent === 2 ? upTo(2) : silent,
      };
      events.push({ ...(again ?? fresh), n: n++ });
    }
    commits.push({ stream, at: new Date(START + clock * 1_000), events });
  }
  return { commits };
}

interface LateRule {
  readonly delay: number;
  readonly idle: number;
  readonly lateness: number;
  readonly streams: readonly string[];
}

/** The rows whose time was before the bound when their commit began; the first commit of all streams together makes everything. */
export function lateOf(commits: readonly MadeCommit[], rule: LateRule): Record<string, number[]> {
  return lateAndBound(commits, rule).late;
}

/** Late rows, and the bound after the last commit as SQL. */
export function lateAndBound(
  commits: readonly MadeCommit[],
  rule: LateRule,
): { late: Record<string, number[]>; bound: string } {
  const late: Record<string, number[]> = {};
  const marks = new Map<string, number>();
  const latest = new Map<string, { ms: number; seen: number }>();
  let bound = Number.NEGATIVE_INFINITY;
  for (const { stream, at, events } of commits) {
    if (!rule.streams.includes(stream)) continue;
    for (const { n, t, _partition } of events) {
      const ms = Date.parse(t);
      if (ms < bound) (late[stream] ??= []).push(n);
      const key = `${stream} ${_partition}`;
      latest.set(key, { ms: Math.max(ms, latest.get(key)?.ms ?? ms), seen: at.getTime() });
    }
    // A partition falls silent as time passes, also when it is the other stream that was told of.
    for (const each of rule.streams) {
      const heard = [...latest].filter(
        ([key, { seen }]) => key.startsWith(`${each} `) && at.getTime() - seen < rule.idle * 1_000,
      );
      if (heard.length === 0) continue;
      const least = Math.min(...heard.map(([, { ms }]) => ms)) - rule.delay * 1_000;
      marks.set(each, Math.max(marks.get(each) ?? least, least));
    }
    if (marks.size === rule.streams.length)
      bound = Math.max(bound, Math.min(...marks.values()) - rule.lateness * 1_000);
  }
  const at = Number.isFinite(bound) ? new Date(bound).toISOString() : '-infinity';
  return { late, bound: `'${at.replace('Z', '')}'::timestamp` };
}
