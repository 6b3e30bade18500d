import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaSource } from '@datacraft/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDuckPool } from '../../duckdb/pool.ts';
import { extractAdapter } from '../extract/extract.ts';
import { remoteAccess } from '../testing/remote-database.ts';
import { openDecoder } from './format/decoder.ts';
import { writeMessages } from './message.ts';
import { placeColumnsOf } from './origin.ts';
import { messagesOf } from './reader/messages.ts';
import { batchesIn } from './reader/record-batch.ts';
import type { Sent } from './testing/record-batch.ts';
import { batchBytes } from './testing/record-batch.ts';

const remote = remoteAccess([]);
let dir: string;
let pool: ReturnType<typeof createDuckPool>;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'datacraft-message-'));
  pool = createDuckPool();
});
afterAll(async () => {
  await pool.stop();
  await rm(dir, { recursive: true, force: true });
});

const messages = (some: readonly Sent[]) =>
  batchesIn(batchBytes(some)).map((batch) => messagesOf(batch, batch.records));

/** What a reading makes of these messages of one partition: rows, and letters with their bytes as hex. */
async function read(some: readonly Sent[], options: Partial<KafkaSource> = {}) {
  const one = options.topics === undefined ? { topic: 't' } : {};
  const spec: KafkaSource = { type: 'kafka', ...one, rejects: 'table', ...options };
  const adapter = extractAdapter<KafkaSource>({
    shownAs: () => 't',
    isIncremental: () => true,
    alwaysHas: placeColumnsOf,
    async extract(_spec, _request, file) {
      const writer = { file, decoder: openDecoder(spec, remote), spec };
      for (const each of messages(some)) await writeMessages({ topic: 't', partition: 3 }, each, writer);
      return null;
    },
  });
  const context = { resolve: () => Promise.resolve([]), tempDir: dir, remote };
  const identified = await adapter.identify(spec, context);
  const session = await pool.open({ readable: identified.files.map(({ path }) => path), writableDir: dir });
  try {
    const { select, rejects, whenAll } = await adapter.open(spec, identified, session, context);
    const { rows, columns } = await session.rows(select);
    const letters =
      rejects === null
        ? { columns: [], rows: [] }
        : await session.rows(
            `select * replace (hex(bytes) as bytes, hex(key) as key, "timestamp"::varchar as "timestamp") from (${rejects}) order by line`,
          );
    const named = (page: { columns: readonly { name: string }[]; rows: readonly (readonly unknown[])[] }) =>
      page.rows.map((row) => Object.fromEntries(page.columns.map(({ name }, at) => [name, row[at]])));
    return { columns, rows: named({ columns, rows }), letters: named(letters), whenAll, identified };
  } finally {
    await session.close();
    await identified.release?.();
  }
}

const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const text = (value: string): Sent => ({ value: Buffer.from(value) });

