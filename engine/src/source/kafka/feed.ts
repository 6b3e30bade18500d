/**
 * A topic that is read on and on: one reader from commit to commit.
 *
 * F1  It begins exactly behind what was published (O1); no group gives its partitions to others.
 * F2  Messages that are gone, and a topic made anew, are faults also while it runs (O2). A topic made anew that has grown
 *     past the stored offset is told by the last message that was read: one of another time in its place is another topic.
 *     kafkajs does not say a topic's id.
 * F3  What waits to be taken is bounded, in messages and in bytes; the broker waits meanwhile.
 * F4  Topics that a pattern finds while it runs, and partitions that are added, are read with the others, from their
 *     beginning (L2).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSource } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import type { Admin } from 'kafkajs';
import type { RemoteAccess } from '../source.ts';
import { openKafka } from './client.ts';
import { unreachable } from './unreachable.ts';
import type { Lane, LaneSpan } from './lanes.ts';
import { lanesNow, partsOf, topicsShown } from './lanes.ts';
import type { Mark } from './marks.ts';
import { beginningOf, madeAnew, offsetsAt, type Offsets } from './offsets.ts';
import { isOutOfRange } from './reader/broker-error.ts';
import type { Cluster } from './reader/cluster.ts';
import { clusterOf } from './reader/cluster.ts';
import type { Messages } from './reader/messages.ts';
import type { Portion } from './reader/reader.ts';
import { readOn } from './reader/reader.ts';

const WAITING_MAX = 100_000;
const WAITING_MAX_BYTES = 64 * 1024 ** 2;
const CHECK_EVERY_MS = 3_000;
const ROOM_LOOK_MS = 20;

export interface FeedStart {
  readonly last: Offsets | null;
  readonly marks: ReadonlyMap<Lane, Mark>;
}

/** Messages of one partition that came together. */
export interface Taken {
  readonly lane: Lane;
  readonly messages: Messages;
  /** Of the last of an answer: to be called when all of them are written (R3). */
  letGo?(): void;
}

export async function openFeed(spec: KafkaSource, remote: RemoteAccess, start: FeedStart): Promise<Feed> {
  const kafka = await openKafka(spec, remote);
  const [admin, cluster] = [kafka.admin(), clusterOf(kafka)];
  try {
    await Promise.all([admin.connect(), cluster.connect()]);
    const spans = await lanesNow(admin, spec, start.last);
    const atTime = await offsetsAt(admin, spec, spans);
    const next = beginningOf({ spec, spans, last: start.last, atTime });
    const lows = new Map(spans.map(({ lane, low }) => [lane, low]));
    const marks = new Map([...start.marks].filter(([lane, mark]) => mark.offset >= (lows.get(lane) ?? 0n)));
    const ends = new Map(spans.map(({ lane, high }) => [lane, high]));
    const feed = new Feed({ spec, admin, cluster }, next, marks, ends);
    feed.begin();
    return feed;
  } catch (error) {
    await Promise.allSettled([admin.disconnect(), cluster.disconnect()]); // the first failure is the one to tell
    throw isFault(error) ? error : unreachable(topicsShown(spec), error);
  }
}

interface Line {
  readonly spec: KafkaSource;
  readonly admin: Admin;
  readonly cluster: Cluster;
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
  #waitingBytes = 0;
  #fault: Error | null = null;
  #checkedAt = performance.now();
  #resting: AbortController | null = null;
  #reading: Promise<void> = Promise.resolve();

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

