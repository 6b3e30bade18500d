import type { Kafka } from 'kafkajs';

/**
 * What kafkajs keeps to itself: connections to brokers with their logins, and who leads which partition. Its consumers join
 * a group and make an object of each message; a reader that keeps its own offsets needs neither.
 */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Asks who leads their partitions. */
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  /** By the id of the leader. Partitions that are not known are left out. */
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(which: { nodeId: string }): Promise<Broker>;
}

interface Broker {
  readonly connectionPool: {
    send<Answer>(exchange: Exchange<Answer>): Promise<Answer>;
    /** What of answers has come so far. */
    readonly pool?: readonly { chunks?: Buffer[] }[];
  };
  disconnect(): Promise<void>;
}

export interface Exchange<Answer> {
  readonly request: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer; size(): number }>;
  };
  readonly response: {
    decode(bytes: Buffer): Promise<{ readonly clientSideThrottleTime: number; readonly answer: Answer }>;
    parse(decoded: { readonly answer: Answer }): Promise<Answer>;
  };
}

const MAKES_CLUSTERS = 'private:Kafka:createCluster';
const METADATA_MS = 300_000;

export function clusterOf(kafka: Kafka): Cluster {
  const made = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === MAKES_CLUSTERS);
  const make = made && (kafka as unknown as Record<symbol, (options: object) => Cluster>)[made];
  if (!make) throw new Error('this version of kafkajs makes no clusters');
  return make({ allowAutoTopicCreation: false, metadataMaxAge: METADATA_MS });
}

export interface Question<Answer> {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  readonly bytes: Buffer;
  read(bytes: Buffer): Answer;
}

/** One question to one broker. A connection that breaks is made anew by the next one. */
export async function ask<Answer>(broker: Broker, question: Question<Answer>): Promise<Answer> {
  const { name, key, version, bytes, read } = question;
  const encoded = { buf: bytes, buffer: bytes, size: () => bytes.length };
  forgetNothing(broker);
  try {
    return await broker.connectionPool.send<Answer>({
      request: { apiKey: key, apiName: name, apiVersion: version, encode: () => Promise.resolve(encoded) },
      response: {
        decode: (answer) => Promise.resolve({ clientSideThrottleTime: 0, answer: read(answer) }),
        parse: ({ answer }) => Promise.resolve(answer),
      },
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'KafkaJSConnectionClosedError') await broker.disconnect();
    throw error;
  }
}

/** Behind nothing that is left of the last answer, kafkajs would copy the next one, which comes as a whole (`readingSocket`). */
function forgetNothing({ connectionPool: { pool = [] } }: Broker): void {
  for (const connection of pool)
    if (connection.chunks?.length === 1 && connection.chunks[0]?.length === 0) connection.chunks = [];
}
