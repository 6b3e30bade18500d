import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { providersOf } from './providers.ts';

describe('secrets kept elsewhere', () => {
  it('are asked for only where the operator named the place, and a place that is half named is refused', () => {
    expect([...providersOf({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', VAULT_ADDR: 'x' }).keys()]).toEqual(
      [],
    );
    expect(() => providersOf({ DATACRAFT_VAULT_ADDR: 'http://v:8200' })).toThrow('DATACRAFT_VAULT_TOKEN');
    expect(() => providersOf({ DATACRAFT_VAULT_ADDR: 'v', DATACRAFT_VAULT_TOKEN: 't' })).toThrow('an address such as');
    expect(() => providersOf({ DATACRAFT_AWS_SECRETS_REGION: 'eu-west-1' })).toThrow('AWS_ACCESS_KEY_ID');
  });

  it('come from a Vault with the hosts of their metadata; a refusal says the name and never the token', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['x-vault-token'])}`);
      if (request.url === '/v1/kv/data/sealed')
        return void response.writeHead(503).end('{"errors":["Vault is sealed"]}');
      if (request.url !== '/v1/kv/data/team/api') return void response.writeHead(403).end('{"errors":["denied"]}');
      const metadata = { version: 1, custom_metadata: { datacraft_hosts: 'api.example.com *.example.org' } };
      response.end(JSON.stringify({ data: { data: { token: 'of vault', other: 1 }, metadata } }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const vault = providersOf({
      DATACRAFT_VAULT_ADDR: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      DATACRAFT_VAULT_TOKEN: 'root-token',
      DATACRAFT_VAULT_MOUNT: 'kv',
    }).get('vault');
    expect(await vault?.('team/api', 'token')).toEqual({
      value: 'of vault',
      hosts: ['api.example.com', '*.example.org'],
    });
    await expect(vault?.('team/api', undefined)).rejects.toThrow('name one of its fields');
    const refusal = await vault?.('other', 'x').catch((error: unknown) => error);
    const sealed = await vault?.('sealed', 'x').catch((error: unknown) => error);
    server.close();
    expect(sealed).toMatchObject({ code: 'source-unreadable' });
    expect(String(sealed)).toContain('sealed (status 503): it is sealed, or not well now');
    expect(String(refusal)).toContain('other, status 403');
    expect(String(refusal)).not.toContain('root-token');
    expect(asked[0]).toBe('GET /v1/kv/data/team/api root-token');
  });
});
