import { join } from 'node:path';
import { askHttp } from './ask.ts';
import { cachePath } from './cache.ts';
import { pythonEnv } from './python.ts';
import type { Place, Server } from './service.ts';

const version = '5.2.5';
const cached = `moto-${version}`;
const urlOf = (place: Place): string => `http://127.0.0.1:${place.ports['main'] ?? 0}`;

/** Kinesis, Secrets Manager and other services of AWS, in memory. */
export const moto: Server = {
  kind: 'server',
  name: 'moto',
  version,
  ports: ['main'],
  startLimitMs: 60_000,
  install: async () => void (await pythonEnv(cached, [`moto[server]==${version}`])),
  prepare: (place) =>
    Promise.resolve({
      command: join(cachePath(cached), 'bin', 'moto_server'),
      args: ['-H', '127.0.0.1', '-p', String(place.ports['main'] ?? 0)],
    }),
  ready: async (place) => void (await askHttp(`${urlOf(place)}/moto-api/`)),
  exports: (place) => ({ AWS_ENDPOINT_URL: urlOf(place) }),
};
