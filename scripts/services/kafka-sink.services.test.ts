/** Tables sent to topics of a real broker: each state once for who reads committed messages, whatever ends a sending. */
import { createTestDatabase } from '@datacraft/migrations/testing';
import type { KafkaMessage } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workshop } from '../../engine/src/run/testing/workshop.ts';
import { createWorkshop, taskOf } from '../../engine/src/run/testing/workshop.ts';
import { killedSoon } from './testing/killed-soon.ts';
import { useServices } from './for-tests.ts';
import { randomOf } from '../../server/src/testing/random.ts';
import { committedOf, kafkaAt } from './testing/topic.ts';

const STATES = 8;
const EACH = 20_000;
const env = useServices('kafka', 'registry');
let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

async function send(name: string, rows: string, more: string, keys = '') {
  const config = { brokers: env['KAFKA_BROKERS'] ?? '', registry: env['SCHEMA_REGISTRY_URL'] ?? '' };
  const remote = {
    allowedHosts: ['127.0.0.1', 'localhost'],
    secret: (secret: string) => Promise.reject(new Error(`no ${secret}`)),
    connection: () => Promise.resolve({ type: 'kafka', config }),
  };
  const cell = `\`\`\`sql ${name}\n---\nlayer: gold\n${keys}export:\n  - { type: kafka, connection: broker, topic: ${name}${more} }\n---\n${rows}\n\`\`\`\n`;
  const report = await shop.run(cell, { owner: name, deps: { remote } });
  return { state: report.state, error: taskOf(report, name).error?.message };
}

const text = (messages: readonly KafkaMessage[]) =>
  messages.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null]).toSorted();
const held = async (topic: string) => text(await committedOf(kafkaAt(env['KAFKA_BROKERS'] ?? ''), topic));

describe('a sending that is killed at any moment', () => {
  it(`N1 N2 leaves each state in the topic once, after ${STATES} states and as many kills`, async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`kill -9 of a sink: seed ${seed}`);
    const next = randomOf(seed);
    const brokers = env['KAFKA_BROKERS'] ?? '';
    let kills = 0;
    for (let state = 1; state <= STATES; state += 1) {
      const child = [
        new URL('testing/sink-child.ts', import.meta.url).pathname,
        brokers,
        'killed',
        String(state),
        String(EACH),
      ];
      // Killed until it gets through: the last try is left alone, so that the test ends on any machine.
      for (let tries = 0; await killedSoon(child, tries < 3 ? next() * 2_500 : null); tries += 1) kills += 1;
    }
    const found = (await committedOf(kafkaAt(brokers), 'killed')).map(({ value }) => value?.toString());
    expect(found.length).toBe(STATES * EACH);
    expect(new Set(found).size).toBe(STATES * EACH);
    expect(kills).toBeGreaterThan(0);
  }, 300_000);
});

describe('a table sent to a topic', () => {
  it('N1 appends what is new, exact, and nothing when nothing is', async () => {
    const rows = (n: number) =>
      `select range as id, 9007199254740993::bigint + range as big, 1.50::decimal(9,2) as price from range(${n})`;
    expect(await send('appended', rows(2), ', key: id')).toEqual({ state: 'succeeded' });
    const first = [
      ['0', '{"id":0,"big":9007199254740993,"price":1.50}'],
      ['1', '{"id":1,"big":9007199254740994,"price":1.50}'],
    ];
    expect(await held('appended')).toEqual(first);
    expect(await send('appended', rows(2), ', key: id')).toEqual({ state: 'succeeded' });
    await shop.deps.db.query(`update exports set state = 'pending', snapshot_id = null where cell = 'appended'`);
    expect(await send('appended', rows(3), ', key: id')).toEqual({ state: 'succeeded' });
    expect(await held('appended')).toEqual([...first, ['2', '{"id":2,"big":9007199254740995,"price":1.50}']]);
  });

  it('mirrors: what changed by its key, and a tombstone for what is gone', async () => {
    const rows = (values: string) => `select * from (values ${values}) as t(id, v)`;
    const more = ', mode: mirror, headers: { source: v }';
    expect(await send('mirrored', rows("(1, 'a'), (2, 'b'), (3, 'c')"), more, 'unique_key: id\n')).toEqual({
      state: 'succeeded',
    });
    expect(await send('mirrored', rows("(1, 'a'), (2, 'B')"), more, 'unique_key: id\n')).toEqual({
      state: 'succeeded',
    });
    const all = await committedOf(kafkaAt(env['KAFKA_BROKERS'] ?? ''), 'mirrored');
    expect(text(all.slice(3))).toEqual([
      ['2', '{"id":2,"v":"B"}'],
      ['3', null],
    ]);
    expect(all[0]?.headers?.['source']?.toString()).toBe('a');
    const twice = await send('mirrored', rows("(1, 'a'), (1, 'b')"), more, 'unique_key: id\n');
    expect(twice.error).toContain('rows share the key 1');
    expect((await held('mirrored')).length).toBe(5);
  });

  it('writes Avro that our own source reads back, every type', async () => {
    const rows = `select true as yes, 7::smallint as small, 9007199254740993::bigint as big, -123.45::decimal(12,2) as dec,
      0.1::double as dbl, date '1969-12-31' as day, timestamp '2024-02-29 23:59:59.123456' as at,
      timestamptz '2024-02-29 23:59:59.123456+00' as att, time '12:34:56.789' as clock, 'çã' as words, '\\x00\\xFF'::blob as raw,
      [1, 2] as list, null::integer as nothing, '7d4f3c6e-0000-4000-8000-000000000001'::uuid as id, 18446744073709551615::ubigint as huge`;
    expect(await send('typed', rows, ', format: avro')).toEqual({ state: 'succeeded' });
    const source = `\`\`\`source back\ntype: kafka\nbrokers: ["${env['KAFKA_BROKERS'] ?? ''}"]\ntopic: typed\nformat: { avro: { registry: "${env['SCHEMA_REGISTRY_URL'] ?? ''}" } }\n\`\`\`\n`;
    const refuse = (name: string) => Promise.reject(new Error(`no ${name}`));
    const remote = { allowedHosts: ['127.0.0.1', 'localhost'], secret: refuse, connection: refuse };
    expect((await shop.run(source, { owner: 'back', deps: { remote } })).state).toBe('succeeded');
    const columns =
      'yes, small, big::varchar as big, "dec"::varchar as dec, dbl, day::varchar as day, "at"::varchar as at, att::varchar as att, clock::varchar as clock, words, hex(raw) as raw, list::varchar as list, nothing, id::varchar as id, huge::varchar as huge';
    expect(await shop.rows(`select ${columns} from bronze.back`)).toEqual(
      await shop.rows(`select ${columns.replace('list::varchar', 'to_json(list)::varchar')} from gold.typed`),
    );
    await fetch(`${env['SCHEMA_REGISTRY_URL'] ?? ''}/config/typed-value`, {
      method: 'PUT',
      body: JSON.stringify({ compatibility: 'BACKWARD' }),
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    });
    const lost = await send('typed', `select 'text' as yes`, ', format: avro');
    expect(lost.state).toBe('failed');
    expect(lost.error).toContain('refused the schema of typed-value');
  });
});