describe('messages on their way into a table', () => {
  it('have their fields and where they were', async () => {
    const { rows, letters, whenAll } = await read([
      { value: Buffer.from('{"id":1,"at":"10:00"}'), key: Buffer.from('k"1') },
      { value: Buffer.from('{"id":9007199254740993,\n"at":null,"_offset":7}'), headers: [['h', Buffer.from('1')]] },
      { value: null },
    ]);
    const place = { _partition: '3', _timestamp: '2025-11-24T16:00:00.123' };
    expect(rows).toEqual([
      { ...place, id: '1', at: '10:00:00', _key: 'k"1', _offset: '0', value: null },
      { ...place, id: '9007199254740993', at: null, _key: null, _offset: '1', value: null },
      { ...place, id: null, at: null, _key: null, _offset: '2', value: null },
    ]);
    expect(letters).toEqual([]);
    expect(whenAll?.rows).toBe(3);
  });

  it('say which topic they are of where several are read, and bad ones too', async () => {
    const some = [text('{"n":1,"_topic":"own"}'), text('{"n":2}'), text('poison'), text('{"n":"x"}')];
    const columns = { n: 'integer' };
    const many = await read(some, { topics: ['t', 'u'], columns });
    expect(many.rows.map((row) => [row['n'], row['_topic']])).toEqual([
      [1, 't'],
      [2, 't'],
    ]);
    expect(many.letters.map(({ topic, offset }) => [topic, offset])).toEqual([
      ['t', '2'],
      ['t', '3'],
    ]);
    const one = await read(some, { columns });
    expect(one.rows.map((row) => row['_topic'])).toEqual(['own', null]);
  });

  it('I7 that prove bad are found again with all that came, whether or not they are kept beside their record', async () => {
    const bad = '{"n":"x","_key":1,"note":",\\"_key\\":"}';
    const plain = '{"n":"é,\\"_key\\":","m":2}';
    const { rows, letters } = await read(
      [
        text('never JSON'),
        text('{"n":1}'),
        { ...text(plain), key: Buffer.from('a,"_key":b') },
        text('[]]'),
        { ...text(bad), headers: [['trace', Buffer.from('7')]] },
        { ...text('{"n":"z"}'), key: Buffer.from([255]) },
        text('{"n":true}'),
      ],
      { columns: { n: 'integer' } },
    );
    expect(rows.map((row) => row['n'])).toEqual([1]);
    const shown = letters.map(
      ({ line, offset, bytes, key, headers, topic, partition, timestamp, column_name: column }) =>
        [line, offset, bytes, key, headers, topic, partition, timestamp, column].map((each) =>
          each == null ? null : String(each),
        ),
    );
    const same = ['t', '3', '2025-11-24 16:00:00.123'];
    expect(shown).toEqual([
      ['1', '0', hex('never JSON'), null, null, ...same, null],
      ['3', '2', hex(plain), hex('a,"_key":b'), null, ...same, 'n'],
      ['4', '3', hex('[]]'), null, null, ...same, null],
      ['5', '4', hex(bad), null, '{"trace":"7"}', ...same, 'n'],
      ['6', '5', hex('{"n":"z"}'), 'FF', null, ...same, 'n'],
      ['7', '6', hex('{"n":true}'), null, null, ...same, 'n'],
    ]);
  });

  it('that DuckDB cannot read are letters of their own, and keep no other from its table', async () => {
    const { rows, letters, identified } = await read([text('{"a":"\\ud800"}'), text('{"a":"\\ud83d\\ude00"}')]);
    expect(identified.lines).toBeUndefined();
    expect(rows.map((row) => row['a'])).toEqual(['😀']);
    expect(letters.map(({ bytes }) => bytes)).toEqual([hex('{"a":"\\ud800"}')]);
  });

  it('X1 are identified by what their broker says of them: the same again by the same, others at the same place by another', async () => {
    const identityOf = async (...values: string[]) => (await read(values.map(text))).identified.identity;
    const [one, same, other, more] = [
      await identityOf('{"n":1}'),
      await identityOf('{"n":1}'),
      await identityOf('{"n":2}'),
      await identityOf('{"n":1}', '{"n":1}'),
    ];
    expect(same).toBe(one);
    expect(new Set([one, other, more]).size).toBe(3);
  });

  it('J2 keep whole numbers exact whatever their size, whether they go on as text or as bytes', async () => {
    const typeOf = async (...values: string[]) => {
      const { rows, columns } = await read(values.map((value) => text(`{"n":${value}}`)));
      return [columns.find(({ name }) => name === 'n')?.type, rows.map(({ n }) => String(n))];
    };
    const long = '123456789012345678901';
    expect(await typeOf('1', '2', long)).toEqual(['DECIMAL(38,0)', ['1', '2', long]]);
    expect(await typeOf(long, '2', '3')).toEqual(['DECIMAL(38,0)', [long, '2', '3']]);
    expect(await typeOf('1', '9007199254740993', '3')).toEqual(['BIGINT', ['1', '9007199254740993', '3']]);
    expect(await typeOf('1', '99999999999999', '2.5')).toEqual(['DOUBLE', ['1', '99999999999999', '2.5']]);
  });

  it('of any length are read', async () => {
    const sizes = [1, 130_000, 270_000, 900_000, 3_000_000];
    const { rows } = await read(sizes.map((size) => text(JSON.stringify({ size, pad: 'x'.repeat(size) }))));
    expect(rows.map(({ size, pad }) => [Number(size), String(pad).length])).toEqual(sizes.map((size) => [size, size]));
    for (const size of sizes) {
      const [row] = (await read([text(JSON.stringify({ pad: 'y'.repeat(size) }))], { rejects: 'fail' })).rows;
      expect(String(row?.['pad']).length).toBe(size);
    }
  });

  it('are the same rows and the same letters as read line by line', async () => {
    const values = fc.constantFrom(
      '1',
      '"2"',
      '2.5',
      '1e3',
      '-0',
      'true',
      '"true"',
      '"x"',
      'null',
      '{"y":1}',
      '[1,2]',
      '["a"]',
      '"2026-01-01"',
    );
    const columns = {
      quantity: 'integer',
      birthday: 'date',
      isOpen: 'boolean',
      title: 'varchar',
      place: 'struct(y bigint)',
      items: 'bigint[]',
      extra: 'json',
    };
    const record = fc.dictionary(fc.constantFrom(...Object.keys(columns)), values, {
      minKeys: 1,
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
        const texts = records.map(
          (each) =>
            `{${Object.entries(each)
              .map(([name, value]) => `"${name}":${value}`)
              .join(',')}}`,
        );
        const at = await read(texts.map(text), { columns });
        // Half a character makes a file one that is read line by line.
        const other = await read([...texts, '{"title":"\\ud800"}'].map(text), { columns });
        expect(at.rows).toEqual(other.rows);
        expect(at.letters).toEqual(other.letters.slice(0, -1));
        expect(at.rows.length + at.letters.length).toBe(texts.length);
        expect(at.whenAll?.rows === at.rows.length).toBe(at.letters.length === 0);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
