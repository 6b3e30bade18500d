import { join } from 'node:path';
import { askPort } from './ask.ts';
import { cachePath, command } from './cache.ts';
import { mavenJars } from './maven.ts';
import { pythonEnv } from './python.ts';
import type { Place, Server } from './service.ts';

const version = '4.0.1';
const python = `spark-${version}-python`;
const jars = `spark-${version}-jars`;
const iceberg = 'org.apache.iceberg:iceberg-spark-runtime-4.0_2.13:1.10.0';
const postgresDriver = 'org.postgresql:postgresql:42.7.8';
/** The provider of tokens has no 4.0.1 everywhere; its classes are the same. */
const kafkaSource = [
  `org.apache.spark:spark-sql-kafka-0-10_2.13:${version}`,
  'org.apache.spark:spark-token-provider-kafka-0-10_2.13:4.0.0',
  'org.apache.kafka:kafka-clients:3.9.1',
  'org.apache.commons:commons-pool2:2.12.0',
];
const portOf = (place: Place): number => place.ports['main'] ?? 0;

/** PyPI's pyspark brings the programs and the jars, the Connect server among them. */
async function sparkHome(): Promise<string> {
  const program = 'import os, pyspark; print(os.path.dirname(pyspark.__file__))';
  return (await command(join(cachePath(python), 'bin', 'python'), ['-c', program])).trim();
}

const settings = (place: Place): Record<string, string> => ({
  'spark.master': 'local[2]',
  'spark.driver.memory': '1g',
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
  'spark.driver.extraJavaOptions': '-XX:+UseSerialGC',
  'spark.driver.extraClassPath': join(cachePath(jars), 'lib', '*'),
  'spark.ui.enabled': 'false',
  'spark.sql.shuffle.partitions': '2',
  'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
  'spark.sql.warehouse.dir': join(place.dir, 'warehouse'),
  'spark.local.dir': join(place.dir, 'local'),
  'spark.connect.grpc.binding.address': '127.0.0.1',
  'spark.connect.grpc.binding.port': String(portOf(place)),
});

/** A Python with Spark in it, and the class path that reads Kafka and writes Iceberg. */
export async function sparkForStreams(): Promise<{ readonly python: string; readonly jars: string }> {
  await spark.install();
  const kafka = await mavenJars(`spark-${version}-kafka-jars`, kafkaSource, { alone: true });
  const lib = (dir: string) => join(dir, 'lib', '*');
  return { python: join(cachePath(python), 'bin', 'python'), jars: `${lib(cachePath(jars))}:${lib(kafka)}` };
}

/** Spark Connect with Iceberg's runtime; a session names its catalogues by SET. */
export const spark: Server = {
  kind: 'server',
  name: 'spark',
  version,
  ports: ['main'],
  startLimitMs: 180_000,
  async install() {
    await pythonEnv(python, [`pyspark==${version}`]);
    await mavenJars(jars, [iceberg, postgresDriver], { alone: true });
  },
  async prepare(place) {
    const home = await sparkHome();
    const flags = Object.entries(settings(place)).flatMap(([key, value]) => ['--conf', `${key}=${value}`]);
    const server = ['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer', 'spark-internal'];
    const env = { SPARK_HOME: home, SPARK_LOCAL_IP: '127.0.0.1' };
    return { command: join(home, 'bin', 'spark-submit'), args: [...flags, ...server], env };
  },
  ready: (place) => askPort(portOf(place)),
  exports: (place) => ({ SPARK_URL: `sc://127.0.0.1:${portOf(place)}` }),
};
