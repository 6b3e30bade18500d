import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askHttp } from './ask.ts';
import { cachePath } from './cache.ts';
import { debianPackages } from './debian.ts';
import type { Place, Server } from './service.ts';

const name = 'alertmanager-0.25';
const urlOf = (place: Place): string => `http://127.0.0.1:${place.ports['main'] ?? 0}`;

/** Debian's program finds its templates only below /usr/share, so it sees the package there: it alone, in a mount of its own. */
const inItsMount = 'mount -t overlay -o "lowerdir=$1/usr/share:/usr/share" overlay /usr/share && shift && exec "$@"';

/** Alertmanager by itself, without a cluster; its one receiver does nothing until somebody writes another configuration. */
export const alertmanager: Server = {
  kind: 'server',
  name: 'alertmanager',
  version: '0.25',
  ports: ['main'],
  startLimitMs: 30_000,
  install: async () => void (await debianPackages(name, ['prometheus-alertmanager'])),
  async prepare(place) {
    const file = join(place.dir, 'alertmanager.yml');
    await writeFile(file, 'route: { receiver: none }\nreceivers: [{ name: none }]\n', { flag: 'wx' }).catch(keepOld);
    const flags = [`--config.file=${file}`, `--storage.path=${join(place.dir, 'data')}`, '--cluster.listen-address='];
    const program = [join(cachePath(name), 'usr', 'bin', 'prometheus-alertmanager'), ...flags];
    const net = `--web.listen-address=127.0.0.1:${place.ports['main'] ?? 0}`;
    const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    return {
      command: 'unshare',
      args: [...asRoot, '--mount', 'sh', '-c', inItsMount, 'sh', cachePath(name), ...program, net],
    };
  },
  ready: async (place) => void (await askHttp(`${urlOf(place)}/-/ready`)),
  exports: (place) => ({
    ALERTMANAGER_URL: urlOf(place),
    ALERTMANAGER_CONFIG: join(place.dir, 'alertmanager.yml'),
    AMTOOL: join(cachePath(name), 'usr', 'bin', 'amtool'),
  }),
};

/** A configuration that is there already was written by who uses it. */
function keepOld(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
