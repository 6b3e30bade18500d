import type { Cluster, Exchange } from '../reader/cluster.ts';
import { createFrames } from '../reader/frames.ts';
import { batchBytes } from './record-batch.ts';

export interface FakePartition {
  readonly end: bigint;
  readonly batches: readonly { readonly from: bigint; readonly next: bigint; readonly bytes: Buffer }[];
}

/** Batches of so many messages, each of which says its offset. */
export function partitionOf(sizes: readonly number[]): FakePartition {
  let end = 0n;
  const batches = sizes.map((size) => {
    const from = end;
    const sent = Array.from({ length: size }, (_, at) => ({ value: Buffer.from(String(from + BigInt(at))) }));
    end += BigInt(size);
    return { from, next: end, bytes: batchBytes(sent, { base: from }) };
  });
  return { batches, end };
}

interface Asked {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * A cluster of two brokers in memory, which answers as the protocol says. `errorFor` is asked of each partition in each
 * question: 0 is none, and -1 breaks the connection. Partitions change their leader after each error. Answers lie where
 * answers lay that were given back.
 */
export function clusterOf(partitions: readonly FakePartition[], errorFor: () => number): Cluster {
  let turns = 0;
  const batchesFrom = ({ partition, offset }: Asked) =>
    partitions[partition]?.batches.filter(({ next }) => next > offset).slice(0, 2) ?? [];
  const answerOf = (asked: readonly Asked[]): Buffer => {
    const parts = asked.map((each) => {
      const error = errorFor();
      if (error !== 0) turns += 1;
      if (error < 0) throw Object.assign(new Error('gone'), { name: 'KafkaJSConnectionError' });
      return partitionBytes(each, error, error === 0 ? batchesFrom(each).map(({ bytes }) => bytes) : []);
    });
    return Buffer.concat([Buffer.alloc(10), int32(1), Buffer.from([0, 1, 0x74]), int32(parts.length), ...parts]);
  };
  let framed: Buffer = Buffer.alloc(0);
  const frame = createFrames((whole) => (framed = whole.subarray(4)), 0);
  const inFrame = (answer: Buffer) => {
    frame(Buffer.concat([int32(answer.length), answer]));
    return framed;
  };
  const send = async <Answer>({ request, response }: Exchange<Answer>): Promise<Answer> => {
    const { buffer } = await request.encode();
    return response.parse(await response.decode(inFrame(answerOf(askedIn(buffer)))));
  };
  return {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    addMultipleTargetTopics: () => Promise.resolve(),
    refreshMetadata: () => Promise.resolve(),
    findLeaderForPartitions: (_, [partition = 0]) => ({ [(partition + turns) % 2]: [partition] }),
    findBroker: () => Promise.resolve({ connectionPool: { send }, disconnect: () => Promise.resolve() }),
  };
}

/** Of questions for the one topic `t`. */
function askedIn(bytes: Buffer): Asked[] {
  return Array.from({ length: bytes.readInt32BE(32) }, (_, index) => ({
    topic: 't',
    partition: bytes.readInt32BE(36 + 28 * index),
    offset: bytes.readBigInt64BE(44 + 28 * index),
  }));
}

function partitionBytes({ partition }: Asked, error: number, batches: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(34);
  head.writeInt32BE(partition, 0);
  head.writeInt16BE(error, 4);
  const size = batches.reduce((sum, each) => sum + each.length, 0);
  return Buffer.concat([head, int32(size), ...batches]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
