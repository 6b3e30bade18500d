import { join } from 'node:path';
import { askTcp } from './ask.ts';
import { cachePath } from './cache.ts';
import { debianEnv, debianPackages } from './debian.ts';
import type { Place, Server } from './service.ts';

const name = 'redis-7.0';
const packages = ['redis-server', 'redis-tools', 'libatomic1', 'libjemalloc2', 'liblzf1'];
const portOf = (place: Place): number => place.ports['main'] ?? 0;

export const redis: Server = {
  kind: 'server',
  name: 'redis',
  version: '7.0.15',
  ports: ['main'],
  startLimitMs: 20_000,
  install: async () => void (await debianPackages(name, packages)),
  prepare: (place) =>
    Promise.resolve({
      command: join(cachePath(name), 'usr/bin/redis-server'),
      args: ['--port', String(portOf(place)), '--bind', '127.0.0.1', '--dir', place.dir, '--appendonly', 'yes'],
      env: debianEnv(name),
    }),
  async ready(place) {
    const answer = await askTcp(portOf(place), 'PING\r\n');
    if (!answer.startsWith('+PONG')) throw new Error(answer.trim());
  },
  exports: (place) => ({ REDIS_URL: `redis://127.0.0.1:${portOf(place)}` }),
};
