import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';

const env = useServices('alertmanager');

const post = (path: string, body?: unknown) =>
  fetch(`${env['ALERTMANAGER_URL']}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

it('Alertmanager brings an alert to a webhook, and amtool shows it', async () => {
  const arrived: string[] = [];
  const sink = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => arrived.push(text));
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
  await writeFile(
    env['ALERTMANAGER_CONFIG'] ?? '',
    `route: { receiver: hook, group_wait: 0s }\nreceivers: [{ name: hook, webhook_configs: [{ url: '${url}' }] }]\n`,
  );
  expect((await post('/-/reload')).status).toBe(200);
  expect((await post('/api/v2/alerts', [{ labels: { alertname: 'Late', notebook: 'sales' } }])).status).toBe(200);
  await expect.poll(() => arrived.join(''), { timeout: 20_000 }).toContain('"alertname":"Late"');
  const shown = await command(env['AMTOOL'] ?? '', [`--alertmanager.url=${env['ALERTMANAGER_URL']}`, 'alert']);
  expect(shown).toContain('Late');
  sink.close();
});
