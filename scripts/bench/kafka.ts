import type { RemoteAccess } from '../../engine/src/index.ts';
import { databaseOf, schemaBook } from '../../engine/src/index.ts';
import pg from 'pg';
import { down, readRunning, up } from '../services/supervise.ts';
import type { Bench } from './bench.ts';
import { consumeAll, fillTopic, FORMATS, type Format } from './kafka-topic.ts';
import { liveLatency } from './kafka-latency.ts';
import { comparePairs, timed } from './pairs.ts';
import type { BenchWorkspace } from './workspace.ts';
import { openBenchWorkspace } from './workspace.ts';

const MESSAGES = Number(process.env['DATACRAFT_BENCH_MESSAGES'] ?? 300_000);

/** A topic to a published table, offsets and rows in one transaction, against a consumer that only counts. */
export const kafka: Bench = {
  goal: 'Kafka to published table, 300-byte JSON, exactly once: ≥ 100 k messages/s, ≥ 80 % of a bare kafkajs consumer',
  async measure({ pairs, say }) {
    const wasUp = (await readRunning('kafka')) !== null;
    const { KAFKA_BROKERS: brokers = '' } = await up('kafka');
    const workspace = await openBenchWorkspace();
    const pool = new pg.Pool({ connectionString: workspace.databaseUrl });
    const remote = accessTo(brokers, pool);
    try {
      const comparisons = [];
      for (const format of FORMATS) {
        await fillTopic({ brokers, topic: topicOf(format), format, count: MESSAGES, remote });
        say(`produced ${MESSAGES} messages of ${format}`);
        comparisons.push(await compare(format, { brokers, workspace, remote }, pairs));
      }
      const latency = await liveLatency({ brokers, remote, say });
      const rates = comparisons.flatMap(({ what, oursMs, peerMs }) => [
        [`${what}: run path, thousand messages/s`, MESSAGES / oursMs] as const,
        [`${what}: kafkajs alone, thousand messages/s`, MESSAGES / peerMs] as const,
      ]);
      return {
        facts: { messages: MESSAGES, bytes: 300, threads: workspace.threads, memoryMb: workspace.memoryMb },
        comparisons,
        figures: { ...Object.fromEntries(rates), ...latency },
      };
    } finally {
      await pool.end();
      await workspace.close();
      if (!wasUp) await down('kafka');
    }
  },
};

const topicOf = (format: Format) => `bench_${format}`;

interface Place {
  readonly brokers: string;
  readonly workspace: BenchWorkspace;
  readonly remote: RemoteAccess;
}

function compare(format: Format, { brokers, workspace, remote }: Place, pairs: number) {
  const topic = topicOf(format);
  const text = `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`source ${topic}\ntype: kafka\nbrokers: ["${brokers}"]\ntopic: ${topic}\nformat: ${format}\n\`\`\`\n`;
  const ours = async () => {
    const { ms, value } = await timed(() => workspace.run(text, { deps: { remote } }));
    return { ms, result: String(value.tasks[0]?.rowsWritten) };
  };
  const peer = async () => {
    const { ms, value } = await timed(() => consumeAll(brokers, topic, MESSAGES));
    return { ms, result: String(value) };
  };
  return comparePairs(format, { name: 'run path', run: ours }, { name: 'kafkajs, counting', run: peer }, pairs);
}

function accessTo(brokers: string, pool: pg.Pool): RemoteAccess {
  return {
    allowedHosts: ['127.0.0.1'],
    secret: (name) => Promise.reject(new Error(`this bench has no secret ${name}`)),
    connection: () => Promise.resolve({ type: 'kafka', config: { brokers } }),
    schemas: schemaBook(databaseOf(pool)),
  };
}
