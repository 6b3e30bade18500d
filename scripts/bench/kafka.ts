import type { RemoteAccess } from '../../engine/src/index.ts';
import { databaseOf, schemaBook } from '../../engine/src/index.ts';
import pg from 'pg';
import { down, readRunning, up } from '../services/supervise.ts';
import type { Bench } from './bench.ts';
import { startSpark } from './kafka-spark.ts';
import { consumeAll, fillTopic, FORMATS, type Format, SPARK_COLUMNS } from './kafka-topic.ts';
import { liveLatency } from './kafka-latency.ts';
import { comparePairs, spreadOf, timed } from './pairs.ts';
import type { BenchWorkspace } from './workspace.ts';
import { openBenchWorkspace } from './workspace.ts';

const ROUNDS = 3;
const MESSAGES = Number(process.env['DATACRAFT_BENCH_MESSAGES'] ?? 300_000);

const WITH_SPARK = process.env['DATACRAFT_BENCH_SPARK'] === '1';

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
      const parsing = await parsingMs(brokers);
      const beside = WITH_SPARK ? await sparkRates({ brokers, workspace, remote }, say) : {};
      const latency = await liveLatency({ brokers, remote, say });
      const rates = comparisons.flatMap(({ what, oursMs, peerMs }) => [
        [`${what}: run path, thousand messages/s`, MESSAGES / oursMs] as const,
        [`${what}: kafkajs alone, thousand messages/s`, MESSAGES / peerMs] as const,
      ]);
      return {
        facts: { messages: MESSAGES, bytes: 300, threads: workspace.threads, memoryMb: workspace.memoryMb },
        comparisons,
        figures: {
          ...Object.fromEntries(rates),
          'json: kafkajs with JSON.parse, thousand messages/s': MESSAGES / parsing,
          ...beside,
          ...latency,
        },
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

function compare(format: Format, place: Place, pairs: number) {
  const { brokers } = place;
  const topic = topicOf(format);
  const ours = async () => {
    const { ms, value } = await timed(() => readTopic(format, place));
    return { ms, result: String(value.tasks[0]?.rowsWritten) };
  };
  const peer = async () => {
    const { ms, value } = await timed(() => consumeAll(brokers, topic, MESSAGES));
    return { ms, result: String(value) };
  };
  return comparePairs(format, { name: 'run path', run: ours }, { name: 'kafkajs, counting', run: peer }, pairs);
}

/** A reader that at least looks into what it reads. */
async function parsingMs(brokers: string): Promise<number> {
  const times: number[] = [];
  const parse = (value: Buffer) => void JSON.parse(value.toString('utf8'));
  for (let round = 0; round < ROUNDS; round += 1)
    times.push((await timed(() => consumeAll(brokers, topicOf('json'), MESSAGES, parse))).ms);
  return spreadOf(times).median;
}

/** Both read the topic of JSON in turns, after a first run of each that does not count. */
async function sparkRates(place: Place, say: (text: string) => void): Promise<Record<string, number>> {
  const { brokers, workspace } = place;
  const { threads } = workspace;
  const spark = await startSpark({ brokers, topic: topicOf('json'), schema: SPARK_COLUMNS, threads });
  try {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const { ms, rows } = await spark.run();
      if (rows !== MESSAGES) throw new Error(`Spark wrote ${rows} of ${MESSAGES} rows`);
      const { ms: own } = await timed(() => readTopic('json', place));
      if (round > 0) {
        ours.push(own);
        theirs.push(ms);
      }
      say(`round ${round} of Spark: ${Math.round(ms)} ms, the run path ${Math.round(own)} ms`);
    }
    return {
      'json, in turns with Spark: run path, thousand messages/s': MESSAGES / spreadOf(ours).median,
      'json: Spark Structured Streaming to Iceberg, thousand messages/s': MESSAGES / spreadOf(theirs).median,
    };
  } finally {
    await spark.stop();
  }
}

function readTopic(format: Format, { brokers, workspace, remote }: Place) {
  const topic = topicOf(format);
  const text = `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`source ${topic}\ntype: kafka\nbrokers: ["${brokers}"]\ntopic: ${topic}\nformat: ${format}\n\`\`\`\n`;
  return workspace.run(text, { deps: { remote } });
}

function accessTo(brokers: string, pool: pg.Pool): RemoteAccess {
  return {
    allowedHosts: ['127.0.0.1'],
    secret: (name) => Promise.reject(new Error(`this bench has no secret ${name}`)),
    connection: () => Promise.resolve({ type: 'kafka', config: { brokers } }),
    schemas: schemaBook(databaseOf(pool)),
  };
}
