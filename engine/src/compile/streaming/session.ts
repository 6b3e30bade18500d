import { say } from '@datacraft/shared';
import type { StreamNames } from './from.ts';
import { fromOf, withEntries } from './from.ts';
import { intervalIn } from './length.ts';
import { grouping, refuseParts, windowsOf } from './select-parts.ts';
import type { StreamShape } from './shape.ts';
import { NotStreamable } from './shape.ts';
import { below, columnParts, isNode, type Node, nodesIn, placeIn, wordOf } from './tree.ts';

/**
 * Sessions, written as SQL has to write them:
 *
 *     with marked as (select *, t - lag(t) over (partition by k order by t) > interval '30 minutes' as starts from s),
 *     numbered as (select *, count(*) filter (starts) over (partition by k order by t) as n from marked)
 *     select k, min(t) as session_start, max(t) as session_end, … from numbered group by k, n
 *
 * Null when the query is none of that kind.
 */
export function sessionShape(select: Node, names: StreamNames): StreamShape | null {
  const entries = withEntries(select, new Map());
  const numbered = entryOf(select, entries);
  const marked = numbered && entryOf(numbered, withEntries(numbered, entries));
  const lag = marked && windowsOf(marked).find((each) => each['type'] === 'WINDOW_LAG');
  if (!numbered || !marked || !lag || grouping(select) === null) return null;
  refuseParts(select);
  const [stream] = fromOf(marked['from_table'], withEntries(marked, entries), names).streams;
  if (stream === undefined) return null;
  if (entryOf(marked, entries) || !isNode(marked['from_table']) || marked['from_table']['type'] !== 'BASE_TABLE')
    throw new NotStreamable('the part of a session query with the lag reads the stream itself', stream.at);
  const { column } = stream;
  if (column === null)
    throw new NotStreamable(
      say(
        '`{name}` has no event time here: give its source `watermark: { column: …, delay: … }`, and keep that column',
        { name: stream.name },
      ),
      stream.at,
    );
  const isEventTime = (parts: readonly string[]) =>
    parts.at(-1) === column && (parts.length === 1 || parts.at(-2) === stream.alias);
  const by = byOf(lag, isEventTime);
  const gap = gapOf(marked, lag, isEventTime);
  const number = numberOf(numbered, by, column);
  return {
    kind: 'sessions',
    streams: [{ name: stream.name, column }],
    gap,
    by,
    end: endOf(select, by, number, column),
  };
}

type IsEventTime = (parts: readonly string[]) => boolean;

/** The one entry of WITH that a SELECT reads. */
function entryOf({ from_table: from }: Node, entries: ReadonlyMap<string, Node>): Node | null {
  if (!isNode(from) || from['type'] !== 'BASE_TABLE' || wordOf(from['schema_name']) !== '') return null;
  const found = entries.get(wordOf(from['table_name']));
  return found?.['type'] === 'SELECT_NODE' ? found : null;
}

function byOf(lag: Node, isEventTime: IsEventTime): string[] {
  const parts = nodesIn(lag['partitions']);
  const by = parts.map((each) => columnParts(each).at(-1));
  const [order, more] = nodesIn(lag['orders']);
  const isByTime = more === undefined && isNode(order?.['expression']) && isEventTime(columnParts(order['expression']));
  const isOfTime = isEventTime(columnParts(nodesIn(lag['children'])[0] ?? {})) && nodesIn(lag['children']).length === 1;
  const isRising = order?.['type'] === 'ORDER_DEFAULT' || order?.['type'] === 'ASCENDING';
  if (!isByTime || !isOfTime || !isRising || by.includes(undefined))
    throw new NotStreamable(
      'a session is told by `lag(t) over (partition by … order by t)` of the event time, by columns',
      placeIn(lag),
    );
  return by.flatMap((each) => each ?? []);
}

/** `t - lag(t) > gap`, the only comparison with the lag. */
function gapOf(marked: Node, lag: Node, isEventTime: IsEventTime): number {
  const compared = [...below(marked['select_list'])].filter(
    ({ type }) => type === 'COMPARE_GREATERTHAN' || type === 'COMPARE_GREATERTHANOREQUALTO',
  );
  const [found, second] = compared.filter(({ left }) => {
    if (!isNode(left) || wordOf(left['function_name']) !== '-') return false;
    const [time, before] = nodesIn(left['children']);
    return time !== undefined && isEventTime(columnParts(time)) && before?.['type'] === 'WINDOW_LAG';
  });
  const gap = found && intervalIn(found['right']);
  if (gap && second === undefined && windowsOf(marked).length === 1) return gap.most;
  throw new NotStreamable(
    "write where a session starts as `t - lag(t) over (…) > interval '30 minutes'`, once",
    placeIn(lag),
  );
}

/** The column that counts the starts of its `by`. */
function numberOf(numbered: Node, by: readonly string[], column: string): string {
  const [count, more] = windowsOf(numbered);
  const partitions = nodesIn(count?.['partitions']).map((each) => columnParts(each).at(-1) ?? '');
  const [order, second] = nodesIn(count?.['orders']);
  const isSame = partitions.length === by.length && by.every((each) => partitions.includes(each));
  const isByTime =
    isNode(order?.['expression']) && columnParts(order['expression']).at(-1) === column && second === undefined;
  const item = nodesIn(numbered['select_list']).find((each) => each === count);
  const name = wordOf(item?.['alias']);
  const isCount = count?.['type'] === 'WINDOW_AGGREGATE' && count['end'] === 'CURRENT_ROW_RANGE';
  if (isSame && isByTime && isCount && name !== '' && more === undefined && grouping(numbered) === null) return name;
  throw new NotStreamable(
    'number the sessions by `count(*) filter (starts) over (partition by … order by t) as n`, with the columns of the lag',
    placeIn(count) ?? placeIn(numbered['from_table']),
  );
}

function endOf(select: Node, by: readonly string[], number: string, column: string): string {
  const groups = nodesIn(select['group_expressions']).map((each) => columnParts(each).at(-1) ?? '');
  const items = nodesIn(select['select_list']);
  const at = placeIn(select['from_table']);
  const shown = items.find((item) => [...below(item)].some((each) => columnParts(each).at(-1) === number));
  if (shown)
    throw new NotStreamable(
      'the number of a session changes with every row that comes: leave it out and show `min(t)`',
      placeIn(shown),
    );
  if (windowsOf(select).length > 0)
    throw new NotStreamable('windows over sessions never end: compute them in a cell that reads this one', at);
  if (groups.length !== by.length + 1 || ![...by, number].every((each) => groups.includes(each)))
    throw new NotStreamable(
      say('group by {columns}: the columns of the lag and the number of the session', {
        columns: [...by, number].join(', '),
      }),
      at,
    );
  const end = items.find((item) => {
    const [of] = nodesIn(item['children']);
    return (
      wordOf(item['function_name']) === 'max' &&
      of !== undefined &&
      columnParts(of).at(-1) === column &&
      wordOf(item['alias']) !== ''
    );
  });
  if (end) return wordOf(end['alias']);
  throw new NotStreamable(
    say('select `max({column}) as session_end` too: by it sessions become final', { column }),
    at,
  );
}
