/**
 * The question for messages and its answer on the wire, in version 10: brokers from 2.1 on know it, and one that keeps a
 * topic packed with zstd gives it to no older version. Pure.
 */
import { brokerError } from './broker-error.ts';
import type { Question } from './cluster.ts';

export interface Wanted {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface Limits {
  /** How long a broker that has nothing new may wait for some. */
  readonly waitMs: number;
  readonly bytes: number;
  readonly bytesOfPartition: number;
}

export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  /** 0: none. */
  readonly errorCode: number;
  /** Where the partition ends. */
  readonly high: bigint;
  readonly aborted: readonly AbortedTransaction[];
  /** Batches one behind another; the last may be cut off. */
  readonly batches: Buffer;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

const [NO_REPLICA, COMMITTED_ONLY, NO_SESSION, ANY_EPOCH] = [-1, 1, -1, -1];

export function fetchQuestion(wanted: readonly Wanted[], limits: Limits): Question<readonly Fetched[]> {
  const head = Buffer.alloc(29);
  head.writeInt32BE(NO_REPLICA, 0);
  head.writeInt32BE(limits.waitMs, 4);
  head.writeInt32BE(1, 8);
  head.writeInt32BE(limits.bytes, 12);
  head.writeInt8(COMMITTED_ONLY, 16);
  head.writeInt32BE(NO_SESSION, 21); // behind a session's id, which is 0
  const byTopic = Map.groupBy(wanted, ({ topic }) => topic);
  head.writeInt32BE(byTopic.size, 25);
  const topics = [...byTopic].flatMap(([topic, own]) => [
    textOf(topic),
    int32(own.length),
    ...own.map((each) => partitionOf(each, limits)),
  ]);
  const forgotten = int32(0);
  return { name: 'Fetch', key: 1, version: 10, bytes: Buffer.concat([head, ...topics, forgotten]), read: fetchedIn };
}

function partitionOf({ partition, offset }: Wanted, { bytesOfPartition }: Limits): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeInt32BE(partition, 0);
  bytes.writeInt32BE(ANY_EPOCH, 4);
  bytes.writeBigInt64BE(offset, 8);
  bytes.writeBigInt64BE(-1n, 16); // where a follower's log begins
  bytes.writeInt32BE(bytesOfPartition, 24);
  return bytes;
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Throws a RangeError when it ends too early, and what the broker answers to the question as a whole. */
export function fetchedIn(bytes: Buffer): Fetched[] {
  const fetched: Fetched[] = [];
  const errorCode = bytes.readInt16BE(4); // behind how long a quota holds it up
  if (errorCode !== 0) throw brokerError(errorCode);
  let at = 14;
  for (let topics = bytes.readInt32BE(10); topics > 0; topics -= 1) {
    const behind = at + 2 + bytes.readInt16BE(at);
    const topic = bytes.toString('utf8', at + 2, behind);
    at = behind + 4;
    for (let partitions = bytes.readInt32BE(behind); partitions > 0; partitions -= 1) {
      const aborted = abortedIn(bytes, at + 30);
      const begin = at + 34 + 16 * aborted.length;
      const size = Math.max(0, bytes.readInt32BE(begin));
      fetched.push({
        topic,
        partition: bytes.readInt32BE(at),
        errorCode: bytes.readInt16BE(at + 4),
        high: bytes.readBigInt64BE(at + 6),
        aborted,
        batches: bytes.subarray(begin + 4, begin + 4 + size),
      });
      at = begin + 4 + size;
    }
  }
  return fetched;
}

function abortedIn(bytes: Buffer, at: number): AbortedTransaction[] {
  return Array.from({ length: Math.max(0, bytes.readInt32BE(at)) }, (_, index) => ({
    producerId: bytes.readBigInt64BE(at + 4 + 16 * index),
    firstOffset: bytes.readBigInt64BE(at + 12 + 16 * index),
  }));
}
