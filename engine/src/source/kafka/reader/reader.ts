/**
 * Reads partitions from their leaders, each from an offset on, without a group.
 *
 * R1  The next question is on its way while what came is taken: a partition's messages come in order, one answer at a time.
 * R2  Where to ask next is said by the batches that came, also by those that readers do not see. What came and was not taken
 *     when a line ends in an error comes again.
 * R3  The bytes of messages are theirs until whoever received them lets them go; then the next answer lies in their place.
 * R4  What passes by itself, such as a new leader or a broken connection, is tried again a few times; then it is told.
 */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSource } from '@datacraft/shared';
import { unpacked } from '../codec/unpack.ts';
import type { Lane } from '../lanes.ts';
import { laneOf, partsOf } from '../lanes.ts';
import type { Cluster } from './cluster.ts';
import { ask } from './cluster.ts';
import { brokerError, passes } from './broker-error.ts';
import type { Fetched, Limits } from './fetch.ts';
import { fetchQuestion } from './fetch.ts';
import { giveBack } from './frames.ts';
import type { Messages } from './messages.ts';
import { messagesOf } from './messages.ts';
import type { RecordBatch } from './record-batch.ts';
import { batchesIn } from './record-batch.ts';
import { visible } from './visible.ts';

const LIMITS: Limits = { waitMs: 500, bytes: 16 * 1024 ** 2, bytesOfPartition: 4 * 1024 ** 2 };
const [TRIES, FIRST_WAIT_MS] = [5, 100];

/** What came of one partition. */
export interface Portion {
  readonly lane: Lane;
  readonly messages: readonly Messages[];
  /** Behind all that came. */
  readonly next: bigint;
  /** Where the partition ends. */
  readonly end: bigint;
  /** To be called once, when nobody looks at the bytes of the messages any more. Never called, they are kept. */
  letGo(): void;
}

export interface Reading {
  readonly cluster: Cluster;
  readonly spec: Pick<KafkaSource, 'topic'>;
  /** Behind what was taken of each partition. */
  readonly next: Map<Lane, bigint>;
  /** Without it a partition is read on and on. */
  isRead?(lane: Lane, next: bigint): boolean;
  /** What it answers is waited for. */
  receive(portion: Portion): Promise<void> | void;
  readonly signal: AbortSignal;
}

/** Resolves when every partition is read, or `signal` aborts. Throws what does not pass. */
export async function readOn(reading: Reading): Promise<void> {
  const { cluster, next, signal } = reading;
  const state = { failures: 0 };
  const lanes = () => [...next.keys()].filter((lane) => !isDone(reading, next, lane));
  while (!signal.aborted && lanes().length > 0) {
    try {
      await cluster.addMultipleTargetTopics([...new Set(lanes().map((lane) => partsOf(reading.spec, lane).topic))]);
      await untilOneFails(reading, leadersOf(reading, lanes()), state);
    } catch (error) {
      if (signal.aborted) return;
      if (!passes(error) || state.failures >= TRIES) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** state.failures, undefined, { signal }).catch(() => undefined); // it was aborted
      state.failures += 1;
      await cluster.refreshMetadata().catch(() => undefined); // if it cannot be had, the next try says so
    }
  }
}

function isDone({ isRead }: Reading, at: ReadonlyMap<Lane, bigint>, lane: Lane): boolean {
  return isRead?.(lane, at.get(lane) ?? 0n) ?? false;
}

function leadersOf({ cluster, spec }: Reading, lanes: readonly Lane[]): Map<string, Lane[]> {
  const leaders = new Map<string, Lane[]>();
  for (const lane of lanes) {
    const { topic, partition } = partsOf(spec, lane);
    const [leader] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
    if (leader === undefined || leader === '-1') throw brokerError(NO_LEADER, { topic, partition });
    leaders.set(leader, [...(leaders.get(leader) ?? []), lane]);
  }
  return leaders;
}

const NO_LEADER = 5;

interface Tries {
  failures: number;
}

/** One line of questions for each leader; when one ends in an error the others end too. */
async function untilOneFails(reading: Reading, leaders: ReadonlyMap<string, Lane[]>, tries: Tries): Promise<void> {
  const ending = new AbortController();
  const own = { ...reading, signal: AbortSignal.any([reading.signal, ending.signal]) };
  const lines = [...leaders].map(([nodeId, lanes]) =>
    readFrom(nodeId, lanes, own, tries).catch((error: unknown) => {
      ending.abort();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(lines);
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

async function readFrom(nodeId: string, lanes: readonly Lane[], reading: Reading, tries: Tries): Promise<void> {
  const broker = await reading.cluster.findBroker({ nodeId });
  const ahead = new Map(reading.next);
  let first = 0;
  const asked = () => {
    // Brokers fill their answers in the order of the question: each partition is the first in its turn.
    const turned = [...lanes.slice(first % lanes.length), ...lanes.slice(0, first % lanes.length)];
    const left = turned.filter((lane) => !isDone(reading, ahead, lane));
    first += 1;
    if (left.length === 0) return null;
    const wanted = left.map((lane) => ({ ...partsOf(reading.spec, lane), offset: ahead.get(lane) ?? 0n }));
    return unlessAborted(ask(broker, fetchQuestion(wanted, LIMITS)), reading.signal);
  };
  for (let coming = asked(); coming !== null;) {
    const answer = await coming;
    if (answer === null) return;
    tries.failures = 0;
    const came = answer.map((each) => arrived(each, reading)).filter(({ batches }) => batches.length > 0);
    for (const { lane, next } of came) ahead.set(lane, next);
    coming = asked();
    await turn(); // the question is sent before the work begins
    const letGo = afterAll(came.length, () => giveBack(came[0]?.bytes ?? NOTHING));
    for (const each of came) await hand(each, reading, letGo);
  }
}

const NOTHING: Buffer = Buffer.alloc(0);

/** Calls `then` at the last of so many calls. */
function afterAll(count: number, then: () => void): () => void {
  let left = count;
  return () => {
    left -= 1;
    if (left === 0) then();
  };
}

/** Null once `signal` aborts. Whoever waits for it hears of an error, also later. */
function unlessAborted<Answer>(asked: Promise<Answer>, signal: AbortSignal): Promise<Answer | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer | null>();
  const stop = () => resolve(null);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  promise.catch(() => undefined);
  return promise;
}

interface Arrived {
  readonly lane: Lane;
  readonly batches: readonly RecordBatch[];
  readonly seen: readonly RecordBatch[];
  /** That the batches are in, among all of the answer. */
  readonly bytes: Buffer;
  readonly next: bigint;
  readonly end: bigint;
}

function arrived({ topic, partition, errorCode, high, aborted, batches }: Fetched, reading: Reading): Arrived {
  if (errorCode !== 0) throw brokerError(errorCode, { topic, partition });
  const lane = laneOf(reading.spec, topic, partition);
  const all = batchesIn(batches);
  const next = (all.at(-1)?.lastOffset ?? -1n) + 1n;
  return { lane, batches: all, seen: visible(all, aborted), bytes: batches, next, end: high };
}

async function hand(
  { lane, seen, next, end }: Arrived,
  { receive, signal, ...reading }: Reading,
  letGo: () => void,
): Promise<void> {
  const messages: Messages[] = [];
  for (const batch of seen) messages.push(messagesOf(batch, await unpacked(batch.codec, batch.records)));
  if (signal.aborted) return;
  const taken = receive({ lane, messages, next, end, letGo });
  reading.next.set(lane, next);
  await taken;
}
