/** Messages in the formats of a schema registry, and in every compression of a real broker. */
import { readFileSync } from 'node:fs';
import { createTestDatabase } from '@datacraft/migrations/testing';
import { Kafka, logLevel } from 'kafkajs';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { avroMessage } from '../../engine/src/source/kafka/testing/avro-message.ts';
import { tailTopic } from '../../engine/src/source/kafka/topics.ts';
import type { Workshop } from '../../engine/src/run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../../engine/src/run/testing/workshop.ts';
import { useServices } from './for-tests.ts';

const env = useServices('kafka', 'registry');
let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const kafka = () => new Kafka({ brokers: [env['KAFKA_BROKERS'] ?? ''], logLevel: logLevel.NOTHING });
const registry = () => env['SCHEMA_REGISTRY_URL'] ?? '';

async function create(topic: string, configEntries: { name: string; value: string }[] = []): Promise<void> {
  const admin = kafka().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true });
  await admin.disconnect();
}

async function produce(topic: string, values: readonly (Buffer | string)[]): Promise<void> {
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic, messages: values.map((value, at) => ({ value, key: `k${at}` })) });
  await producer.disconnect();
}

async function register(subject: string, body: object): Promise<number> {
  const response = await fetch(`${registry()}/subjects/${subject}/versions`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
  });
  const answer = (await response.json()) as { id?: number };
  if (answer.id === undefined) throw new Error(JSON.stringify(answer));
  return answer.id;
}

function enveloped(id: number, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, ...parts]);
}

async function run(topic: string, more: string) {
  const refuse = (name: string) => Promise.reject(new Error(`no ${name}`));
  const remote = { allowedHosts: ['127.0.0.1', 'localhost'], secret: refuse, connection: refuse };
  const text = `\`\`\`source ${topic}\ntype: kafka\nbrokers: ["${env['KAFKA_BROKERS'] ?? ''}"]\ntopic: ${topic}\n${more}\`\`\`\n`;
  return taskOf(await shop.run(text, { owner: topic, deps: { remote } }), topic);
}

const v1 = {
  type: 'record',
  name: 'Sale',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'qty', type: 'int' },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'shop', type: { type: 'record', name: 'Shop', fields: [{ name: 'code', type: 'string' }] } },
  ],
};
const v2 = {
  ...v1,
  fields: [
    ...v1.fields.map((field) => (field.name === 'qty' ? { ...field, type: 'long' } : field)),
    { name: 'note', type: ['null', 'string'], default: null },
  ],
};

describe('a topic of Avro with a registry', () => {
  it('has columns of its schemas, exact, and goes on when a newer schema comes', async () => {
    await create('sales_avro');
    const first = await register('sales_avro-value', { schema: JSON.stringify(v1) });
    const one = {
      id: 2n ** 53n - 1n,
      qty: 3,
      total: Buffer.from([0x30, 0x39]),
      at: 1_763_618_400_123n,
      shop: { code: 'x' },
    };
    const beyond = { ...one, id: 2n ** 53n + 1n };
    await produce('sales_avro', [
      enveloped(first, avroMessage(v1, one)),
      enveloped(first, avroMessage(v1, beyond)),
      Buffer.from('{"id":1}'),
    ]);
    const more = `format: { avro: { registry: "${registry()}" } }\nrejects: table\n`;
    expect(await run('sales_avro', more)).toMatchObject({ state: 'succeeded' });
    expect(
      await shop.rows(
        `select id::varchar, qty, total::varchar, "at"::timestamp::varchar, shop.code, typeof(id), typeof(qty), typeof(total), typeof("at") from bronze.sales_avro order by id`,
      ),
    ).toEqual([
      [
        '9007199254740991',
        3,
        '123.45',
        '2025-11-20 06:00:00.123',
        'x',
        'BIGINT',
        'INTEGER',
        'DECIMAL(12,2)',
        'TIMESTAMP WITH TIME ZONE',
      ],
      [
        '9007199254740993',
        3,
        '123.45',
        '2025-11-20 06:00:00.123',
        'x',
        'BIGINT',
        'INTEGER',
        'DECIMAL(12,2)',
        'TIMESTAMP WITH TIME ZONE',
      ],
    ]);
    expect(await shop.rows('select reason, raw, "offset"::int, bytes from bronze.sales_avro_rejects')).toMatchObject([
      [expect.stringContaining('expected a first byte 0'), '{"id":1}', 2, expect.anything()],
    ]);

    const second = await register('sales_avro-value', { schema: JSON.stringify(v2) });
    const two = { ...one, id: 7n, qty: 2n ** 40n, note: 'new' };
    await produce('sales_avro', [enveloped(second, avroMessage(v2, two))]);
    expect(await run('sales_avro', more)).toMatchObject({ state: 'succeeded' });
    expect(await shop.rows('select qty::varchar, note from bronze.sales_avro order by _offset')).toEqual([
      ['3', null],
      ['3', null],
      ['1099511627776', 'new'],
    ]);
  });

  it('is told decoded to who looks into it through a connection that names the registry', async () => {
    await create('seen_avro');
    const id = await register('seen_avro-value', { schema: JSON.stringify(v1) });
    const one = { id: 2n ** 53n + 1n, qty: 3, total: Buffer.from([0x30, 0x39]), at: 0n, shop: { code: 'x' } };
    await produce('seen_avro', [enveloped(id, avroMessage(v1, one)), 'as text']);
    const refuse = (name: string) => Promise.reject(new Error(`no ${name}`));
    const config = { brokers: env['KAFKA_BROKERS'] ?? '', registry: registry() };
    const connection = () => Promise.resolve({ type: 'kafka', config });
    const remote = { allowedHosts: ['127.0.0.1'], secret: refuse, connection };
    const left = new AbortController();
    const seen: (string | null)[] = [];
    const onMessages = (messages: readonly { decoded: string | null }[]) => {
      seen.push(...messages.map(({ decoded }) => decoded));
      if (seen.length >= 2) left.abort();
      return Promise.resolve();
    };
    await tailTopic({ connection: 'bus', topic: 'seen_avro', last: 5, signal: left.signal, onMessages }, remote);
    expect(seen).toEqual([
      '{"id":9007199254740993,"qty":3,"total":"123.45","at":"1970-01-01 00:00:00.000000+00","shop":{"code":"x"}}',
      null,
    ]);
  });

  it('says when the registry does not answer, and takes nothing', async () => {
    await create('lost_avro');
    await produce('lost_avro', [enveloped(1, Buffer.from([2]))]);
    const { error } = await run('lost_avro', 'format: { avro: { registry: "http://127.0.0.1:9" } }\n');
    expect(error).toMatchObject({ code: 'source-unreadable' });
  });
});

