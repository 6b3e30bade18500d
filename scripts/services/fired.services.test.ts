import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attachEngine } from '../../server/src/attach.ts';
import { type HookSink, startHookSink } from '../../server/src/testing/hook-sink.ts';
import { type SmtpSink, startSmtpSink } from '../../server/src/testing/smtp-sink.ts';
import { startTestServer, type TestServer, type Visitor } from '../../server/src/testing/test-server.ts';
import { useServices } from './for-tests.ts';

const env = useServices('prometheus', 'alertmanager');
const rules = fileURLToPath(new URL('../../deploy/prometheus/rules.yml', import.meta.url));
let test: TestServer;
let owner: Visitor;
let smtp: SmtpSink;
let hooks: HookSink;

beforeAll(async () => {
  smtp = await startSmtpSink();
  hooks = await startHookSink();
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  await configure('ALERTMANAGER', {
    route: { receiver: 'team', group_wait: '0s' },
    receivers: [
      {
        name: 'team',
        webhook_configs: [{ url: `${hooks.url}/fired` }],
        email_configs: [
          {
            to: 'ana@example.com',
            from: 'alerts@example.com',
            smarthost: `127.0.0.1:${smtp.port}`,
            require_tls: false,
          },
        ],
      },
    ],
  });
  await configure('PROMETHEUS', {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'datacraft', static_configs: [{ targets: [new URL(test.origin).host] }] }],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(env['ALERTMANAGER_URL'] ?? '').host] }] }] },
  });
});
afterAll(async () => {
  await test.close();
  await hooks.close();
  await smtp.close();
});

/** JSON is YAML. */
async function configure(service: 'ALERTMANAGER' | 'PROMETHEUS', config: object): Promise<void> {
  await writeFile(env[`${service}_CONFIG`] ?? '', JSON.stringify(config));
  expect((await fetch(`${env[`${service}_URL`]}/-/reload`, { method: 'POST' })).status).toBe(200);
}

async function up(): Promise<unknown> {
  const query = encodeURIComponent('up{job="datacraft"}');
  const answer = await fetch(`${env['PROMETHEUS_URL']}/api/v1/query?query=${query}`);
  return ((await answer.json()) as { data: { result: { value: unknown[] }[] } }).data.result[0]?.value[1];
}

it('a first run that fails fires our rule in Prometheus, and arrives by e-mail and by webhook', async () => {
  await expect.poll(up, { timeout: 30_000 }).toBe('1');
  const text =
    "---\ndatacraft: 1\ntitle: Sales\n---\n\n```sql broken\nselect cast('abc' as int) as x from range(1)\n```\n";
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  await owner.call('POST', `/notebooks/${json.id}/runs`, {});
  await expect.poll(() => hooks.calls.find(({ path }) => path === '/fired')?.body, { timeout: 60_000 }).toBeDefined();
  const told = JSON.parse(hooks.calls[0]?.body ?? '') as {
    status: string;
    alerts: { labels: object; startsAt: string }[];
  };
  expect(told).toMatchObject({ status: 'firing', alerts: [{ labels: { alertname: 'DataCraftRunsFail' } }] });
  await expect.poll(() => smtp.mails.map(({ to }) => to), { timeout: 60_000 }).toEqual([['ana@example.com']]);
  expect(smtp.mails[0]?.text).toContain('DataCraftRunsFail');
  console.info(`from the rule to the last arrival: ${Date.now() - Date.parse(told.alerts[0]?.startsAt ?? '')} ms`);
});
