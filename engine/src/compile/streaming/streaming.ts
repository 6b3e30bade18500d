import { readsOf } from '../sql-reads.ts';
import type { StreamNames } from './from.ts';
import { fromOf, keptColumn, withEntries } from './from.ts';
import { joinedShape } from './joined.ts';
import { keyedShape } from './keyed.ts';
import { refuseParts } from './select-parts.ts';
import { sessionShape } from './session.ts';
import type { StreamShape } from './shape.ts';
import { NotStreamable } from './shape.ts';
import { isNode, type Node, placeIn } from './tree.ts';

/** How one SELECT is made of the streams it reads. Null when it reads none; throws `NotStreamable`. */
export function shapeOf(statement: unknown, names: StreamNames): StreamShape | null {
  const read = readsOf(statement).tables.filter(({ schema, name }) => names.streamOf(schema, name) !== null);
  const [first] = read;
  if (first === undefined) return null;
  const select = isNode(statement) && isNode(statement['node']) ? statement['node'] : null;
  if (select?.['type'] !== 'SELECT_NODE')
    throw new NotStreamable('a UNION over a stream cannot be made commit by commit: write one SELECT', first.at);
  const shape = sessionShape(select, names) ?? plainShape(select, names, read.length);
  if (shape.kind === 'sessions' && read.length > 1) throw readTwice(read[1]?.at ?? first.at);
  return shape;
}

function plainShape(select: Node, names: StreamNames, reads: number): StreamShape {
  refuseParts(select);
  const from = fromOf(select['from_table'], withEntries(select, new Map()), names);
  const [stream] = from.streams;
  if (stream === undefined || from.streams.length !== reads)
    throw readTwice(stream?.at ?? placeIn(select['from_table']));
  const shape = joinedShape(select, from) ?? keyedShape(select, from);
  return shape ?? { kind: 'rows', streams: [stream.name], column: keptColumn(select, stream) };
}

function readTwice(at: number | null): NotStreamable {
  return new NotStreamable(
    'a stream is read once, in FROM: not in a subquery of an expression, and not a second time',
    at,
  );
}
