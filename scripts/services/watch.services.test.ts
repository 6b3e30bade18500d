import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askHttp } from './ask.ts';
import { command } from './cache.ts';
import { useServices } from './for-tests.ts';

const env = useServices('prometheus', 'moto');

interface Answer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

it('Prometheus scrapes itself and answers a query', async () => {
  await expect.poll(() => askUp(), { timeout: 20_000 }).toBe('1');
});

async function askUp(): Promise<string | undefined> {
  const text = await askHttp(`${env['PROMETHEUS_URL']}/api/v1/query?query=up`);
  return (JSON.parse(text) as Answer).data.result[0]?.value[1];
}

it('promtool takes a good rule and refuses a bad one', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'datacraft-rules-'));
  const rules = (expr: string) => `groups: [{ name: a, rules: [{ alert: Down, expr: '${expr}' }] }]\n`;
  const check = async (expr: string) => {
    await writeFile(join(dir, 'rules.yml'), rules(expr));
    return command(env['PROMTOOL'] ?? '', ['check', 'rules', join(dir, 'rules.yml')]);
  };
  expect(await check('up == 0')).toContain('1 rules found');
  await expect(check('up ==')).rejects.toThrow(/parse/);
  await rm(dir, { recursive: true });
});

async function kinesis(action: string, body: object): Promise<Record<string, unknown>> {
  const credential = 'Credential=test/20260101/us-east-1/kinesis/aws4_request';
  const response = await fetch(env['AWS_ENDPOINT_URL'] ?? '', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${action}`,
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=none`,
    },
  });
  if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

it('Kinesis of moto gives back the records that were put', async () => {
  await kinesis('CreateStream', { StreamName: 'clicks', ShardCount: 1 });
  const Data = Buffer.from('olá').toString('base64');
  await kinesis('PutRecord', { StreamName: 'clicks', PartitionKey: 'a', Data });
  const shard = { StreamName: 'clicks', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await kinesis('GetShardIterator', shard);
  const { Records } = await kinesis('GetRecords', { ShardIterator });
  expect((Records as { Data: string }[]).map((record) => record.Data)).toEqual([Data]);
});
