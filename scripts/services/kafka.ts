import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCa, makeSigned } from '../../engine/src/source/kafka/testing/certificates.ts';
import { askPort } from './ask.ts';
import { cachePath, command } from './cache.ts';
import { mavenJars } from './maven.ts';
import type { Place, Server } from './service.ts';

const version = '4.1.1';
const cached = `kafka-${version}`;
const logging = ['log4j-core', 'log4j-slf4j-impl'].map((name) => `org.apache.logging.log4j:${name}:2.24.3`);
const classpath = (): string => join(cachePath(cached), 'lib', '*');
const portOf = (place: Place): number => place.ports['main'] ?? 0;

const common = `process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.partitions=1
`;

const quietLog = `<Configuration status="WARN"><Appenders><Console name="out" target="SYSTEM_OUT">
<PatternLayout pattern="%d %p %m (%c)%n"/></Console></Appenders>
<Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers></Configuration>`;

/** How clients come in; the rest of a broker is the same. */
interface Profile {
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SASL_SSL' | 'SSL';
  /** As clients call it. */
  readonly host?: string;
  settings(place: Place): Promise<string>;
  /** How its disk is made, beside the usual. */
  readonly formatWith?: readonly string[];
  exports(place: Place): Record<string, string>;
}

async function writeProperties(profile: Profile, place: Place): Promise<string> {
  const { protocol, host = '127.0.0.1' } = profile;
  const controller = place.ports['controller'] ?? 0;
  const lines = `listeners=${protocol}://${host}:${portOf(place)},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=${protocol}://${host}:${portOf(place)}
listener.security.protocol.map=${protocol}:${protocol},CONTROLLER:PLAINTEXT
inter.broker.listener.name=${protocol}
controller.quorum.voters=1@127.0.0.1:${controller}
log.dirs=${join(place.dir, 'data')}
`;
  const file = join(place.dir, 'server.properties');
  await writeFile(file, common + lines + (await profile.settings(place)));
  await writeFile(join(place.dir, 'log4j2.xml'), quietLog);
  return file;
}

async function format(properties: string, data: string, more: readonly string[]): Promise<void> {
  if (existsSync(join(data, 'meta.properties'))) return;
  await rm(data, { recursive: true, force: true });
  const storage = ['-cp', classpath(), 'kafka.tools.StorageTool'];
  const id = (await command('java', [...storage, 'random-uuid'])).trim();
  await command('java', [...storage, 'format', '-t', id, '-c', properties, ...more]);
}

function broker(profile: Profile): Server {
  return {
    kind: 'server',
    name: profile.name,
    version,
    ports: ['main', 'controller'],
    startLimitMs: 120_000,
    install: async () => void (await mavenJars(cached, [`org.apache.kafka:kafka_2.13:${version}`, ...logging])),
    async prepare(place) {
      const properties = await writeProperties(profile, place);
      await format(properties, join(place.dir, 'data'), profile.formatWith ?? []);
      const flags = [
        '-Xms256m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        `-Dlog4j2.configurationFile=${join(place.dir, 'log4j2.xml')}`,
      ];
      return { command: 'java', args: [...flags, '-cp', classpath(), 'kafka.Kafka', properties] };
    },
    ready: (place) => askPort(portOf(place)),
    exports: profile.exports,
  };
}

export const kafka = broker({
  name: 'kafka',
  protocol: 'PLAINTEXT',
  settings: () => Promise.resolve(''),
  exports: (place) => ({ KAFKA_BROKERS: `127.0.0.1:${portOf(place)}` }),
});

const user = { name: 'datacraft', password: 'datacraft-secret' };
/** Known by SCRAM alone. */
const scramUser = { name: 'scram', password: 'scram-secret' };
const storePassword = 'changeit';

/** A key of the broker's own, and the certificate that clients trust. */
async function makeCertificate(dir: string): Promise<{ keystore: string; certificate: string }> {
  const keystore = join(dir, 'tls', 'broker.p12');
  const certificate = join(dir, 'tls', 'ca.pem');
  if (existsSync(certificate)) return { keystore, certificate };
  await rm(join(dir, 'tls'), { recursive: true, force: true });
  await mkdir(join(dir, 'tls'));
  const store = ['-keystore', keystore, '-storepass', storePassword, '-storetype', 'PKCS12', '-alias', 'broker'];
  const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=IP:127.0.0.1,DNS:localhost', '-validity', '3650'];
  await command('keytool', ['-genkeypair', '-keyalg', 'RSA', '-keysize', '2048', ...store, ...subject]);
  await command('keytool', ['-exportcert', '-rfc', ...store, '-file', certificate]);
  return { keystore, certificate };
}

/** The same broker behind TLS, SASL/PLAIN and SASL/SCRAM-SHA-512. */
export const kafkaSecure = broker({
  name: 'kafka-secure',
  protocol: 'SASL_SSL',
  formatWith: ['--add-scram', `SCRAM-SHA-512=[name=${scramUser.name},password=${scramUser.password}]`],
  async settings(place) {
    const { keystore } = await makeCertificate(place.dir);
    const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';
    const login = `username="${user.name}" password="${user.password}" user_${user.name}="${user.password}"`;
    return `sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=${module} required ${login};
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.location=${keystore}
ssl.keystore.password=${storePassword}
ssl.keystore.type=PKCS12
ssl.truststore.location=${keystore}
ssl.truststore.password=${storePassword}
ssl.truststore.type=PKCS12
`;
  },
  exports: (place) => ({
    KAFKA_SECURE_BROKERS: `127.0.0.1:${portOf(place)}`,
    KAFKA_SECURE_USER: user.name,
    KAFKA_SECURE_PASSWORD: user.password,
    KAFKA_SECURE_SCRAM_USER: scramUser.name,
    KAFKA_SECURE_SCRAM_PASSWORD: scramUser.password,
    KAFKA_SECURE_CA_FILE: join(place.dir, 'tls', 'ca.pem'),
  }),
});

/** A CA, the broker's certificate of it, and one for whoever reads. */
async function makeAuthority(dir: string): Promise<void> {
  if (existsSync(join(dir, 'tls', 'broker.pem'))) return;
  await mkdir(join(dir, 'tls'), { recursive: true });
  const ca = makeCa('DataCraft test CA');
  const [own, client] = [makeSigned(ca, 'localhost'), makeSigned(ca, 'reader')];
  const files = { ca: ca.certificate, client: client.certificate, 'client-key': client.key };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, 'tls', `${name}.pem`), text);
  await writeFile(join(dir, 'tls', 'broker.pem'), own.key + own.certificate);
}

/** The same broker behind TLS alone, for whoever shows a certificate of its CA. */
export const kafkaTls = broker({
  name: 'kafka-tls',
  protocol: 'SSL',
  host: 'localhost',
  async settings(place) {
    await makeAuthority(place.dir);
    return `ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location=${join(place.dir, 'tls', 'broker.pem')}
ssl.truststore.type=PEM
ssl.truststore.location=${join(place.dir, 'tls', 'ca.pem')}
`;
  },
  exports: (place) => ({
    KAFKA_TLS_BROKERS: `localhost:${portOf(place)}`,
    KAFKA_TLS_CA_FILE: join(place.dir, 'tls', 'ca.pem'),
    KAFKA_TLS_CLIENT_CERTIFICATE_FILE: join(place.dir, 'tls', 'client.pem'),
    KAFKA_TLS_CLIENT_KEY_FILE: join(place.dir, 'tls', 'client-key.pem'),
  }),
});
