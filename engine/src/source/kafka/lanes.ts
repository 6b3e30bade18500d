/**
 * Which topics a source reads now, and their partitions.
 *
 * L1  A topic that was read and is no longer there is a fault, as messages that are gone are (O2).
 * L2  A topic that is found later is read from its beginning, or from the time that `start` says: none of it is left out.
 */
import type { KafkaSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Admin } from 'kafkajs';
import type { PartitionSpan } from './client.ts';
import { spansOf } from './client.ts';
import { noTopic, unreachable } from './unreachable.ts';
import { matchingTopics } from './pattern.ts';

/** One partition of one topic, as states name it: `2` where a source reads one topic, else `orders:2`. */
export type Lane = string;

export interface LaneSpan extends PartitionSpan {
  readonly lane: Lane;
  readonly topic: string;
}

/** Each look at what there is asks the broker for every topic. */
const TOPICS_MAX = 500;

type Chosen = Pick<KafkaSource, 'topic' | 'topics' | 'topic_pattern'>;

export function readsMany({ topic }: Chosen): boolean {
  return topic === undefined;
}

/** For people. */
export function topicsShown({ topic, topics, topic_pattern: pattern }: Chosen): string {
  return topic ?? topics?.join(', ') ?? pattern ?? '';
}

export function laneOf(spec: Chosen, topic: string, partition: number): Lane {
  return readsMany(spec) ? `${topic}:${partition}` : String(partition);
}

export function partsOf({ topic = '' }: Chosen, lane: Lane): { readonly topic: string; readonly partition: number } {
  const at = lane.lastIndexOf(':');
  return at < 0
    ? { topic, partition: Number(lane) }
    : { topic: lane.slice(0, at), partition: Number(lane.slice(at + 1)) };
}

/** In the order of their topics' names. Throws for one of `known` whose topic is no longer there. */
export async function lanesNow(
  admin: Admin,
  spec: Chosen,
  known: ReadonlyMap<Lane, bigint> | null,
): Promise<LaneSpan[]> {
  const topics = await topicsNow(admin, spec, known);
  const spans = await Promise.all(
    topics.map(async (topic) =>
      (await spansOf(admin, topic)).map((span) => ({ ...span, topic, lane: laneOf(spec, topic, span.partition) })),
    ),
  );
  return spans.flat();
}

async function topicsNow(admin: Admin, spec: Chosen, known: ReadonlyMap<Lane, bigint> | null): Promise<string[]> {
  if (spec.topic !== undefined) return [spec.topic];
  const there = await admin.listTopics().catch((error: unknown) => {
    throw unreachable(topicsShown(spec), error);
  });
  const lost = [...(known ?? [])].find(([lane]) => !there.includes(partsOf(spec, lane).topic));
  if (lost) throw deleted(partsOf(spec, lost[0]).topic, lost[1]);
  if (spec.topics) return listed(spec.topics, there);
  const found = matchingTopics(spec.topic_pattern ?? '', there);
  if (found.length > 0 && found.length <= TOPICS_MAX) return found;
  const facts = { pattern: spec.topic_pattern ?? '', count: String(found.length), most: String(TOPICS_MAX) };
  throw new Fault(
    'source-unreadable',
    found.length === 0
      ? say('no topic matches {pattern}; mend topic_pattern:, or make a topic that it matches', facts)
      : say('{pattern} matches {count} topics; a source reads at most {most}: narrow topic_pattern:', facts),
    { file: facts.pattern },
  );
}

function listed(topics: readonly string[], there: readonly string[]): string[] {
  const missing = topics.find((topic) => !there.includes(topic));
  if (missing !== undefined) throw noTopic(missing);
  return [...new Set(topics)].toSorted();
}

function deleted(topic: string, offset: bigint): Fault {
  return new Fault(
    'source-unreadable',
    say(
      'the topic {topic} was read up to {offset}, but it was deleted; nothing was read: run the cell with a full refresh to begin without it',
      { topic, offset: String(offset) },
    ),
    { file: topic, gone: true },
  );
}
