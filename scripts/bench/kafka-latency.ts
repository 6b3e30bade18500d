import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import type { RemoteAccess } from '../../engine/src/index.ts';
import { startTestServer } from '../../server/src/testing/test-server.ts';
import { attachEngine } from '../../server/src/attach.ts';
import { kafkaAt } from '../services/testing/topic.ts';
import { restartMs } from './kafka-restart.ts';
import { messageMaker, newTopic } from './kafka-topic.ts';
import { quantileOf } from './pairs.ts';

const A_SECOND = 10_000;
const SECONDS = Number(process.env['DATACRAFT_BENCH_SECONDS'] ?? 20);
const TICKS = 20;

/** From before a message is sent to the commit that writes its row, of a live stream at 10 k messages a second and 250 ms commits. */
export async function liveLatency(place: {
  readonly brokers: string;
  readonly remote: RemoteAccess;
  readonly say: (text: string) => void;
}): Promise<Record<string, number>> {
  const topic = 'bench_live';
  const kafka = kafkaAt(place.brokers);
  await newTopic(kafka, topic);
  const server = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1' }, { attach: attachEngine });
  try {
    const owner = await server.owner();
    const text = `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`source ${topic}\ntype: kafka\nbrokers: ["${place.brokers}"]\ntopic: ${topic}\n\`\`\`\n`;
    const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    const stream = (await owner.call('POST', `/notebooks/${json.id}/streams`, { cell: topic, commitMs: 250 })).json;
    const rowsOf = async () => Number((await owner.call('GET', `/streams/${stream.id}`)).json.rows);
    const producer = kafka.producer();
    await producer.connect();
    const value = await messageMaker(topic, 'json', place.remote);
    await producer.send({ topic, messages: [{ value: value(0) }] });
    while ((await rowsOf()) < 1) await sleep(100); // it runs
    const { pool } = server.server.deps;
    const send = async () => void (await producer.send({ topic, messages: [{ value: value(0) }] }));
    const running = { id: stream.id, pool, send, rows: rowsOf };
    place.say('kill -9 of its runner');
    const young = await restartMs(running);
    const first = await rowsOf();
    place.say(`a live stream of ${A_SECOND} messages a second for ${SECONDS} s`);
    const sendings: Sending[] = [];
    const began = performance.now();
    let sent = 0;
    for (let tick = 0; tick < SECONDS * TICKS; tick += 1) {
      const messages: Message[] = Array.from({ length: A_SECOND / TICKS }, () => ({ value: value(sent++) }));
      sendings.push({ atMs: Date.now(), count: messages.length });
      await producer.send({ topic, messages });
      await sleep(Math.max(0, ((tick + 1) * 1_000) / TICKS - (performance.now() - began)));
    }
    const tookMs = performance.now() - began;
    while ((await rowsOf()) < first + sent) await sleep(250);
    const { rows: commits } = await pool.query<Commit>(
      'select at, rows::int as count from stream_commits where stream_id = $1 order by at',
      [stream.id],
    );
    const latencies = latenciesOf(sendings, behind(commits, first));
    const old = await restartMs(running);
    await producer.disconnect();
    await owner.call('POST', `/streams/${stream.id}/pause`);
    return {
      'live: messages produced a second': (sent * 1_000) / tookMs,
      'live: message to commit, p50 ms': quantileOf(latencies, 0.5),
      'live: message to commit, p99 ms': quantileOf(latencies, 0.99),
      'live: kill -9 to the next commit, after a few commits, ms': young,
      [`live: kill -9 to the next commit, after ${commits.length}, ms`]: old,
    };
  } finally {
    await server.close();
  }
}

interface Sending {
  readonly atMs: number;
  readonly count: number;
}
interface Commit {
  readonly at: Date;
  readonly count: number;
}

/** Without those of the first `rows` rows. */
function behind(commits: readonly Commit[], rows: number): Commit[] {
  let left = rows;
  return commits.filter(({ count }) => (left -= count) < 0);
}

/** Ascending, one a message: what was sent first is committed first. */
function latenciesOf(sendings: readonly Sending[], commits: readonly Commit[]): number[] {
  const found: number[] = [];
  let [next, left] = [0, commits[0]?.count ?? 0];
  for (const { atMs, count } of sendings) {
    for (let message = 0; message < count; message += 1) {
      while (left === 0 && next < commits.length) left = commits[++next]?.count ?? 0;
      const commit = commits[next];
      if (!commit) break;
      found.push(commit.at.getTime() - atMs);
      left -= 1;
    }
  }
  return found.toSorted((a, b) => a - b);
}
