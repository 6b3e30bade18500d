import { expect, it } from 'vitest';
import { useServices } from '../../../scripts/services/for-tests.ts';
import { providersOf } from './providers.ts';

const env = useServices('moto');

async function manage(action: string, body: object): Promise<void> {
  const credential = 'Credential=test/20260101/eu-west-1/secretsmanager/aws4_request';
  const answer = await fetch(env['AWS_ENDPOINT_URL'] ?? '', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${action}`,
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=none`,
    },
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
}

it('AWS Secrets Manager gives a field, or all, with the hosts of its tag, and a missing one is named', async () => {
  await manage('CreateSecret', {
    Name: 'prod/shop',
    SecretString: JSON.stringify({ token: 'of amazon', user: 'ana' }),
    Tags: [{ Key: 'datacraft:hosts', Value: 'api.shop.example .shop.example' }],
  });
  await manage('CreateSecret', { Name: 'plain', SecretString: 'whole text' });
  const aws = providersOf({
    DATACRAFT_AWS_SECRETS_REGION: 'eu-west-1',
    DATACRAFT_AWS_SECRETS_ENDPOINT: env['AWS_ENDPOINT_URL'],
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test-key',
  }).get('aws');
  const hosts = ['api.shop.example', '.shop.example'];
  expect(await aws?.('prod/shop', 'token')).toEqual({ value: 'of amazon', hosts });
  expect(await aws?.('plain', undefined)).toEqual({ value: 'whole text', hosts: [] });
  const missing = await aws?.('nobody', undefined).catch((error: unknown) => error);
  expect(String(missing)).toMatch(/has no such secret, or may not say so \(nobody, status 40[04]\)/);
});
