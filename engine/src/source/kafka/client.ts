import type { KafkaSource } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Admin, KafkaConfig, SASLOptions } from 'kafkajs';
import { Kafka, logLevel } from 'kafkajs';
import { placeIn } from './place.ts';
import { teachCodecs } from './codec/codecs.ts';
import { restWhileNoneWaits } from './requests.ts';
import { brokerHosts, openTls } from './tls.ts';
import { unreachable } from './unreachable.ts';
import { readingSocket } from './reader/socket.ts';
import { revealed } from '../http/credentials.ts';
import { checkedAddress } from '../network/guarded-request.ts';
import type { Destination, RemoteAccess } from '../source.ts';

const CONNECT_MS = 10_000;

/** Where a cell says its brokers are: its own keys over those of its connection. */
export async function settingsOf(spec: KafkaSource, remote: RemoteAccess): Promise<KafkaSource> {
  if (spec.connection === undefined) return spec;
  const { type, config } = await remote.connection(spec.connection);
  if (type !== 'kafka')
    throw new Fault(
      'bad-request',
      say('connection {connection} is of type {type}; a kafka source needs one of type kafka', {
        connection: spec.connection,
        type,
      }),
    );
  return { ...placeIn(config), ...spec };
}

/** A client of brokers that may be reached. Brokers that the cluster names later are connected to as it names them. */
export async function openKafka(spec: KafkaSource, remote: RemoteAccess): Promise<Kafka> {
  teachCodecs();
  restWhileNoneWaits();
  const brokers = spec.brokers ?? [];
  if (brokers.length === 0) throw new Fault('bad-request', 'brokers: name at least one, such as [broker:9092]');
  for (const broker of brokers) {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(broker) ?? [];
    if (host === '') throw new Fault('bad-request', say('brokers: expected host:port, got {broker}', { broker }));
    await checkedAddress(host, port, remote.allowedHosts, broker);
  }
  const to = brokerHosts(spec);
  const sasl = spec.sasl === undefined ? null : await saslOf(spec.sasl, remote, to);
  const tls = spec.tls === undefined ? null : await openTls(spec.tls, remote, to);
  const config: KafkaConfig = {
    clientId: 'datacraft',
    brokers: [...brokers],
    connectionTimeout: CONNECT_MS,
    retry: { retries: 4 },
    logLevel: logLevel.NOTHING,
    socketFactory: readingSocket,
    ...(tls !== null ? { ssl: { ...tls } } : spec.ssl === true ? { ssl: true } : {}),
    ...(sasl === null ? {} : { sasl }),
  };
  return new Kafka(config);
}

async function saslOf(
  sasl: NonNullable<KafkaSource['sasl']>,
  remote: RemoteAccess,
  to: Destination,
): Promise<SASLOptions> {
  const { mechanism = 'plain' } = sasl;
  return {
    mechanism,
    username: await revealed(sasl.username, remote, to),
    password: await revealed(sasl.password, remote, to),
  };
}

/** What a partition holds: from `low`, up to before `high`. */
export interface PartitionSpan {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
}

/** Throws `source-unreadable` when there is no such topic. */
export async function spansOf(admin: Admin, topic: string): Promise<PartitionSpan[]> {
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets
      .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
      .sort((a, b) => a.partition - b.partition);
  } catch (error) {
    throw unreachable(topic, error);
  }
}