  /** From `#next`, or from the mark before it. */
  begin(): void {
    const { spec, cluster } = this.#line;
    const resting = new AbortController();
    const next = new Map(
      [...this.#next].map(([lane, offset]) => {
        const mark = this.#marks.get(lane)?.offset ?? offset;
        return [lane, mark < offset ? mark : offset] as const;
      }),
    );
    const receive = (portion: Portion) => this.#receive(portion, resting.signal);
    this.#resting = resting;
    this.#reading = readOn({ cluster, spec, next, receive, signal: resting.signal }).catch((error: unknown) => {
      if (isOutOfRange(error)) this.#checkedAt = Number.NEGATIVE_INFINITY; // it says what is gone
      this.#fault ??= isFault(error) ? error : unreachable(topicsShown(spec), error);
    });
  }

  get #topics(): Set<string> {
    return new Set([...this.#next.keys()].map((lane) => partsOf(this.#line.spec, lane).topic));
  }

  /** At most `limit` of what came, in order. Throws what ended the reading. */
  async take(limit: number): Promise<readonly Taken[]> {
    await this.#check();
    if (this.#fault) throw this.#fault;
    const taken: Taken[] = [];
    let room = limit;
    while (room > 0) {
      const [first] = this.#waiting;
      if (first === undefined) break;
      const messages = first.messages.slice(0, room);
      const left = first.messages.slice(messages.length);
      room -= messages.length;
      if (left.length > 0) {
        this.#waiting[0] = { ...first, messages: left };
        taken.push({ lane: first.lane, messages });
      } else {
        this.#waiting.shift();
        this.#waitingBytes -= first.messages.bytes.length;
        taken.push(first);
      }
    }
    this.#waitingCount -= limit - room;
    for (const { lane, messages } of taken) this.#taken.set(lane, messages.offset(messages.length - 1) + 1n);
    return taken;
  }

  async close(): Promise<void> {
    this.#resting?.abort();
    const { cluster, admin } = this.#line;
    await cluster.disconnect();
    await this.#reading;
    await admin.disconnect();
  }

  /** Where the topic begins and ends now: what is owed, and whether something is gone. */
  async #check(): Promise<void> {
    if (performance.now() - this.#checkedAt < CHECK_EVERY_MS) return;
    const { spec, admin } = this.#line;
    const asked = new Map(this.#next);
    const spans = await lanesNow(admin, spec, asked);
    const topics = this.#topics;
    const found = spans.filter(({ lane }) => !this.#next.has(lane));
    const atTime = await offsetsAt(admin, spec, found);
    const next = beginningOf({ spec, spans, last: this.#within(spans, asked), atTime });
    for (const { lane, high } of spans) if (high > (this.#ends.get(lane) ?? -1n)) this.#ends.set(lane, high);
    const from = ({ lane, topic, low }: LaneSpan) => (topics.has(topic) ? low : (next.get(lane) ?? low));
    if (found.length > 0) await this.#follow(new Map(found.map((span) => [span.lane, from(span)])));
    this.#checkedAt = performance.now();
  }

  /** What came since it was asked where partitions end may lie behind the end that was told, and tells nothing of it. */
  #within(spans: readonly LaneSpan[], asked: Offsets): Offsets {
    const highs = new Map(spans.map(({ lane, high }) => [lane, high]));
    return new Map(
      [...this.#next].map(([lane, next]) => {
        const [high, before] = [highs.get(lane) ?? next, asked.get(lane) ?? next];
        return [lane, next <= high ? next : before > high ? before : high];
      }),
    );
  }

  async #follow(found: Offsets): Promise<void> {
    this.#resting?.abort();
    await this.#reading;
    for (const [lane, offset] of found) {
      this.#next.set(lane, offset);
      this.#taken.set(lane, offset);
    }
    this.begin();
  }

  async #receive({ lane, messages, next, end, letGo }: Portion, resting: AbortSignal): Promise<void> {
    const put = messages.map((each) => this.#put(lane, each));
    const last = put.findLast((each) => each !== null);
    if (last) last.letGo = letGo;
    else letGo();
    this.#seen.set(lane, next);
    if (end > (this.#ends.get(lane) ?? 0n)) this.#ends.set(lane, end);
    const isFull = () => this.#waitingCount > WAITING_MAX || this.#waitingBytes > WAITING_MAX_BYTES;
    while (isFull() && !resting.aborted) await sleep(ROOM_LOOK_MS);
  }

  /** They come in order: behind the first that is new, all are. */
  #put(lane: Lane, messages: Messages): Taken | null {
    const next = this.#next.get(lane) ?? 0n;
    const read = messages.from(next);
    for (let at = 0; at < read; at += 1) this.#recognise(lane, messages.offset(at), String(messages.time(at)), next);
    if (read === messages.length) return null;
    this.#marks.delete(lane);
    this.#next.set(lane, messages.offset(messages.length - 1) + 1n);
    const taken: Taken = { lane, messages: messages.slice(read) };
    this.#waiting.push(taken);
    this.#waitingCount += messages.length - read;
    this.#waitingBytes += messages.bytes.length;
    return taken;
  }

  #recognise(lane: Lane, offset: bigint, timestamp: string, next: bigint): void {
    const mark = this.#marks.get(lane);
    if (mark?.offset === offset && mark.timestamp === timestamp) return;
    if (mark === undefined || mark.offset === offset) this.#fault ??= madeAnew(partsOf(this.#line.spec, lane), next);
  }
}
