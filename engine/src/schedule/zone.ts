/** Where the clocks of a zone change, found by asking Intl once per zone and year. */
export interface Change {
  readonly atMs: number;
  /** Milliseconds to add to UTC, before and from the change on. */
  readonly before: number;
  readonly after: number;
}

/** How a wall-clock time maps to instants: none in a gap, two where clocks go back. */
export type Instants =
  | { readonly kind: 'once'; readonly atMs: number }
  /** The clock skips it; `atMs` is as long after the gap's beginning as the time lies in the gap. */
  | { readonly kind: 'skipped'; readonly atMs: number }
  | { readonly kind: 'doubled'; readonly atMs: number; readonly againMs: number };

export interface Zone {
  /** Milliseconds to add to UTC at an instant. */
  offsetAt(atMs: number): number;
  /** `localMs` is a wall-clock time written as if it were UTC. */
  instantsOf(localMs: number): Instants;
  /** By how much clocks move in a span or within a day of it; zero nearly always. */
  shiftBetween(fromMs: number, toMs: number): number;
  /** Every change in [from, to), ascending. */
  changesBetween(fromMs: number, toMs: number): Change[];
}

const DAY_MS = 86_400_000;
/** Longer than the longest jump of a clock, a skipped day. */
const MARGIN_MS = 26 * 3_600_000;
const zones = new Map<string, Zone>();

/** IANA zone. The caller has checked that the name is one. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const made = createZone(name);
  zones.set(name, made);
  return made;
}

function createZone(name: string): Zone {
  const ask = offsetTeller(name);
  const years = new Map<number, { readonly startOffset: number; readonly changes: readonly Change[] }>();
  const yearOf = (atMs: number) => {
    const year = new Date(atMs).getUTCFullYear();
    let found = years.get(year);
    if (!found) years.set(year, (found = changesIn(year, ask)));
    return found;
  };
  const offsetAt = (atMs: number): number => {
    const { startOffset, changes } = yearOf(atMs);
    let offset = startOffset;
    for (const change of changes) if (change.atMs <= atMs) offset = change.after;
    return offset;
  };
  const changesBetween = (fromMs: number, toMs: number): Change[] => {
    const found: Change[] = [];
    const lastYear = new Date(toMs).getUTCFullYear();
    for (let year = new Date(fromMs).getUTCFullYear(); year <= lastYear; year += 1)
      found.push(...yearOf(Date.UTC(year, 6, 1)).changes.filter(({ atMs }) => atMs >= fromMs && atMs < toMs));
    return found;
  };
  return {
    offsetAt,
    changesBetween,
    shiftBetween: (fromMs, toMs) =>
      Math.max(
        0,
        ...changesBetween(fromMs - MARGIN_MS, toMs + MARGIN_MS).map(({ before, after }) => Math.abs(after - before)),
      ),
    instantsOf(localMs) {
      const earlier = offsetAt(localMs - DAY_MS);
      const later = offsetAt(localMs + DAY_MS);
      const first = localMs - earlier;
      const second = localMs - later;
      const firstHolds = offsetAt(first) === earlier;
      const secondHolds = offsetAt(second) === later;
      if (firstHolds && secondHolds && first !== second)
        return { kind: 'doubled', atMs: Math.min(first, second), againMs: Math.max(first, second) };
      if (firstHolds) return { kind: 'once', atMs: first };
      if (secondHolds) return { kind: 'once', atMs: second };
      return { kind: 'skipped', atMs: first };
    },
  };
}

function changesIn(year: number, ask: (atMs: number) => number) {
  const start = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const startOffset = ask(start);
  const changes: Change[] = [];
  let before = startOffset;
  for (let day = start; day < end; day += DAY_MS) {
    const after = ask(day + DAY_MS);
    if (after === before) continue;
    changes.push({ atMs: changeBetween(day, day + DAY_MS, before, ask), before, after });
    before = after;
  }
  return { startOffset, changes };
}

/** To the second: zones change at whole seconds. */
function changeBetween(fromMs: number, toMs: number, before: number, ask: (atMs: number) => number): number {
  let low = fromMs;
  let high = toMs;
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (ask(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function offsetTeller(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (atMs) => {
    const whole = Math.floor(atMs / 1_000) * 1_000;
    const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = [
      'year',
      'month',
      'day',
      'hour',
      'minute',
      'second',
    ].map((part) => parts.get(part as Intl.DateTimeFormatPartTypes));
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
  };
}
