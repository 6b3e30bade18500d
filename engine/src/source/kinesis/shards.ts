import type { Json, JsonObject } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { KinesisClient } from './client.ts';

export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
}

/**
 * Where reading goes on in each shard: behind a sequence number, at a time (`@` and epoch ms), or nowhere, because the
 * shard was closed and is read to its end.
 */
export type Positions = Map<string, string>;
export const CLOSED = 'closed';

export interface StreamState {
  readonly created: number;
  readonly shards: Positions;
}

export function stateIn(state: JsonObject | null): StreamState | null {
  if (state === null) return null;
  const shards = new Map(Object.entries((state['shards'] ?? {}) as Record<string, string>));
  return { created: Number(state['created']), shards };
}

export function stateOf({ created, shards }: StreamState): JsonObject {
  return { created, shards: Object.fromEntries(shards) as Record<string, Json> };
}

export async function createdAt(client: KinesisClient, stream: string): Promise<number> {
  const { StreamDescriptionSummary: found } = await client.call<{
    StreamDescriptionSummary: { StreamCreationTimestamp: number };
  }>('DescribeStreamSummary', { StreamName: stream });
  return Math.round(found.StreamCreationTimestamp * 1000);
}

export async function shardsOf(client: KinesisClient, stream: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let next: string | undefined;
  do {
    const asked = next === undefined ? { StreamName: stream } : { NextToken: next };
    const page = await client.call<{ Shards: readonly Shard[]; NextToken?: string | null }>('ListShards', asked);
    shards.push(...page.Shards);
    next = page.NextToken ?? undefined;
  } while (next !== undefined);
  return shards;
}

/** What was read must still be the same stream, with nothing of it gone unread. */
export function checkSame(stream: string, created: number, shards: readonly Shard[], last: StreamState | null): void {
  if (last === null) return;
  const anew = asSaid('run the cell with a full refresh to read it from where it begins now');
  if (last.created !== created)
    throw new Fault(
      'source-unreadable',
      say('the stream {stream} was made anew since it was read; {anew}', { stream, anew }),
      {
        file: stream,
      },
    );
  const listed = new Set(shards.map(({ ShardId }) => ShardId));
  const gone = [...last.shards].find(([id, position]) => position !== CLOSED && !listed.has(id));
  if (gone)
    throw new Fault(
      'source-unreadable',
      say('records of shard {shard} of {stream} are gone unread; {anew}', { shard: gone[0], stream, anew }),
      {
        file: stream,
      },
    );
}

/** The next shard to read: parents before their children, so that records of one key stay in order. */
export function nextShard(shards: readonly Shard[], shardsRead: Positions, done: ReadonlySet<string>): Shard | null {
  const listed = new Set(shards.map(({ ShardId }) => ShardId));
  const isOver = (parent: string | undefined) =>
    parent === undefined || !listed.has(parent) || shardsRead.get(parent) === CLOSED;
  return (
    shards.find(
      ({ ShardId, ParentShardId, AdjacentParentShardId }) =>
        !done.has(ShardId) &&
        shardsRead.get(ShardId) !== CLOSED &&
        isOver(ParentShardId) &&
        isOver(AdjacentParentShardId),
    ) ?? null
  );
}

/** Shards that are closed, read, and not listed any more need not be remembered. */
export function remembered(shards: readonly Shard[], positions: Positions): Positions {
  const listed = new Set(shards.map(({ ShardId }) => ShardId));
  return new Map([...positions].filter(([id, position]) => position !== CLOSED || listed.has(id)));
}
