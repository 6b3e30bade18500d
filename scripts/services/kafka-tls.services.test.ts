/** A real broker that only speaks TLS, with a CA of its own, and only to whoever shows a certificate of that CA. */
import { readFileSync } from 'node:fs';
import type { KafkaTopic } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { makeCa, makeSigned } from '../../engine/src/source/kafka/testing/certificates.ts';
import { untilSeen } from '../../server/src/testing/stream-runner.ts';
import { useServices } from './for-tests.ts';
import { useLiveServer } from './testing/live.ts';

const env = useServices('kafka-tls');
const live = useLiveServer(env);
const file = (name: string) => readFileSync(env[name] ?? '', 'utf8');
const place = () => ({ brokers: env['KAFKA_TLS_BROKERS'] ?? '', security: 'tls' });

async function connected(name: string, more: object) {
  const { status, json } = await live.call('PUT', `/connections/${name}`, {
    type: 'kafka',
    config: { ...place(), ...more },
  });
  return { status, detail: String(json?.detail ?? '') };
}

async function whyNot(name: string, more: object): Promise<string> {
  expect(await connected(name, more)).toMatchObject({ status: 204 });
  return String((await live.call('POST', `/connections/${name}/check`)).json.error);
}

async function withClient(): Promise<object> {
  await live.call('PUT', '/secrets/reader_key', { value: file('KAFKA_TLS_CLIENT_KEY_FILE'), hosts: ['localhost'] });
  return {
    ca: file('KAFKA_TLS_CA_FILE'),
    certificate: file('KAFKA_TLS_CLIENT_CERTIFICATE_FILE'),
    key: 'secret://reader_key',
  };
}

it('says what is between it and the broker: an unknown CA, another host, a client certificate that is missing or not trusted', async () => {
  const ca = file('KAFKA_TLS_CA_FILE');
  expect(await whyNot('no_ca', {})).toMatch(/signed by a CA that is not known here .*give the CA/);
  expect(await whyNot('no_client', { ca })).toMatch(/wants a client certificate|or misses one/);
  const port = /\d+$/.exec(place().brokers)?.[0] ?? '';
  expect(await whyNot('other_host', { ca, brokers: `127.0.0.1:${port}` })).toMatch(/is for another host/);
  const stranger = makeSigned(makeCa('Another CA'), 'stranger');
  await live.call('PUT', '/secrets/stranger_key', { value: stranger.key, hosts: ['localhost'] });
  const said = await whyNot('stranger', { ca, certificate: stranger.certificate, key: 'secret://stranger_key' });
  expect(said).toMatch(/refuses the client certificate|wants a client certificate/);
}, 240_000);

it('refuses certificates that cannot be meant before it keeps them, and shows no key', async () => {
  const good = await withClient();
  const other = makeSigned(makeCa('Another CA'), 'other');
  expect(await connected('kept', { ca: 'not a certificate' })).toMatchObject({ status: 400 });
  expect((await connected('kept', { ...good, certificate: other.certificate })).detail).toMatch(
    /key: it does not belong to the certificate of other/,
  );
  const alone = { certificate: other.certificate };
  expect((await connected('kept', alone)).detail).toMatch(/needs its private key/);
  expect((await connected('kept', { ...good, key: other.key })).status).toBe(400);
  expect((await live.call('GET', '/connections')).text).not.toContain('PRIVATE KEY');
}, 60_000);

it('reads, sends and looks into topics with a certificate of its own, by a connection and by a cell', async () => {
  const good = await withClient();
  expect(await connected('guarded', good)).toMatchObject({ status: 204 });
  const sent = await live.call('POST', '/notebooks/import', sender, { 'content-type': 'text/markdown' });
  const { json: run } = await live.call('POST', `/notebooks/${sent.json.id}/runs`, {});
  await untilSeen(async () => (await live.call('GET', `/runs/${run.runId}`)).json.state, 'succeeded');
  const topics = (await live.call('GET', '/connections/guarded/topics')).json as KafkaTopic[];
  expect(topics.find(({ name }) => name === 'guarded_sold')?.messages).toMatch(/^[3-9]$/);
  const columns = ['connection: guarded', 'columns: { n: integer }'];
  const { stream } = await live.goLive('by_connection', columns, '', 'topic: guarded_sold');
  await untilSeen(() => live.rows('select sum(n)::int from bronze.by_connection'), [[6]]);
  await live.call('PUT', '/secrets/reader_ca', { value: file('KAFKA_TLS_CA_FILE'), hosts: ['localhost'] });
  await live.call('PUT', '/secrets/reader_crt', {
    value: file('KAFKA_TLS_CLIENT_CERTIFICATE_FILE'),
    hosts: ['localhost'],
  });
  const own = `brokers: ["${place().brokers}"]`;
  const tls = 'tls: { ca: secret://reader_ca, certificate: secret://reader_crt, key: secret://reader_key }';
  const cell = await live.goLive('by_cell', [own, tls, 'columns: { n: integer }'], '', 'topic: guarded_sold');
  await untilSeen(() => live.rows('select sum(n)::int from bronze.by_cell'), [[6]]);
  for (const id of [stream, cell.stream]) await live.call('POST', `/streams/${id}/pause`);
}, 240_000);

const sender = `---
datacraft: 1
title: Sender
---

\`\`\`sql to_send
---
export:
  - type: kafka
    connection: guarded
    topic: guarded_sold
---
select i::int as n from range(1, 4) r(i)
\`\`\`
`;
