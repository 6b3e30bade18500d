import { say } from '@datacraft/shared';
import { NotStreamable } from './shape.ts';
import { refuseMany } from './select-parts.ts';
import { timeKeyOf, type KeyOfColumn, type TimeKey } from './time-key.ts';
import { columnParts, isNode, type Node, nodesIn, placeIn, wordOf } from './tree.ts';

/** What the names of a query mean, as far as streams go. */
export interface StreamNames {
  /** The stream of that name, null when it is a table that stands still. */
  streamOf(schema: string, name: string): { readonly name: string; readonly column: string | null } | null;
}

/** A stream in a FROM. */
export interface FromStream {
  readonly alias: string;
  readonly name: string;
  /** Its event time; null when its source says none. */
  readonly column: string | null;
  /** The columns that are there to be read and bound to the event time; the event time itself, where it is kept. */
  readonly keys: ReadonlyMap<string, TimeKey>;
  readonly at: number | null;
}

export interface From {
  readonly streams: readonly FromStream[];
  /** Two streams side by side: which of them keeps rows without a partner, and what ties them. */
  readonly join: { readonly keeps: 'none' | 'left' | 'right'; readonly condition: unknown } | null;
  readonly asOf: Node | null;
}

export type Entries = ReadonlyMap<string, Node>;

const still: From = { streams: [], join: null, asOf: null };

export function fromOf(node: unknown, entries: Entries, names: StreamNames): From {
  if (!isNode(node)) return still;
  switch (node['type']) {
    case 'BASE_TABLE':
      return tableOf(node, entries, names);
    case 'SUBQUERY':
      return isNode(node['subquery']) ? rowsOf(node['subquery']['node'], wordOf(node['alias']), entries, names) : still;
    case 'JOIN':
      return joinOf(node, entries, names);
    default:
      return still;
  }
}

function tableOf(node: Node, entries: Entries, names: StreamNames): From {
  const [schema, name] = [wordOf(node['schema_name']), wordOf(node['table_name'])];
  const alias = wordOf(node['alias']) || name;
  const entry = schema === '' ? entries.get(name) : undefined;
  if (entry) return rowsOf(entry, alias, entries, names);
  const stream = names.streamOf(schema, name);
  return stream === null
    ? still
    : { ...still, streams: [{ ...stream, alias, keys: eventTime(stream.column), at: placeIn(node) }] };
}

/** A subquery or an entry of WITH: its rows are those of the stream, each by itself. */
function rowsOf(node: unknown, alias: string, entries: Entries, names: StreamNames): From {
  if (!isNode(node)) return still;
  const inner = fromOf(node['from_table'], withEntries(node, entries), names);
  const [stream] = inner.streams;
  if (node['type'] !== 'SELECT_NODE' || stream === undefined)
    return { ...still, streams: streamsAnywhere(node, names) };
  if (inner.join)
    throw new NotStreamable('two streams are joined in the outermost SELECT only: write the join there', stream.at);
  refuseMany(node, 'a subquery or WITH over a stream may only choose columns and rows: group in the outermost SELECT');
  return { ...inner, streams: [{ ...stream, alias, keys: keptKeys(node, stream) }] };
}

/** A UNION, or something else that is no SELECT of one stream. */
function streamsAnywhere(node: Node, names: StreamNames): FromStream[] {
  if (node['type'] === 'SELECT_NODE') return [];
  const found = [node['left'], node['right']].flatMap((side) =>
    isNode(side) ? [...fromOf(side['from_table'], new Map(), names).streams] : [],
  );
  const [first] = found;
  if (first)
    throw new NotStreamable('a UNION over a stream cannot be made commit by commit: read the stream once', first.at);
  return [];
}

export function withEntries(node: Node, outer: Entries): Entries {
  const entries = new Map(outer);
  const map = isNode(node['cte_map']) ? nodesIn(node['cte_map']['map']) : [];
  for (const { key, value } of map) {
    const query = isNode(value) ? value['query'] : null;
    const body = isNode(query) ? query['node'] : null;
    if (isNode(body)) entries.set(wordOf(key), body);
  }
  return entries;
}

/** The event time, when the rows that are chosen still have it under its name. */
export function keptColumn(node: Node, { column, alias, keys }: FromStream): string | null {
  if (column === null || !keys.has(column)) return null;
  const isKept = nodesIn(node['select_list']).some((item) => {
    if (item['class'] === 'STAR') return keepsColumn(item, column, alias);
    const called = wordOf(item['alias']);
    return columnParts(item).at(-1) === column && (called === '' || called === column);
  });
  return isKept ? column : null;
}

