/** Dead letters and moves of a stream of a real broker, its runner killed on the way. */
import { readNotebook, setConfigKey } from '@datacraft/shared/ydoc';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../server/src/testing/random.ts';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';
import { withAdmin } from './testing/topic.ts';

const BAD = 600;
const live = useLiveServer(useServices('kafka'));

const count = async (table: string) => (await live.rows(`select count(*)::int as n from bronze.${table}`))[0]?.[0];

async function produce(topic: string, values: readonly string[]): Promise<void> {
  const producer = live.kafka().producer();
  await producer.connect();
  await producer.send({ topic, messages: values.map((value, at) => ({ value, partition: at % 2 })) });
  await producer.disconnect();
}

async function start(topic: string, more: readonly string[] = []): Promise<{ notebook: string; stream: string }> {
  await withAdmin(live.kafka(), (admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true }),
  );
  return live.goLive(topic, [`brokers: ["${live.brokers}"]`, ...more]);
}

const seeded = (what: string) => {
  const seed = Date.now() % 1_000_000;
  console.log(`${what}: seed ${seed}`);
  return randomOf(seed);
};

describe('dead letters of a topic', () => {
  it('A1 A2 land once each with the mended cell, however often the runner dies while they are read again', async () => {
    const next = seeded('kill -9 of a replay');
    const { notebook, stream } = await start('letters', ['rejects: table', 'columns: { n: integer, total: integer }']);
    const bad = Array.from({ length: BAD }, (_, n) => JSON.stringify({ n, total: 3_000_000_000 + n }));
    await produce('letters', ['{"n":-1,"total":1}', ...bad, 'never JSON']);
    await untilSeen(() => count('letters'), 1);
    await untilSeen(() => count('letters_rejects'), BAD + 1);
    await live.test.server.deps.rooms.change(notebook, (doc) => {
      const cell = readNotebook(doc).cells.find((each) => each.name === 'letters');
      if (cell) setConfigKey(doc, cell.id, 'columns', { n: 'integer', total: 'bigint' }, 'server');
    });
    expect((await live.call('POST', `/streams/${stream}/letters/replay`, {})).status).toBe(202);
    for (let kill = 0; kill < 3; kill += 1) {
      await sleep(next() * 2_000);
      await killRunner(live.test, stream);
    }
    await untilSeen(() => count('letters'), BAD + 1);
    await untilSeen(() => count('letters_rejects'), 1);
    expect(
      await live.rows(
        'select count(distinct n)::int as d, sum(total)::varchar as t, count(distinct _offset)::int > 0 as o from bronze.letters',
      ),
    ).toEqual([[BAD + 1, String(1n + 3_000_000_000n * BigInt(BAD) + BigInt((BAD * (BAD - 1)) / 2)), true]]);
    expect(await live.rows('select raw, attempts::int as a from bronze.letters_rejects')).toEqual([['never JSON', 1]]);
  }, 600_000);
});

describe('a stream that is moved', () => {
  it('K1 K2 reads on from there and nowhere else, though its runner dies before, at and after the move', async () => {
    const next = seeded('kill -9 around a seek');
    const { stream } = await start('moved');
    const turn = (action: 'pause' | 'resume') => live.call('POST', `/streams/${stream}/${action}`);
    const wave = (from: number) => Array.from({ length: 500 }, (_, at) => JSON.stringify({ n: from + at }));
    await produce('moved', wave(0));
    await untilSeen(() => count('moved'), 500);
    for (let round = 1; round <= 3; round += 1) {
      await killRunner(live.test, stream);
      await turn('pause');
      const to = { kind: 'earliest' };
      const { json: plan } = await live.call('POST', `/streams/${stream}/seek`, { to });
      expect(plan).toMatchObject({ again: '500', skipped: '0' });
      expect((await live.call('POST', `/streams/${stream}/seek`, { to, confirm: plan.confirm })).status).toBe(200);
      await turn('resume');
      await sleep(next() * 1_500);
      await killRunner(live.test, stream);
      await untilSeen(() => count('moved'), 500 * (round + 1));
    }
    expect(
      await live.rows('select n::int as n, count(*)::int as c from bronze.moved group by n having count(*) <> 4'),
    ).toEqual([]);
    await turn('pause');
  }, 600_000);
});
