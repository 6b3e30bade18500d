/**
 * A topic that is read on and on: one consumer from commit to commit.
 *
 * F1  It begins exactly behind what was published, also after the group was joined anew (O1).
 * F2  Messages that are gone, and a topic made anew, are faults also while it runs (O2). A topic made anew that has grown
 *     past the stored offset is told by the last message that was read: one of another time in its place is another topic.
 *     kafkajs does not say a topic's id.
 * F3  What waits to be taken is bounded; the broker waits meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSource } from '@datacraft/shared';
import type { Admin, Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { RemoteAccess } from '../source.ts';
import { openKafka, spansOf, unreachable } from './client.ts';
import type { Mark } from './marks.ts';
import { beginningOf, madeAnew, offsetsAt, type Offsets } from './offsets.ts';

const WAITING_MAX = 100_000;
const CHECK_EVERY_MS = 3_000;
const HEARTBEAT_MS = 1_000;

export interface FeedStart {
  readonly last: Offsets | null;
  readonly marks: ReadonlyMap<number, Mark>;
}

/** Messages of one partition that came together. */
export interface Taken {
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
}

export async function openFeed(spec: KafkaSource, remote: RemoteAccess, start: FeedStart): Promise<Feed> {
  const kafka = await openKafka(spec, remote);
  const admin = kafka.admin();
  try {
    await admin.connect();
    const spans = await spansOf(admin, spec.topic);
    const atTime = await offsetsAt(admin, spec);
    const next = beginningOf({ topic: spec.topic, spans, last: start.last, start: spec.start, atTime });
    const lows = new Map(spans.map(({ partition, low }) => [partition, low]));
    const marks = new Map([...start.marks].filter(([partition, mark]) => mark.offset >= (lows.get(partition) ?? 0n)));
    const ends = new Map(spans.map(({ partition, high }) => [partition, high]));
    const groupId = `datacraft-${randomUUID()}`;
    const consumer = kafka.consumer({ groupId, readUncommitted: false, maxBytesPerPartition: 4 * 1024 ** 2 });
    const feed = new Feed({ topic: spec.topic, admin, consumer, groupId }, next, marks, ends);
    await feed.begin();
    return feed;
  } catch (error) {
    await admin.disconnect().catch(() => undefined); // the first failure is the one to tell
    throw isOurs(error) ? error : unreachable(spec.topic, error);
  }
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && error.name === 'Fault';
}

interface Line {
  readonly topic: string;
  readonly admin: Admin;
  readonly consumer: Consumer;
  readonly groupId: string;
}

export class Feed {
  readonly #line: Line;
  /** Next to come from the broker, and next to be taken. */
  readonly #next: Map<number, bigint>;
  readonly #taken: Map<number, bigint>;
  readonly #marks: Map<number, Mark>;
  readonly #ends: Map<number, bigint>;
  /** Behind the last that came, seen by readers or not: of transactions, brokers keep marks that are no message. */
  readonly #seen = new Map<number, bigint>();
  #waiting: Taken[] = [];
  #waitingCount = 0;
  #fault: Error | null = null;
  #checkedAt = performance.now();
  #isClosed = false;

  constructor(line: Line, next: Offsets, marks: Map<number, Mark>, ends: Map<number, bigint>) {
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
  position(partition: number): bigint {
    const taken = this.#taken.get(partition) ?? 0n;
    const seen = this.#waiting.length === 0 ? (this.#seen.get(partition) ?? 0n) : 0n;
    return seen > taken ? seen : taken;
  }

  get ends(): Offsets {
    return this.#ends;
  }

  async begin(): Promise<void> {
    const { consumer, topic } = this.#line;
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) this.#fault ??= unreachable(topic, payload.error);
    });
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      this.#seen.set(payload.partition, BigInt(payload.lastOffset) + 1n);
    });
    consumer.on('consumer.group_join', () => {
      for (const [partition, offset] of this.#next) {
        const from = this.#marks.get(partition)?.offset ?? offset;
        consumer.seek({ topic, partition, offset: (from < offset ? from : offset).toString() });
      }
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
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
    for (const { partition, messages } of taken) this.#taken.set(partition, BigInt(messages.at(-1)?.offset ?? 0) + 1n);
    return taken;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const { consumer, admin, groupId } = this.#line;
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group also goes by itself
    await admin.disconnect();
  }

  /** Where the topic begins and ends now: what is owed, and whether something is gone. */
  async #check(): Promise<void> {
    if (performance.now() - this.#checkedAt < CHECK_EVERY_MS) return;
    const { topic, admin } = this.#line;
    const spans = await spansOf(admin, topic);
    beginningOf({ topic, spans, last: this.#next, start: 'earliest', atTime: null });
    for (const { partition, high } of spans) this.#ends.set(partition, high);
    this.#checkedAt = performance.now();
  }

  async #receive({ batch, heartbeat }: EachBatchPayload): Promise<void> {
    const { partition } = batch;
    this.#put(partition, batch.messages);
    const end = BigInt(batch.highWatermark);
    if (end > (this.#ends.get(partition) ?? 0n)) this.#ends.set(partition, end);
    while (this.#waitingCount > WAITING_MAX && !this.#isClosed) {
      await sleep(HEARTBEAT_MS / 10);
      await heartbeat();
    }
  }

  /** They come in order: behind the first that is new, all are. */
  #put(partition: number, messages: readonly KafkaMessage[]): void {
    const next = this.#next.get(partition) ?? 0n;
    let read = 0;
    for (const message of messages) {
      if (BigInt(message.offset) >= next) break;
      this.#recognise(partition, message, next);
      read += 1;
    }
    const fresh = read === 0 ? messages : messages.slice(read);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#marks.delete(partition);
    this.#next.set(partition, BigInt(last.offset) + 1n);
    this.#waiting.push({ partition, messages: fresh });
    this.#waitingCount += fresh.length;
  }

  #recognise(partition: number, message: KafkaMessage, next: bigint): void {
    const offset = BigInt(message.offset);
    const mark = this.#marks.get(partition);
    if (mark?.offset === offset && mark.timestamp === message.timestamp) return;
    if (mark === undefined || mark.offset === offset) this.#fault ??= madeAnew(this.#line.topic, partition, next);
  }
}
