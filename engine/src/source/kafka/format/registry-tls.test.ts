import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCa, makeSigned } from '../testing/certificates.ts';
import { openRegistry } from './registry.ts';

const ca = makeCa('Registry CA');
const own = makeSigned(ca, 'localhost');
const client = makeSigned(ca, 'reader');
const server = createServer(
  { key: own.key, cert: own.certificate, ca: ca.certificate, requestCert: true },
  (_, answer) => answer.end(JSON.stringify({ schema: '"string"' })),
);
beforeAll(async () => {
  server.listen(0, 'localhost');
  await once(server, 'listening');
});
afterAll(() => void server.close());

const remote = { allowedHosts: ['localhost'], secret: () => Promise.resolve(client.key) } as never;
const place = () => `https://localhost:${(server.address() as AddressInfo).port}`;

it('a schema registry whose CA is one’s own is trusted with it, shown the client certificate, and not without', async () => {
  const given = { ca: ca.certificate, certificate: client.certificate, key: 'secret://reader' };
  const trusted = openRegistry({ registry: place(), tls: { given, to: ['localhost'] } }, remote);
  expect(await trusted.byId(1)).toMatchObject({ schema: '"string"' });
  await expect(openRegistry({ registry: place() }, remote).byId(1)).rejects.toThrow(/certificate/);
});
