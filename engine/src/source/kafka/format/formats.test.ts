import type { KafkaSource } from '@datacraft/shared';
import { inPortuguese, reasonSaid } from '@datacraft/shared/portuguese';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { RemoteAccess } from '../../source.ts';
import { avroMessage } from '../testing/avro-message.ts';
import type { Decoder } from './decoder.ts';
import { openDecoder } from './decoder.ts';
import { Undecodable } from './undecodable.ts';

const nowhere = (): Promise<never> => Promise.reject(new Error('nothing is asked of the world here'));
const remote: RemoteAccess = { allowedHosts: [], secret: nowhere, connection: nowhere };
const topic = { type: 'kafka', topic: 't' } as const;
/** The record as it goes into the file of a reading, the same by either way. */
const written = async (decoder: Decoder, bytes: Buffer) => {
  const text = JSON.stringify(await decoder.decode(bytes));
  const atOnce = decoder.text?.(bytes) ?? null;
  if (atOnce !== null) {
    expect(atOnce.text).toBe(text);
    expect(atOnce.fields).toEqual(Object.keys(JSON.parse(text) as object));
  }
  expect(asBytes(decoder, bytes) ?? text).toBe(text);
  return text;
};
/** The same from bytes to bytes, in the room that it asks for; null where there is no such way. */
const asBytes = (decoder: Decoder, bytes: Buffer): string | null => {
  const within = Buffer.concat([Buffer.from('"before'), bytes, Buffer.from('behind"')]);
  const [from, to] = [7, 7 + bytes.length];
  const decoded = decoder.bytes?.(within, from, to) ?? null;
  if (decoded === null) return null;
  const chunk = Buffer.alloc(1 + decoded.mostBytes(bytes.length));
  const behind = decoded.write(within, from, to, chunk, 1);
  return behind < 0 ? null : `${chunk.toString('utf8', 1, behind)}}`;
};

const order = {
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'] },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 2 } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'here', type: { type: 'long', logicalType: 'local-timestamp-millis' } },
    { name: 'clock', type: { type: 'long', logicalType: 'time-micros' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'other', type: ['null', 'Kind'] },
    { name: 'hash', type: { type: 'fixed', name: 'Two', size: 2 } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'counts', type: { type: 'map', values: 'long' } },
    { name: 'place', type: { type: 'record', name: 'Place', fields: [{ name: 'x', type: 'double' }] } },
    { name: 'mixed', type: ['null', 'string', 'long'] },
  ],
} as const;

const encode = (schema: unknown, value: unknown) => avroMessage(schema, value, { wrapUnions: true });

const sample = {
  id: 9_007_199_254_740_993n,
  note: { string: 'ação' },
  total: Buffer.from([0xff, 0x85]),
  day: -1,
  at: -1n,
  here: 1_763_618_400_123n,
  clock: 86_399_999_999n,
  kind: 'B',
  other: null,
  hash: Buffer.from([0x00, 0xff]),
  tags: ['a', 'b'],
  counts: { n: 9_223_372_036_854_775_807n },
  place: { x: 0.5 },
  mixed: { long: 9_007_199_254_740_993n },
};

