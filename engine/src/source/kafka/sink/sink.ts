/**
 * Writing to a topic, each state of a table exactly once.
 *
 * N1  Messages and the mark of the state they bring (`marks.ts`) are one transaction: who reads committed messages sees
 *     both or none.
 * N2  Opening ends whatever an earlier writer of the same sink left: its transaction is completed or undone before the
 *     mark is read, and it writes nothing afterwards.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSource } from '@datacraft/shared';
import { asSaid, Fault, isFault, say } from '@datacraft/shared';
import type { Admin, Kafka, Message, Producer, Transaction } from 'kafkajs';
import type { RemoteAccess } from '../../source.ts';
import { openKafka, settingsOf } from '../client.ts';
import { unreachable } from '../unreachable.ts';
import type { SinkMark } from './marks.ts';
import { ensureMarks, MARKS_TOPIC, markMessage, readMark } from './marks.ts';

export type SinkMessage = Message;

const AWAKE_TRIES = 10;
const AWAKE_WAIT_MS = 1_000;
/** Brokers allow 15 minutes unless they are told otherwise. */
const TRANSACTION_MS = 10 * 60_000;

export interface SinkPlace {
  readonly connection: string;
  readonly topic: string;
  /** Who writes: one sink is one such name. */
  readonly id: string;
}

export interface KafkaSink {
  /** What the topic holds of this sink. */
  readonly last: SinkMark | null;
  /** Sends all of it, or nothing; answers how many messages. */
  commit(messages: AsyncIterable<readonly SinkMessage[]>, mark: Omit<SinkMark, 'messages'>): Promise<number>;
  close(): Promise<void>;
}

/** Throws `source-unreadable` when the broker cannot be reached. */
export async function openKafkaSink(place: SinkPlace, remote: RemoteAccess): Promise<KafkaSink> {
  const spec: KafkaSource = await settingsOf(
    { type: 'kafka', connection: place.connection, topic: place.topic },
    remote,
  );
  const kafka = await openKafka(spec, remote);
  const producer = kafka.producer({
    transactionalId: transactionalId(place),
    transactionTimeout: TRANSACTION_MS,
    maxInFlightRequests: 1,
  });
  try {
    await withAdmin(kafka, async (admin) => {
      await ensureTopic(admin, place.topic);
      await ensureMarks(admin);
    });
    await producer.connect();
    const transaction = await onceAwake(() => producer.transaction());
    const last = await onceAwake(() => withAdmin(kafka, (admin) => readMark(kafka, admin, place.id)));
    return new Sink(place, producer, transaction, last);
  } catch (error) {
    await producer.disconnect().catch(() => undefined); // the first failure is the one to tell
    throw sinkFault(place.topic, error);
  }
}

class Sink implements KafkaSink {
  readonly #place: SinkPlace;
  readonly #producer: Producer;
  #transaction: Transaction | null;
  #last: SinkMark | null;

  constructor(place: SinkPlace, producer: Producer, transaction: Transaction, last: SinkMark | null) {
    this.#place = place;
    this.#producer = producer;
    this.#transaction = transaction;
    this.#last = last;
  }

  get last(): SinkMark | null {
    return this.#last;
  }

  async commit(batches: AsyncIterable<readonly SinkMessage[]>, mark: Omit<SinkMark, 'messages'>): Promise<number> {
    const { topic, id } = this.#place;
    let transaction: Transaction | null = null;
    let sent = 0;
    try {
      transaction = this.#transaction ?? (await this.#producer.transaction());
      this.#transaction = null;
      for await (const batch of batches) {
        await transaction.send({ topic, messages: [...batch] });
        sent += batch.length;
      }
      const full = { ...mark, messages: sent };
      await transaction.send({ topic: MARKS_TOPIC, messages: [markMessage(id, full)] });
      await transaction.commit();
      this.#last = full;
      return sent;
    } catch (error) {
      if (transaction?.isActive()) await transaction.abort().catch(() => undefined); // opening anew undoes it
      throw sinkFault(topic, error);
    }
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
  }
}

function transactionalId({ id, topic }: SinkPlace): string {
  return `datacraft-${createHash('sha256').update(`${id}\0${topic}`).digest('hex').slice(0, 32)}`;
}

async function withAdmin<Result>(kafka: Kafka, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** A broker that never had a transaction or a group makes the topics that it keeps them in first, which takes a while. */
async function onceAwake<Result>(work: () => Promise<Result>, triesLeft = AWAKE_TRIES): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isAsleep = error instanceof Error && error.name === 'KafkaJSGroupCoordinatorNotFound';
    if (!isAsleep || triesLeft === 0) throw error;
    await sleep(AWAKE_WAIT_MS);
    return onceAwake(work, triesLeft - 1);
  }
}

/** A topic that is not there is made as its broker makes them. */
async function ensureTopic(admin: Admin, topic: string): Promise<void> {
  if (!(await admin.listTopics()).includes(topic))
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
}

const WORDS: Readonly<Record<string, string>> = {
  INVALID_PRODUCER_EPOCH: 'another sending of the same table took over; what this one had begun is undone',
  PRODUCER_FENCED: 'another sending of the same table took over; what this one had begun is undone',
  MESSAGE_TOO_LARGE: 'a row is larger than the topic allows; raise max.message.bytes there, or send fewer columns',
  TOPIC_AUTHORIZATION_FAILED: 'the login may not write to it, or to datacraft_exports, where is kept what was sent',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'the login may not use transactional ids that begin with datacraft-',
  INVALID_TRANSACTION_TIMEOUT: 'its transactions must be shorter; set transaction.max.timeout.ms to 600000 or more',
};

function sinkFault(topic: string, error: unknown): unknown {
  if (isFault(error)) return error;
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  const words = WORDS[type];
  return words === undefined
    ? unreachable(topic, error)
    : new Fault(
        'export-failed',
        say('the topic {topic} cannot be written: {words}', { topic, words: asSaid(words) }),
        { file: topic },
        { cause: error },
      );
}
