/** Dead letters and moves of a stream of a real broker, its runner killed on the way. */
import { readNotebook, setConfigKey } from '@datacraft/shared/ydoc';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../../server/src/attach.ts';
import { randomOf } from '../../server/src/testing/random.ts';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import type { TestServer, Visitor } from '../../server/src/testing/test-server.ts';
import { startTestServer } from '../../server/src/testing/test-server.ts';
import { useServices } from './for-tests.ts';
import { kafkaAt, withAdmin } from './testing/topic.ts';

const BAD = 600;
const env = useServices('kafka');
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost' }, { attach: attachEngine });
  owner = await test.owner();
}, 240_000);
afterAll(() => test.close());

const kafka = () => kafkaAt(env['KAFKA_BROKERS'] ?? '');
const rows = async (sql: string): Promise<unknown[][]> => {
  const { json } = await owner.call('POST', '/query', { sql });
  return json.rows.map((row: object) => Object.values(row));
};
const count = async (table: string) => (await rows(`select count(*)::int as n from bronze.${table}`))[0]?.[0];

async function produce(topic: string, values: readonly string[]): Promise<void> {
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic, messages: values.map((value, at) => ({ value, partition: at % 2 })) });
  await producer.disconnect();
}

async function start(topic: string, more = ''): Promise<{ notebook: string; stream: string }> {
  await withAdmin(kafka(), (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true }),
  );
  const source = `\`\`\`source ${topic}\ntype: kafka\nbrokers: ["${env['KAFKA_BROKERS'] ?? ''}"]\ntopic: ${topic}\n${more}\`\`\``;
  const text = `---\ndatacraft: 1\ntitle: ${topic}\n---\n\n${source}\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const stream = await owner.call('POST', `/notebooks/${json.id}/streams`, { cell: topic, commitMs: 250 });
  expect(stream.status).toBe(200);
  return { notebook: json.id, stream: stream.json.id };
}

const seeded = (what: string) => {
  const seed = Date.now() % 1_000_000;
  console.log(`${what}: seed ${seed}`);
  return randomOf(seed);
};

describe('dead letters of a topic', () => {
  it('A1 A2 land once each with the mended cell, however often the runner dies while they are read again', async () => {
    const next = seeded('kill -9 of a replay');
    const { notebook, stream } = await start('letters', 'rejects: table\ncolumns: { n: integer, total: integer }\n');
    const bad = Array.from({ length: BAD }, (_, n) => JSON.stringify({ n, total: 3_000_000_000 + n }));
    await produce('letters', ['{"n":-1,"total":1}', ...bad, 'never JSON']);
    await untilSeen(() => count('letters'), 1);
    await untilSeen(() => count('letters_rejects'), BAD + 1);
    await test.server.deps.rooms.change(notebook, (doc) => {
      const cell = readNotebook(doc).cells.find((each) => each.name === 'letters');
      if (cell) setConfigKey(doc, cell.id, 'columns', { n: 'integer', total: 'bigint' }, 'server');
    });
    expect((await owner.call('POST', `/streams/${stream}/letters/replay`, {})).status).toBe(202);
    for (let kill = 0; kill < 3; kill += 1) {
      await sleep(next() * 2_000);
      await killRunner(test, stream);
    }
    await untilSeen(() => count('letters'), BAD + 1);
    await untilSeen(() => count('letters_rejects'), 1);
    expect(
      await rows(
        'select count(distinct n)::int as d, sum(total)::varchar as t, count(distinct _offset)::int > 0 as o from bronze.letters',
      ),
    ).toEqual([[BAD + 1, String(1n + 3_000_000_000n * BigInt(BAD) + BigInt((BAD * (BAD - 1)) / 2)), true]]);
    expect(await rows('select raw, attempts::int as a from bronze.letters_rejects')).toEqual([['never JSON', 1]]);
  }, 600_000);
});

describe('a stream that is moved', () => {
  it('K1 K2 reads on from there and nowhere else, though its runner dies before, at and after the move', async () => {
    const next = seeded('kill -9 around a seek');
    const { stream } = await start('moved');
    const turn = (action: 'pause' | 'resume') => owner.call('POST', `/streams/${stream}/${action}`);
    const wave = (from: number) => Array.from({ length: 500 }, (_, at) => JSON.stringify({ n: from + at }));
    await produce('moved', wave(0));
    await untilSeen(() => count('moved'), 500);
    for (let round = 1; round <= 3; round += 1) {
      await killRunner(test, stream);
      await turn('pause');
      const to = { kind: 'earliest' };
      const { json: plan } = await owner.call('POST', `/streams/${stream}/seek`, { to });
      expect(plan).toMatchObject({ again: '500', skipped: '0' });
      expect((await owner.call('POST', `/streams/${stream}/seek`, { to, confirm: plan.confirm })).status).toBe(200);
      await turn('resume');
      await sleep(next() * 1_500);
      await killRunner(test, stream);
      await untilSeen(() => count('moved'), 500 * (round + 1));
    }
    expect(
      await rows('select n::int as n, count(*)::int as c from bronze.moved group by n having count(*) <> 4'),
    ).toEqual([]);
    await turn('pause');
  }, 600_000);
});