describe('Avro', () => {
  it('is written at once as it is value by value', async () => {
    const schema = {
      type: 'record',
      name: 'Any',
      fields: [
        { name: 'long', type: 'long' },
        { name: 'int', type: ['null', 'int'] },
        { name: 'of "two"', type: ['null', 'string', 'boolean'] },
        { name: 'double', type: ['double', 'null'] },
        { name: 'text', type: 'string' },
        { name: 'inner', type: { type: 'record', name: 'Inner', fields: [{ name: 'is', type: 'boolean' }] } },
      ].map((field) => ({ ...field, name: field.name.replaceAll(/\W/g, '_') })),
    };
    const decoder = openDecoder({ ...topic, format: { avro: { schema: JSON.stringify(schema) } } }, remote);
    const some = fc.record({
      long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      int: fc.option(fc.integer().map((int) => ({ int }))),
      of__two_: fc.option(
        fc.oneof(
          fc.string({ unit: 'binary' }).map((string) => ({ string })),
          fc.constant({ boolean: true }),
        ),
      ),
      double: fc.option(fc.double().map((double) => ({ double }))),
      text: fc.string({ unit: 'binary' }),
      inner: fc.record({ is: fc.boolean() }),
    });
    await fc.assert(
      fc.asyncProperty(some, async (value) => {
        const bytes = encode(schema, value);
        expect(decoder.text?.(bytes)).not.toBeNull();
        await written(decoder, bytes);
        expect(decoder.text?.(bytes.subarray(0, -1))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('goes from bytes to bytes as it is value by value, and not at all where a byte is wrong', async () => {
    const timed = (logicalType: string) => ({ type: 'long', logicalType });
    const fields = {
      long: 'long',
      int: ['null', 'int'],
      text: ['string', 'null'],
      real: 'float',
      double: 'double',
      none: 'null',
      kind: { type: 'enum', name: 'Kind', symbols: ['A', 'B_2'] },
      id: { type: 'string', logicalType: 'uuid' },
      day: { type: 'int', logicalType: 'date' },
      at: ['null', timed('timestamp-micros')],
      here: timed('local-timestamp-millis'),
      plain: timed('of nobody'),
      total: { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 38 },
      inner: { type: 'record', name: 'Inner', fields: [{ name: 'is', type: 'boolean' }] },
    };
    const schema = {
      type: 'record',
      name: 'Sure',
      fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
    };
    const decoder = openDecoder({ ...topic, format: { avro: { schema: JSON.stringify(schema) } } }, remote);
    const long = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -99n, max: 99n }));
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }));
    const moment = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    const some = fc.record({
      long,
      int: fc.option(fc.integer().map((int) => ({ int }))),
      text: fc.option(text.map((string) => ({ string }))),
      real: fc.float(),
      double: fc.double(),
      none: fc.constant(null),
      kind: fc.constantFrom('A', 'B_2'),
      id: fc.uuid(),
      day: fc.integer({ min: -700_000, max: 2_000_000 }),
      at: fc.option(moment.map((each) => ({ long: each }))),
      here: moment,
      plain: long,
      total: fc.uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
      inner: fc.record({ is: fc.boolean() }),
    });
    await fc.assert(
      fc.asyncProperty(some, fc.nat(), fc.nat(255), async (value, place, byte) => {
        const bytes = encode(schema, value);
        expect(asBytes(decoder, bytes)).not.toBeNull();
        await written(decoder, bytes);
        bytes[place % bytes.length] = byte;
        for (const wrong of [bytes, bytes.subarray(0, place % bytes.length), Buffer.concat([bytes, bytes])]) {
          const made = asBytes(decoder, wrong);
          if (made !== null) expect(made).toBe(decoder.text?.(wrong)?.text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('with a moment that no calendar has is a message that cannot be decoded, not the end of a reading', () => {
    const fields = [{ name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } }];
    const schema = { type: 'record', name: 'Timed', fields };
    const decoder = openDecoder({ ...topic, format: { avro: { schema: JSON.stringify(schema) } } }, remote);
    const bytes = encode(schema, { at: 2n ** 63n - 1n });
    expect([asBytes(decoder, bytes), decoder.text?.(bytes)]).toEqual([null, null]);
    expect(() => decoder.decode(bytes)).toThrow(Undecodable);
  });

  it('gives each type as DuckDB reads it, with every digit of a long', async () => {
    const decoder = openDecoder({ ...topic, format: { avro: { schema: JSON.stringify(order) } } }, remote);
    expect(await written(decoder, encode(order, sample))).toBe(
      '{"id":9007199254740993,"note":"ação","total":"-1.23","day":"1969-12-31","at":"1969-12-31 23:59:59.999999+00",' +
        '"here":"2025-11-20 06:00:00.123000","clock":"23:59:59.999999","kind":"B","other":null,"hash":"\\\\x00\\\\xFF",' +
        '"tags":["a","b"],"counts":{"n":9223372036854775807},"place":{"x":0.5},"mixed":9007199254740993}',
    );
    expect(Object.fromEntries(decoder.types)).toEqual({
      id: 'BIGINT',
      note: 'VARCHAR',
      total: 'DECIMAL(18,2)',
      day: 'DATE',
      at: 'TIMESTAMP WITH TIME ZONE',
      here: 'TIMESTAMP',
      clock: 'TIME',
      kind: 'VARCHAR',
      other: 'VARCHAR',
      hash: 'BLOB',
      tags: 'VARCHAR[]',
      counts: 'MAP(VARCHAR, BIGINT)',
      place: 'STRUCT("x" DOUBLE)',
      mixed: 'JSON',
    });
  });

  it('of a type that holds itself is JSON inside, and of no record is one column', async () => {
    const tree = {
      type: 'record',
      name: 'Node',
      fields: [
        { name: 'n', type: 'long' },
        { name: 'next', type: ['null', 'Node'] },
      ],
    };
    const list = openDecoder({ ...topic, format: { avro: { schema: JSON.stringify(tree) } } }, remote);
    const value = { n: 1n, next: { Node: { n: 9_007_199_254_740_993n, next: null } } };
    expect(await written(list, encode(tree, value))).toBe('{"n":1,"next":{"n":9007199254740993,"next":null}}');
    expect(list.types.get('next')).toBe('JSON');
    const alone = openDecoder({ ...topic, format: { avro: { schema: 'double' } } }, remote);
    expect(await written(alone, encode('double', Number.NaN))).toBe('{"value":"NaN"}');
    expect(Object.fromEntries(alone.types)).toEqual({ value: 'DOUBLE' });
  });

  it('that is cut off, or goes on, is no message of its schema', async () => {
    const decoder = openDecoder({ ...topic, format: { avro: { schema: JSON.stringify(order) } } }, remote);
    const bytes = encode(order, sample);
    expect(() => decoder.decode(bytes.subarray(0, 9))).toThrow(/not Avro of its schema/);
    expect(() => decoder.decode(Buffer.concat([bytes, Buffer.from('x')]))).toThrow(/not Avro of its schema/);
    expect(() => openDecoder({ ...topic, format: { avro: { schema: '{"type":"nothing"}' } } }, remote)).toThrow(
      /cannot be read/,
    );
  });
});

const proto = `syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
message Order {
  int64 id = 1;
  uint64 big = 2;
  optional string note = 3;
  string name = 4;
  Kind kind = 5;
  repeated int32 parts = 6;
  map<string, int64> counts = 7;
  Place place = 8;
  bytes hash = 9;
  google.protobuf.Timestamp at = 10;
  google.protobuf.Int64Value maybe = 11;
  message Place { double x = 1; Order inner = 2; }
}
enum Kind { NONE = 0; SOME = 1; }
message Second { bool ok = 1; }`;

describe('Protobuf', () => {
  it('gives each type as DuckDB reads it, and what was not sent is nothing only where the schema can tell', async () => {
    const decoder = openDecoder({ ...topic, format: { protobuf: { schema: proto } } }, remote);
    const root = new protobuf.Root();
    protobuf.parse(
      'syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; } message Int64Value { int64 value = 1; }',
      root,
      { keepCase: true },
    );
    protobuf.parse(proto.replaceAll(/import .*;/g, ''), root, { keepCase: true });
    const type = root.lookupType('shop.Order');
    const bytes = type
      .encode(
        type.fromObject({
          id: '9007199254740993',
          big: '18446744073709551615',
          kind: 1,
          parts: [1, 2],
          counts: { n: '9007199254740993' },
          place: { x: 1.5 },
          hash: Buffer.from([0, 255]),
          at: { seconds: 1_763_618_400, nanos: 123_456_789 },
          maybe: { value: 7 },
        }),
      )
      .finish();
    expect(await written(decoder, Buffer.from(bytes))).toBe(
      '{"id":9007199254740993,"big":18446744073709551615,"note":null,"name":"","kind":"SOME","parts":[1,2],' +
        '"counts":{"n":9007199254740993},"place":{"x":1.5,"inner":null},"hash":"\\\\x00\\\\xFF","at":"2025-11-20 06:00:00.123456+00","maybe":7}',
    );
    expect(Object.fromEntries(decoder.types)).toEqual({
      id: 'BIGINT',
      big: 'DECIMAL(20,0)',
      note: 'VARCHAR',
      name: 'VARCHAR',
      kind: 'VARCHAR',
      parts: 'INTEGER[]',
      counts: 'MAP(VARCHAR, BIGINT)',
      place: 'STRUCT("x" DOUBLE, "inner" JSON)',
      hash: 'BLOB',
      at: 'TIMESTAMP WITH TIME ZONE',
      maybe: 'BIGINT',
    });
  });

  it('takes the message that is named, and says what it cannot read', async () => {
    const decoder = openDecoder({ ...topic, format: { protobuf: { schema: proto, message: 'shop.Second' } } }, remote);
    expect(await written(decoder, Buffer.from([8, 1]))).toBe('{"ok":true}');
    expect(() => decoder.decode(Buffer.from([8]))).toThrow(/not Protobuf of Second/);
    const broken = { ...topic, format: { protobuf: { schema: 'message {' } } };
    expect(() => openDecoder(broken, remote)).toThrow(/cannot be read/);
  });
});

describe('CSV', () => {
  const spec = {
    ...topic,
    format: { csv: { delimiter: ';' } },
    columns: { id: 'integer', name: 'varchar', note: 'varchar' },
  };

  it('is one line of the declared columns, with quotes where values hold delimiters', async () => {
    const decoder = openDecoder(spec, remote);
    expect(await decoder.decode(Buffer.from('7;"a;""b""\nc";\r\n'))).toEqual({ id: '7', name: 'a;"b"\nc', note: null });
  });

  it('says what is wrong with other lines', () => {
    const decoder = openDecoder(spec, remote);
    expect(() => decoder.decode(Buffer.from('7;a'))).toThrow('expected 3 values, got 2');
    expect(() => decoder.decode(Buffer.from('7;"a;b'))).toThrow('a quote is not closed');
    expect(() => decoder.decode(Buffer.from('7;"a"b;c'))).toThrow('followed by more text');
    expect(() => decoder.decode(Buffer.from('7;a;b\n8;a;b'))).toThrow('line break');
  });
});

describe('raw', () => {
  it('keeps every byte', async () => {
    const decoder = openDecoder({ ...topic, format: 'raw' }, remote);
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { value } = (await decoder.decode(all)) as { value: string };
    const back = value.replaceAll(/\\x([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    expect(Buffer.from(back, 'latin1').equals(all)).toBe(true);
    expect(Object.fromEntries(decoder.types)).toEqual({ value: 'BLOB' });
  });
});

describe('a message that cannot be read', () => {
  const avro = { avro: { schema: JSON.stringify(order) } };
  it.each([
    ['json', '{"a":', /^não é JSON válido: /],
    ['csv', '1', 'não é CSV destas colunas: esperava 2 valores, vieram 1'],
    ['csv', '"1', 'não é CSV: faltam as aspas finais'],
    [avro, '\u0001', /^não é Avro do seu esquema: /],
    ['avro', '', 'não é de um registro de esquemas: esperava um primeiro byte 0 e o id de um esquema, não veio nada'],
    ['avro', '{}', 'não é de um registro de esquemas: esperava um primeiro byte 0 e o id de um esquema, veio 0x7b'],
  ])('says why in both languages, of %j %j', async (format, text, words) => {
    const spec = { ...topic, columns: { a: 'integer', b: 'integer' }, format, registry: { registry: 'http://r' } };
    const decoder = openDecoder(spec as KafkaSource, remote);
    const failed = await Promise.resolve()
      .then(() => decoder.decode(Buffer.from(text)))
      .catch((error: unknown) => error);
    if (!(failed instanceof Undecodable)) throw new Error('it was read');
    expect(inPortuguese(failed.words)).toMatch(words);
    expect(inPortuguese(reasonSaid(failed.message))).toBe(inPortuguese(failed.words));
  });
});
