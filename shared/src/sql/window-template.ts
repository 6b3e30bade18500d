import { plainIdentifier } from '../transform/identifier.ts';

export const windowKinds = ['tumbling', 'hopping', 'session', 'interval_join', 'asof_join'] as const;
export type WindowKind = (typeof windowKinds)[number];

/** What a window is made of, as people choose it. */
export interface WindowTemplate {
  readonly kind: WindowKind;
  /** The cell that is read, and its event time. */
  readonly from: string;
  readonly time: string;
  /** By whom or what; none: all rows together. */
  readonly key: string | null;
  readonly lengthSeconds: number;
  /** Of hopping windows: a window begins this often, a whole part of its length. */
  readonly hopSeconds: number;
  /** Of joins: the other cell, and its time. It is matched by `key`, which both have. */
  readonly other: string;
  readonly otherTime: string;
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** `interval '30 minutes'`, in the greatest unit that says it whole. */
export function intervalOf(seconds: number): string {
  const [size, unit] = UNITS.find(([each]) => seconds % each === 0 && seconds >= each) ?? [1, 'second'];
  const count = seconds / size;
  return `interval '${count} ${unit}${count === 1 ? '' : 's'}'`;
}

/** A query that means the same over all rows and commit by commit. */
export function windowSql(template: WindowTemplate): string {
  const names: Names = {
    ...template,
    from: plainIdentifier(template.from),
    time: plainIdentifier(template.time),
    key: template.key === null ? null : plainIdentifier(template.key),
    other: plainIdentifier(template.other),
    otherTime: plainIdentifier(template.otherTime),
  };
  return written[template.kind](names);
}

type Names = WindowTemplate;

const written: Readonly<Record<WindowKind, (names: Names) => string>> = {
  tumbling: ({ from, time, key, lengthSeconds }) => `select
  time_bucket(${intervalOf(lengthSeconds)}, ${time}) as window_start,
${keyLine(key)}  count(*) as events
from ${from}
group by all`,

  hopping: ({ from, time, key, lengthSeconds, hopSeconds }) => {
    const hop = intervalOf(hopSeconds);
    const last = `time_bucket(${hop}, ${time})`;
    const first = lengthSeconds === hopSeconds ? last : `${last} - ${intervalOf(lengthSeconds - hopSeconds)}`;
    return `select
  window_start,
${keyLine(key)}  count(*) as events
from ${from}, unnest(range(
  ${first},
  ${last} + interval '1 second',
  ${hop}
)) as windows(window_start)
group by all`;
  },

  session: ({ from, time, key, lengthSeconds }) => {
    const over = key === null ? `order by ${time}` : `partition by ${key} order by ${time}`;
    return `with marked as (
  select *, ${time} - lag(${time}) over (${over}) > ${intervalOf(lengthSeconds)} as starts
  from ${from}
), numbered as (
  select *, count(*) filter (starts) over (${over}) as session
  from marked
)
select
${keyLine(key)}  min(${time}) as session_start,
  max(${time}) as session_end,
  count(*) as events
from numbered
group by ${key === null ? '' : `${key}, `}session`;
  },

  interval_join: ({ from, time, key, other, otherTime, lengthSeconds }) => `select a.*, b.${otherTime} as matched_at
from ${from} a
join ${other} b
  on ${sameKey(key)}b.${otherTime} >= a.${time}
  and b.${otherTime} < a.${time} + ${intervalOf(lengthSeconds)}`,

  asof_join: ({ from, time, key, other, otherTime }) => `select a.*, b.${otherTime} as valid_from
from ${from} a
asof left join ${other} b
  on ${sameKey(key)}a.${time} >= b.${otherTime}`,
};

function keyLine(key: string | null): string {
  return key === null ? '' : `  ${key},\n`;
}

function sameKey(key: string | null): string {
  return key === null ? '' : `a.${key} = b.${key} and `;
}
