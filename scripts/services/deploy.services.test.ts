import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';

const env = useServices('prometheus');
const place = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url));
const promtool = (...args: string[]) => command(env['PROMTOOL'] ?? '', args);

describe('deploy/', () => {
  it('has a configuration and rules that promtool takes', async () => {
    expect(await promtool('check', 'config', place('prometheus/prometheus.yml'))).toContain('SUCCESS');
    expect(await promtool('check', 'rules', place('prometheus/rules.yml'))).toContain('8 rules found');
  });

  it('has rules that fire and keep quiet when they should', async () => {
    expect(await promtool('test', 'rules', place('prometheus/rules.test.yml'))).toContain('SUCCESS');
  });

  it('has a dashboard whose expressions Prometheus evaluates', async () => {
    const text = await readFile(place('grafana/datacraft.json'), 'utf8');
    const { panels } = JSON.parse(text) as { panels: { targets: { expr: string }[] }[] };
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      const query = expr.replaceAll('$__rate_interval', '5m');
      const answer = await fetch(`${env['PROMETHEUS_URL'] ?? ''}/api/v1/query?query=${encodeURIComponent(query)}`);
      expect([expr, ((await answer.json()) as { status: string }).status]).toEqual([expr, 'success']);
    }
  });
});
