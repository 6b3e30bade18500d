/**
 * A topic that is read on and on: one consumer from commit to commit.
 *
 * F1  It begins exactly behind what was published, also after the group was joined anew (O1).
 * F2  Messages that are gone, and a topic made anew, are faults also while it runs (O2). A topic made anew that has grown
 *     past the stored offset is told by the last message that was read: one of another time in its place is another topic.
 *     kafkajs does not say a topic's id.
 * F3  What waits to be taken is bounded; the broker waits meanwhile.
 * F4  Topics that a pattern finds while it runs are read with the others, from their beginning (L2).
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSource } from '@datacraft/shared';
import type { Admin, Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { RemoteAccess } from '../source.ts';
import { openKafka, unreachable } from './client.ts';
import type { Lane } from './lanes.ts';
import { laneOf, lanesNow, partsOf, topicsShown } from './lanes.ts';
import type { Mark } from './marks.ts';
import { beginningOf, madeAnew, offsetsAt, type Offsets } from './offsets.ts';

const WAITING_MAX = 100_000;
const CHECK_EVERY_MS = 3_000;
const HEARTBEAT_MS = 1_000;
/** A reader makes no topic: one that was deleted stays away. */
const reading = { readUncommitted: false, allowAutoTopicCreation: false, maxBytesPerPartition: 4 * 1024 ** 2 };

export interface FeedStart {
  readonly last: Offsets | null;
  readonly marks: ReadonlyMap<Lane, Mark>;
}

/** Messages of one partition that came together. */
export interface Taken {
  readonly lane: Lane;
  readonly messages: readonly KafkaMessage[];
}

export async function openFeed(spec: KafkaSource, remote: RemoteAccess, start: FeedStart): Promise<Feed> {
  const kafka = await openKafka(spec, remote);
  const admin = kafka.admin();
  try {
    await admin.connect();
    const spans = await lanesNow(admin, spec, start.last);
    const atTime = await offsetsAt(admin, spec, spans);
    const next = beginningOf({ spec, spans, last: start.last, atTime });
    const lows = new Map(spans.map(({ lane, low }) => [lane, low]));
    const marks = new Map([...start.marks].filter(([lane, mark]) => mark.offset >= (lows.get(lane) ?? 0n)));
    const ends = new Map(spans.map(({ lane, high }) => [lane, high]));
    const groupId = `datacraft-${randomUUID()}`;
    const consumer = kafka.consumer({ groupId, ...reading });
    const feed = new Feed({ spec, admin, consumer, groupId }, next, marks, ends);
    await feed.begin();
    return feed;
  } catch (error) {
    await admin.disconnect().catch(() => undefined); // the first failure is the one to tell
    throw isOurs(error) ? error : unreachable(topicsShown(spec), error);
  }
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && error.name === 'Fault';
}

interface Line {
  readonly spec: KafkaSource;
  readonly admin: Admin;
  readonly consumer: Consumer;
  readonly groupId: string;
}

export class Feed {
  readonly #line: Line;
  /** Next to come from the broker, and next to be taken. */
  readonly #next: Map<Lane, bigint>;
  readonly #taken: Map<Lane, bigint>;
  readonly #marks: Map<Lane, Mark>;
  readonly #ends: Map<Lane, bigint>;
  /** Behind the last that came, seen by readers or not: of transactions, brokers keep marks that are no message. */
  readonly #seen = new Map<Lane, bigint>();
  #waiting: Taken[] = [];
  #waitingCount = 0;
  #fault: Error | null = null;
  #checkedAt = performance.now();
  #isResting = false;

  constructor(line: Line, next: Offsets, marks: Map<Lane, Mark>, ends: Map<Lane, bigint>) {
    this.#line = line;
    this.#next = new Map(next);
    this.#taken = new Map(next);
    this.#marks = marks;
    this.#ends = ends;
  }

  get taken(): Offsets {
    return this.#taken;
  }

  /** For people: where each partition is. */
  position(lane: Lane): bigint {
    const taken = this.#taken.get(lane) ?? 0n;
    const seen = this.#waiting.length === 0 ? (this.#seen.get(lane) ?? 0n) : 0n;
    return seen > taken ? seen : taken;
  }

  get ends(): Offsets {
    return this.#ends;
  }

