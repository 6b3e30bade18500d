import { say } from '@datacraft/shared';
import type { From, FromStream } from './from.ts';
import { columnKeys, keepsColumn } from './from.ts';
import { distinctOf, grouping, isAggregated, windowsOf } from './select-parts.ts';
import type { StreamInput, StreamShape } from './shape.ts';
import { NotStreamable } from './shape.ts';
import { timeKeyOf, type KeyOfColumn, type TimeKey } from './time-key.ts';
import { columnParts, type Node, nodesIn, placeIn, sameAs, wordOf } from './tree.ts';

/** A column of the answer that is bound to the event time. */
interface KeyColumn extends TimeKey {
  readonly name: string;
  /** Null of `*`. */
  readonly item: Node | null;
}

export function keysOf({ keys, alias }: FromStream): KeyOfColumn {
  return columnKeys(keys, alias);
}

export function keyColumnOf(select: Node, stream: FromStream): KeyColumn | null {
  const keyOf = keysOf(stream);
  for (const item of nodesIn(select['select_list'])) {
    if (item['class'] === 'STAR') {
      if (stream.column !== null && stream.keys.has(stream.column) && keepsColumn(item, stream.column, stream.alias))
        return { name: stream.column, item: null, from: 0, to: 0 };
      continue;
    }
    const key = isAggregated(item) ? null : timeKeyOf(item, keyOf);
    const name = wordOf(item['alias']) || (columnParts(item).at(-1) ?? '');
    if (key !== null && name !== '') return { ...key, name, item };
  }
  return null;
}

/** Groups, windows, DISTINCT and as-of joins over one stream: each answer is made around one event time. */
export function keyedShape(select: Node, { streams: [stream], asOf }: From): StreamShape | null {
  if (stream === undefined) return null;
  const many = grouping(select) ?? windowsOf(select)[0] ?? distinctOf(select);
  const reason = many ?? asOf;
  if (reason === null || reason === undefined) return null;
  const key = keyColumnOf(select, stream);
  if (stream.column === null || key === null) {
    if (many === null || many === undefined) return null;
    throw noKey(stream, many);
  }
  if (nodesIn(select['group_expressions']).length > 0 && listLength(select['group_sets']) > 1)
    throw new NotStreamable(
      'totals over several groupings never end: group by one set of columns',
      placeIn(nodesIn(select['group_expressions'])[0]),
    );
  const spread = Math.max(0, ...partitionsOf(select).map((partition) => spreadOf(partition, key, stream)));
  const input: StreamInput = { name: stream.name, column: stream.column };
  return { kind: 'windows', streams: [input], key: key.name, before: key.to + spread, after: 1 - key.from + spread };
}

function noKey({ column, name }: FromStream, many: Node): NotStreamable {
  if (column === null)
    return new NotStreamable(
      say(
        '`{name}` has no event time here: give its source `watermark: { column: …, delay: … }`, and keep that column',
        { name },
      ),
      placeIn(many),
    );
  return new NotStreamable(
    say(
      "groups over a stream end only with time: select a window of `{column}` too, such as `time_bucket(interval '1 minute', {column}) as minute`, and group by it",
      { column },
    ),
    placeIn(many),
  );
}

function listLength(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

interface Partition {
  readonly by: readonly Node[];
  readonly at: number | null;
}

function partitionsOf(select: Node): Partition[] {
  const distinct = distinctOf(select);
  const targets = distinct === null ? [] : nodesIn(distinct['distinct_on_targets']);
  return [
    ...windowsOf(select).map((each) => ({ by: nodesIn(each['partitions']), at: placeIn(each) })),
    ...(targets.length === 0 ? [] : [{ by: targets, at: placeIn(targets[0]) }]),
  ];
}

/** By how much rows of one partition are apart: nothing when it is by the key itself. A name may be a column's: it is no key. */
function spreadOf({ by, at }: Partition, key: KeyColumn, stream: FromStream): number {
  const { item } = key;
  if (item !== null && by.some((each) => sameAs(each, item))) return 0;
  const bound = by.flatMap((each) => timeKeyOf(each, keysOf(stream)) ?? []);
  const spreads = bound.map(({ from, to }) => to - from);
  if (spreads.length > 0) return Math.min(...spreads);
  throw new NotStreamable(
    say('this looks at all rows of a partition, which never ends: add a window of `{column}` to its PARTITION BY', {
      column: stream.column ?? '',
    }),
    at,
  );
}
