import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askHttp } from './ask.ts';
import { cachePath } from './cache.ts';
import { debianPackages } from './debian.ts';
import type { Place, Server } from './service.ts';

const at = (name: string, program: string): string => join(cachePath(name), 'usr', 'bin', program);
const urlOf = (place: Place): string => `http://127.0.0.1:${place.ports['main'] ?? 0}`;

/** It watches itself; promtool comes with it. */
export const prometheus: Server = {
  kind: 'server',
  name: 'prometheus',
  version: '2.42',
  ports: ['main'],
  startLimitMs: 30_000,
  install: async () => void (await debianPackages('prometheus-2.42', ['prometheus'])),
  async prepare(place) {
    const file = join(place.dir, 'prometheus.yml');
    const itself = `{ job_name: prometheus, static_configs: [{ targets: ['127.0.0.1:${place.ports['main'] ?? 0}'] }] }`;
    const text = `global: { scrape_interval: 1s }\nscrape_configs: [${itself}]\n`;
    await writeFile(file, text);
    const net = [`--web.listen-address=127.0.0.1:${place.ports['main'] ?? 0}`, '--web.enable-lifecycle'];
    const args = [`--config.file=${file}`, `--storage.tsdb.path=${join(place.dir, 'data')}`, ...net];
    return { command: at('prometheus-2.42', 'prometheus'), args };
  },
  ready: async (place) => void (await askHttp(`${urlOf(place)}/-/ready`)),
  exports: (place) => ({
    PROMETHEUS_URL: urlOf(place),
    PROMETHEUS_CONFIG: join(place.dir, 'prometheus.yml'),
    PROMTOOL: at('prometheus-2.42', 'promtool'),
  }),
};