  async begin(): Promise<void> {
    const { consumer, spec } = this.#line;
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) this.#fault ??= unreachable(topicsShown(spec), payload.error);
    });
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      this.#seen.set(laneOf(spec, payload.topic, payload.partition), BigInt(payload.lastOffset) + 1n);
    });
    consumer.on('consumer.group_join', () => {
      for (const [lane, offset] of this.#next) {
        const from = this.#marks.get(lane)?.offset ?? offset;
        consumer.seek({ ...partsOf(spec, lane), offset: (from < offset ? from : offset).toString() });
      }
    });
    await consumer.connect();
    await this.#run(this.#topics);
  }

  get #topics(): Set<string> {
    return new Set([...this.#next.keys()].map((lane) => partsOf(this.#line.spec, lane).topic));
  }

  async #run(topics: ReadonlySet<string>): Promise<void> {
    const { consumer } = this.#line;
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: (payload) => this.#receive(payload) });
  }

  /** At most `limit` of what came, in order. Throws what ended the reading. */
  async take(limit: number): Promise<readonly Taken[]> {
    if (this.#fault) throw this.#fault;
    await this.#check();
    const taken: Taken[] = [];
    let room = limit;
    while (room > 0) {
      const [first] = this.#waiting;
      if (first === undefined) break;
      const part = { ...first, messages: first.messages.slice(0, room) };
      const left = first.messages.slice(part.messages.length);
      if (left.length === 0) this.#waiting.shift();
      else this.#waiting[0] = { ...first, messages: left };
      room -= part.messages.length;
      taken.push(part);
    }
    this.#waitingCount -= limit - room;
    for (const { lane, messages } of taken) this.#taken.set(lane, BigInt(messages.at(-1)?.offset ?? 0) + 1n);
    return taken;
  }

  async close(): Promise<void> {
    this.#isResting = true;
    const { consumer, admin, groupId } = this.#line;
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group also goes by itself
    await admin.disconnect();
  }

  /** Where the topic begins and ends now: what is owed, and whether something is gone. */
  async #check(): Promise<void> {
    if (performance.now() - this.#checkedAt < CHECK_EVERY_MS) return;
    const { spec, admin } = this.#line;
    const spans = await lanesNow(admin, spec, this.#next);
    const topics = this.#topics;
    const found = spans.filter(({ topic }) => !topics.has(topic));
    const atTime = await offsetsAt(admin, spec, found);
    const next = beginningOf({ spec, spans, last: this.#next, atTime });
    for (const { lane, high } of spans) this.#ends.set(lane, high);
    if (found.length > 0) await this.#follow(new Map(found.map(({ lane }) => [lane, next.get(lane) ?? 0n])));
    this.#checkedAt = performance.now();
  }

  /** kafkajs takes new topics only while it rests. Then all is read on from `#next` (F1). */
  async #follow(found: Offsets): Promise<void> {
    const { consumer, spec } = this.#line;
    try {
      this.#isResting = true;
      await consumer.stop();
      this.#isResting = false;
      for (const [lane, offset] of found) {
        this.#next.set(lane, offset);
        this.#taken.set(lane, offset);
      }
      await this.#run(this.#topics);
    } catch (error) {
      throw unreachable(topicsShown(spec), error);
    }
  }

  async #receive({ batch, heartbeat }: EachBatchPayload): Promise<void> {
    const lane = laneOf(this.#line.spec, batch.topic, batch.partition);
    this.#put(lane, batch.messages);
    const end = BigInt(batch.highWatermark);
    if (end > (this.#ends.get(lane) ?? 0n)) this.#ends.set(lane, end);
    while (this.#waitingCount > WAITING_MAX && !this.#isResting) {
      await sleep(HEARTBEAT_MS / 10);
      await heartbeat();
    }
  }

  /** They come in order: behind the first that is new, all are. */
  #put(lane: Lane, messages: readonly KafkaMessage[]): void {
    const next = this.#next.get(lane) ?? 0n;
    let read = 0;
    for (const message of messages) {
      if (BigInt(message.offset) >= next) break;
      this.#recognise(lane, message, next);
      read += 1;
    }
    const fresh = read === 0 ? messages : messages.slice(read);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#marks.delete(lane);
    this.#next.set(lane, BigInt(last.offset) + 1n);
    this.#waiting.push({ lane, messages: fresh });
    this.#waitingCount += fresh.length;
  }

  #recognise(lane: Lane, message: KafkaMessage, next: bigint): void {
    const offset = BigInt(message.offset);
    const mark = this.#marks.get(lane);
    if (mark?.offset === offset && mark.timestamp === message.timestamp) return;
    if (mark === undefined || mark.offset === offset) this.#fault ??= madeAnew(partsOf(this.#line.spec, lane), next);
  }
}
