/** What a stream of a real broker tells of each partition: together it is what the stream tells, also after a kill. */
import { readNotebook, setConfigKey } from '@datacraft/shared/ydoc';
import type { PartitionTimes, StreamDetail, StreamLane } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { killRunner, untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';
import { withAdmin } from './testing/topic.ts';

const live = useLiveServer(useServices('kafka'));
const options = () => [
  `brokers: ["${live.brokers}"]`,
  'watermark: { column: t, delay: 5 seconds, idle: 1 hour }',
  'columns: { n: integer, t: timestamp }',
  'rejects: table',
];
const below = [
  '```sql by_minute\n---\nrefresh: streaming\n---',
  "select time_bucket(interval '1 minute', t) as minute, count(*)::int as n from lanes group by all\n```",
].join('\n');
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12) + seconds * 1_000).toISOString();
const row = (n: number | string, seconds: number) => JSON.stringify({ n, t: at(seconds) });

async function produce(partition: number, values: readonly string[]): Promise<void> {
  const producer = live.kafka().producer({ idempotent: true });
  await producer.connect();
  await producer.send({ topic: 'lanes', messages: values.map((value) => ({ value, partition })) });
  await producer.disconnect();
}

const sum = <Each>(all: readonly Each[], of: (each: Each) => number) =>
  all.reduce((total, each) => total + of(each), 0);

describe('partitions of a stream', () => {
  it('have together what the stream has, and say which of them holds the watermark back', async () => {
    await withAdmin(live.kafka(), async (admin) => {
      await admin.createTopics({ topics: [{ topic: 'lanes', numPartitions: 3 }], waitForLeaders: false });
      await untilSeen(async () => (await admin.listTopics()).includes('lanes'), true);
    });
    await produce(0, [row(1, 300), row(2, 301)]);
    await produce(1, [row(3, 60)]);
    await produce(2, [row(4, 240), 'no JSON', row(3_000_000_000, 241)]);
    const { notebook, stream } = await live.goLive('lanes', options(), below);
    const seen = async (): Promise<StreamDetail> => (await live.call('GET', `/streams/${stream}`)).json;
    const taken = async () => {
      const { lanes, rows, rejected } = await seen();
      expect([sum(lanes, (each) => each.rows), sum(lanes, (each) => each.rejected)]).toEqual([rows, rejected]);
      return lanes.map((each: StreamLane) => [each.lane, each.rows, each.rejected]);
    };
    const times = async () => {
      const { partitions = [], late } = (await seen()).progress.cells?.['by_minute'] ?? { late: 0 };
      expect(sum(partitions, (each) => each.late ?? Number.NaN)).toBe(late);
      return partitions.map((each: PartitionTimes) => [each.lane, each.holdsBack, each.late]).toSorted();
    };
    await untilSeen(taken, [
      ['0', 2, 0],
      ['1', 1, 0],
      ['2', 1, 2],
    ]);
    await untilSeen(times, [
      ['0', false, 0],
      ['1', true, 0],
      ['2', false, 0],
    ]);

    await killRunner(live.test, stream);
    await produce(1, [row(5, 400), row(6, 10)]);
    await untilSeen(taken, [
      ['0', 2, 0],
      ['1', 3, 0],
      ['2', 1, 2],
    ]);
    await untilSeen(times, [
      ['0', false, 0],
      ['1', false, 1],
      ['2', true, 0],
    ]);

    await live.test.server.deps.rooms.change(notebook, (doc) => {
      const cell = readNotebook(doc).cells.find((each) => each.name === 'lanes');
      if (cell) setConfigKey(doc, cell.id, 'columns', { n: 'bigint', t: 'timestamp' }, 'server');
    });
    expect((await live.call('POST', `/streams/${stream}/letters/replay`, {})).status).toBe(202);
    await untilSeen(taken, [
      ['0', 2, 0],
      ['1', 3, 0],
      ['2', 2, 2],
    ]);
    const { lanes } = await seen();
    expect(lanes.every(({ lastCommitAt }) => Date.parse(lastCommitAt) > 0)).toBe(true);
  }, 240_000);
});
