import { join } from 'node:path';
import { askHttp } from './ask.ts';
import { cachePath } from './cache.ts';
import { mavenArchive } from './maven.ts';
import type { Place, Server } from './service.ts';

const version = '3.0.9';
const cached = `apicurio-${version}`;
const urlOf = (place: Place): string => `http://127.0.0.1:${place.ports['main'] ?? 0}/apis/ccompat/v7`;

/** Apicurio Registry, spoken to by Confluent's API; its schemas live in memory. */
export const registry: Server = {
  kind: 'server',
  name: 'registry',
  version,
  ports: ['main'],
  startLimitMs: 120_000,
  install: async () => void (await mavenArchive(cached, `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`)),
  prepare: (place) =>
    Promise.resolve({
      command: 'java',
      args: [
        '-Xmx384m',
        '-XX:+UseSerialGC',
        '-Dquarkus.http.host=127.0.0.1',
        `-Dquarkus.http.port=${place.ports['main'] ?? 0}`,
        '-jar',
        join(cachePath(cached), 'home', `apicurio-registry-app-${version}-runner.jar`),
      ],
    }),
  ready: async (place) => void (await askHttp(`${urlOf(place)}/subjects`)),
  exports: (place) => ({ SCHEMA_REGISTRY_URL: urlOf(place) }),
};