describe('a topic of Protobuf with a registry', () => {
  it('has columns of the message that each names', async () => {
    await create('sales_proto');
    const schema =
      'syntax = "proto3"; package shop; message Other { string x = 1; } message Sale { int64 id = 1; optional string note = 2; repeated int32 parts = 3; }';
    const id = await register('sales_proto-value', { schema, schemaType: 'PROTOBUF' });
    const type = protobuf.parse(schema).root.lookupType('shop.Sale');
    const bytes = type.encode(type.fromObject({ id: '9007199254740993', parts: [1, 2] })).finish();
    // One index, which is 1: the second message.
    await produce('sales_proto', [enveloped(id, Buffer.from([2, 2]), bytes)]);
    expect(await run('sales_proto', `format: { protobuf: { registry: "${registry()}" } }\n`)).toMatchObject({
      state: 'succeeded',
    });
    expect(await shop.rows('select id::varchar, note, parts::varchar from bronze.sales_proto')).toEqual([
      ['9007199254740993', null, '[1, 2]'],
    ]);
  });
});

describe('other formats', () => {
  it('CSV takes types of the declared columns, raw keeps every byte', async () => {
    await create('lines');
    await produce('lines', ['1;"a;b";2025-01-31', '2;;']);
    expect(
      await run('lines', 'format: { csv: { delimiter: ";" } }\ncolumns: { id: integer, name: varchar, day: date }\n'),
    ).toMatchObject({ state: 'succeeded' });
    expect(await shop.rows('select id, name, day::varchar from bronze.lines order by id')).toEqual([
      [1, 'a;b', '2025-01-31'],
      [2, null, null],
    ]);
    await create('bytes');
    await produce('bytes', [Buffer.from([0, 255, 92, 120, 65, 34, 10])]);
    await run('bytes', 'format: raw\n');
    expect(await shop.rows('select typeof(value), hex(value) from bronze.bytes')).toEqual([['BLOB', '00FF5C7841220A']]);
  });
});

describe('messages that are compressed', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('with %s are read', async (compression) => {
    const topic = `packed_${compression}`;
    // The broker writes what comes anew with its own libraries.
    await create(topic, [{ name: 'compression.type', value: compression }]);
    const license = readFileSync('LICENSE', 'utf8').replaceAll(/\s+/g, ' ');
    const lines = Array.from({ length: 3_000 }, (_, n) =>
      JSON.stringify({ n, text: license.slice(n % 500, (n % 500) + 300) }),
    );
    await produce(topic, lines);
    expect(await run(topic, '')).toMatchObject({ state: 'succeeded' });
    const expected = lines.reduce((sum, line) => sum + (JSON.parse(line) as { text: string }).text.length, 0);
    expect(await shop.rows(`select count(*)::int, sum(n)::int, sum(length(text))::int from bronze.${topic}`)).toEqual([
      [3_000, (2_999 * 3_000) / 2, expected],
    ]);
  });
});
