import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sparkForStreams } from '../services/spark.ts';

/** Spark Structured Streaming from a topic of JSON into an Iceberg table; its start is in no time. */
export interface SparkPeer {
  /** Reads the whole topic into a new table; gives the seconds and the rows. */
  run(): Promise<{ readonly ms: number; readonly rows: number }>;
  stop(): Promise<void>;
}

export async function startSpark(stream: {
  readonly brokers: string;
  readonly topic: string;
  readonly schema: string;
  readonly threads: number;
}): Promise<SparkPeer> {
  const { python, jars } = await sparkForStreams();
  const dir = await mkdtemp(join(tmpdir(), 'datacraft-bench-spark-'));
  const { brokers, topic, schema, threads } = stream;
  const args = [join(import.meta.dirname, 'kafka-spark.py'), brokers, topic, dir, jars, schema, String(threads)];
  const env = { ...process.env, SPARK_LOCAL_IP: '127.0.0.1' };
  const child = spawn(python, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run() {
      child.stdin.write('again\n');
      const { value, done } = await lines.next();
      if (done === true) throw new Error('Spark ended before it answered');
      const [seconds, rows] = JSON.parse(value) as [number, number];
      return { ms: seconds * 1_000, rows };
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
