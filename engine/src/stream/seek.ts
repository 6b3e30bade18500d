/**
 * Reading a stream on from somewhere else.
 *
 * K1  Nobody is moved without having been told what it comes to: which messages are read a second time, which are never
 *     read. The plan is done only as it was shown: a stream that was read on meanwhile refuses it.
 * K2  Only a stream that stands is moved, in one transaction that makes whoever runs it stop.
 */
import { createHash } from 'node:crypto';
import type { JsonObject, SeekPlan, SeekPartition, SeekTarget } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import type { SourceCell } from '../compile/graph.ts';
import { placeOf } from '../run/place-of.ts';
import { offsetsIn } from '../source/kafka/offsets.ts';
import type { Position } from '../source/kafka/seek.ts';
import { kafkaPositions } from '../source/kafka/seek.ts';
import type { RemoteAccess } from '../source/source.ts';
import type { Database, Queryable } from '../store/database.ts';
import { loadRelations } from '../store/relations.ts';
import { countEvents, eventSpan } from '../store/stream-events.ts';
import { moveStream } from '../store/streams.ts';

export interface SeekDeps {
  readonly db: Database;
  readonly remote?: RemoteAccess;
}

interface Planned {
  readonly plan: SeekPlan;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** What moving there comes to. Nothing is moved. */
export async function planSeek(cell: SourceCell, target: SeekTarget, deps: SeekDeps): Promise<SeekPlan> {
  return (await planned(cell, target, deps)).plan;
}

/** Moves it as `planSeek` said; `confirm` is of that plan. Throws `conflict` when it would come to something else now. */
export async function seekStream(
  streamId: string,
  cell: SourceCell,
  target: SeekTarget,
  confirm: string,
  deps: SeekDeps,
): Promise<SeekPlan> {
  const { plan, before, after } = await planned(cell, target, deps);
  if (plan.confirm !== confirm)
    throw new Fault('conflict', 'what moving the stream comes to has changed meanwhile; look again, then confirm that');
  if (!cell.relation) throw new Error(`${cell.name} has no table`);
  await moveStream(deps.db, { streamId, ref: cell.relation, before, after });
  return plan;
}

async function planned(cell: SourceCell, target: SeekTarget, deps: SeekDeps): Promise<Planned> {
  const before = await stateOf(cell, deps.db);
  const { partitions, after } = await movesOf(cell, target, before, deps);
  const sum = (of: (each: SeekPartition) => string) =>
    partitions.reduce((all, each) => all + BigInt(of(each)), 0n).toString();
  const confirm = createHash('sha256')
    .update(JSON.stringify([before, after]))
    .digest('hex')
    .slice(0, 16);
  return {
    plan: { partitions, again: sum(({ again }) => again), skipped: sum(({ skipped }) => skipped), confirm },
    before,
    after,
  };
}

async function stateOf(cell: SourceCell, db: Queryable): Promise<JsonObject> {
  const { relation } = cell;
  const found = relation && (await loadRelations(db, [relation])).get(relationName(relation));
  const source = found?.definition?.source;
  if (!source?.state)
    throw new Fault(
      'conflict',
      say('{cell} has read nothing yet: set start: in the cell to begin somewhere else', { cell: cell.name }),
    );
  if (source.place !== undefined && source.place !== placeOf(cell.spec))
    throw new Fault(
      'conflict',
      say('{cell} reads something else now than its table holds; start the stream anew first', { cell: cell.name }),
    );
  return source.state;
}

async function movesOf(
  { spec, relation }: SourceCell,
  target: SeekTarget,
  before: JsonObject,
  { db, remote }: SeekDeps,
): Promise<{ partitions: SeekPartition[]; after: JsonObject }> {
  if (spec.type === 'kafka' && remote) {
    const from = offsetsIn(before) ?? new Map<string, bigint>();
    const moves = (await kafkaPositions(spec, target, remote)).map((each) => ({
      lane: each.lane,
      move: moveOf(each, from.get(each.lane)),
    }));
    const offsets = Object.fromEntries([...from].map(([lane, offset]) => [lane, offset.toString()]));
    for (const { lane, move } of moves) offsets[lane] = move.to;
    const present = new Set(moves.map(({ lane }) => lane));
    // Partitions that a topic made anew does not have are forgotten, and so is by which message it was known.
    const kept = target.kind === 'offsets' ? offsets : pick(offsets, present);
    return { partitions: moves.map(({ move }) => move), after: { offsets: kept } };
  }
  if (spec.type === 'webhook' && relation) return eventMoves(relationName(relation), target, before, db);
  throw new Fault(
    'bad-request',
    say('a source of type {type} has no places to move to; kafka and webhook have', { type: spec.type }),
  );
}

function pick(offsets: Readonly<Record<string, string>>, names: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(offsets).filter(([name]) => names.has(name)));
}

/** Of a place beyond its end nothing is read twice: the topic is another one. */
export function moveOf({ lane, topic, partition, low, high, to }: Position, before: bigint | undefined): SeekPartition {
  const from = before === undefined || before > high ? low : before;
  return {
    ...(lane === String(partition) ? {} : { topic }),
    partition,
    low: low.toString(),
    high: high.toString(),
    from: before === undefined ? null : before.toString(),
    to: to.toString(),
    again: (from > to ? from - to : 0n).toString(),
    skipped: (to > from ? to - from : 0n).toString(),
  };
}

async function eventMoves(relation: string, target: SeekTarget, before: JsonObject, db: Queryable) {
  const from = BigInt(String(before['seq'] ?? '0')) + 1n;
  const span = await eventSpan(db, relation, target.kind === 'time' ? new Date(target.at) : null);
  const asked = target.kind === 'offsets' ? target.offsets['0'] : undefined;
  if (target.kind === 'offsets' && asked === undefined)
    throw new Fault('bad-request', 'pushed events lie in partition 0');
  const to =
    asked !== undefined
      ? BigInt(asked)
      : target.kind === 'earliest'
        ? span.low
        : target.kind === 'latest'
          ? span.high
          : span.at;
  const [low, high] = from < to ? [from, to] : [to, from];
  const between = (await countEvents(db, relation, low, high)).toString();
  const partition: SeekPartition = {
    partition: 0,
    low: span.low.toString(),
    high: span.high.toString(),
    from: from.toString(),
    to: to.toString(),
    again: to < from ? between : '0',
    skipped: to > from ? between : '0',
  };
  return { partitions: [partition], after: { seq: (to - 1n).toString() } };
}
