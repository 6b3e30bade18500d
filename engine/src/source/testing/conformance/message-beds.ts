import type { Kafka } from 'kafkajs';
import type { S3Client } from '../../s3/client.ts';
import type { RemoteAccess } from '../../source.ts';
import { remoteAccess } from '../remote-database.ts';
import type { Bed, MakeBed } from './bed.ts';
import { csvText } from './file-beds.ts';

/** A topic of a broker, its messages over three partitions. */
export function kafkaBed(there: () => { readonly kafka: Kafka; readonly brokers: string }): MakeBed {
  return async (topic) => {
    const { kafka, brokers } = there();
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
    await admin.disconnect();
    const producer = kafka.producer();
    await producer.connect();
    const send = (values: readonly string[]) =>
      producer.send({ topic, messages: values.map((value, at) => ({ value, partition: at % 3 })) });
    return {
      keys: `type: kafka\nbrokers: ["${brokers}"]\ntopic: ${topic}`,
      remote: remoteAccess(['127.0.0.1', 'localhost']),
      put: async (rows) => void (await send(rows.map((row) => JSON.stringify(row)))),
      putBad: async () => void (await send(['poison'])),
      close: () => producer.disconnect(),
    };
  };
}

/** A stream of three shards; `call` is of an account that may make one. */
export function kinesisBed(
  there: () => {
    call(action: string, body: object): Promise<object>;
    readonly place: string;
    readonly remote: RemoteAccess;
  },
): MakeBed {
  return async (stream): Promise<Bed> => {
    const { call, place, remote } = there();
    await call('CreateStream', { StreamName: stream, ShardCount: 3 });
    const send = async (values: readonly string[]) => {
      for (const [at, value] of values.entries())
        await call('PutRecord', {
          StreamName: stream,
          PartitionKey: String(at),
          Data: Buffer.from(value).toString('base64'),
        });
    };
    return {
      keys: `type: kinesis\nstream: ${stream}\n${place}`,
      remote,
      put: (rows) => send(rows.map((row) => JSON.stringify(row))),
      putBad: () => send(['poison']),
    };
  };
}

/** A folder of a bucket to which an object is added each time. */
export function s3Bed(
  there: () => { readonly store: S3Client; readonly bucket: string; readonly remote: RemoteAccess },
): MakeBed {
  return (name) => {
    const { store, bucket, remote } = there();
    let objects = 0;
    const put = (text: Buffer) => {
      objects += 1;
      return store.put(bucket, `${name}/${objects}.csv`, text);
    };
    return Promise.resolve({
      keys: `type: s3\nconnection: lake\npath: s3://${bucket}/${name}/*.csv\ncolumns: { id: integer }`,
      remote,
      put: async (rows) => void (await put(csvText(rows))),
      putBad: async () => void (await put(csvText([{ id: 'none', name: 'bad' }]))),
    });
  };
}