function eventTime(column: string | null): Map<string, TimeKey> {
  return new Map(column === null ? [] : [[column, { from: 0, to: 0 }]]);
}

/** What is bound to the event time under a name of its own: `time_bucket(…) as minute`. */
function keptKeys(node: Node, stream: FromStream): Map<string, TimeKey> {
  const { keys, alias } = stream;
  const kept = eventTime(keptColumn(node, stream));
  for (const item of nodesIn(node['select_list'])) {
    const key = timeKeyOf(item, columnKeys(keys, alias));
    const name = wordOf(item['alias']);
    if (key !== null && name !== '') kept.set(name, key);
  }
  return kept;
}

export function columnKeys(keys: ReadonlyMap<string, TimeKey>, alias: string): KeyOfColumn {
  return (parts) => (parts.length === 1 || parts.at(-2) === alias ? (keys.get(parts.at(-1) ?? '') ?? null) : null);
}

export function keepsColumn(star: Node, column: string, alias: string): boolean {
  const of = wordOf(star['relation_name']);
  const without = JSON.stringify([star['exclude_list'], star['replace_list'], star['rename_list']]).toLowerCase();
  return (of === '' || of === alias) && !without.includes(`"${column}"`) && !isNode(star['expr']);
}

function joinOf(node: Node, entries: Entries, names: StreamNames): From {
  const [left, right] = [fromOf(node['left'], entries, names), fromOf(node['right'], entries, names)];
  const at = right.streams[0]?.at ?? left.streams[0]?.at ?? placeIn(node);
  const [type, kind] = [node['join_type'], node['ref_type']];
  if (left.streams.length > 0 && right.streams.length > 0) return bothOf(node, left, right, at);
  if (kind === 'POSITIONAL' && left.streams.length + right.streams.length > 0)
    throw new NotStreamable('a POSITIONAL JOIN goes by the order of rows, which a stream has none of', at);
  if (right.streams.length > 0) {
    if (type === 'INNER' && kind !== 'ASOF') return right;
    throw new NotStreamable('the stream stands on the left of this join: write `from stream left join table`', at);
  }
  if (left.streams.length > 0 && (type === 'RIGHT' || type === 'OUTER'))
    throw new NotStreamable(
      'which rows of a table have no partner is only known at the end of a stream: use LEFT JOIN',
      at,
    );
  return {
    ...withRange(left, node['right']),
    asOf: left.asOf ?? (kind === 'ASOF' && left.streams.length > 0 ? node : null),
  };
}

/** `unnest(range(…)) as h(w)` beside the stream: `w` is each of the windows that its row falls into. */
function withRange(left: From, right: unknown): From {
  const [stream] = left.streams;
  const call = isNode(right) && right['type'] === 'TABLE_FUNCTION' ? right['function'] : null;
  if (stream === undefined || !isNode(right)) return left;
  const key = timeKeyOf(call, columnKeys(stream.keys, stream.alias));
  const [name] = Array.isArray(right['column_name_alias']) ? right['column_name_alias'] : [];
  if (key === null || typeof name !== 'string') return left;
  return { ...left, streams: [{ ...stream, keys: new Map([...stream.keys, [name.toLowerCase(), key]]) }] };
}

function bothOf(node: Node, left: From, right: From, at: number | null): From {
  const keeps = ({ INNER: 'none', LEFT: 'left', RIGHT: 'right' } as const)[String(node['join_type'])];
  const isPlain = node['ref_type'] === 'REGULAR' || node['ref_type'] === 'CROSS';
  const [second] = right.streams;
  if (node['ref_type'] === 'ASOF' && second !== undefined)
    throw new NotStreamable(
      say(
        'an as-of join needs a table on its right, and `{name}` is a stream: give it a cell of its own that is no streaming one, such as `select * from {name}`, and join that',
        { name: second.name },
      ),
      at,
    );
  const streams = [...left.streams, ...right.streams];
  if (keeps === undefined || !isPlain)
    throw new NotStreamable(
      'two streams are joined by JOIN, LEFT JOIN or RIGHT JOIN with a condition on their times',
      at,
    );
  const names = new Set(streams.map(({ name }) => name));
  if (streams.length > 2 || names.size < 2 || left.asOf !== null || right.asOf !== null)
    throw new NotStreamable('at most two different streams are joined: make a cell of the first two', at);
  return { streams, join: { keeps, condition: node['condition'] }, asOf: null };
}
