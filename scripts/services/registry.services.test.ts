import { describe, expect, it } from 'vitest';
import { useServices } from './for-tests.ts';

const env = useServices('registry');

const schema = (...fields: object[]) => JSON.stringify({ type: 'record', name: 'Order', fields });
const id = { name: 'id', type: 'long' };

async function ask(path: string, body?: object, method = 'POST'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${env['SCHEMA_REGISTRY_URL']}${path}`, {
    ...(body === undefined ? {} : { method, body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
  });
  return { status: response.status, body: await response.json() };
}

describe('the schema registry', () => {
  it('registers a schema and gives it back by its id', async () => {
    const made = await ask('/subjects/orders-value/versions', { schema: schema(id) });
    expect(made.status).toBe(200);
    const { id: number } = made.body as { id: number };
    const found = await ask(`/schemas/ids/${number}`);
    const { schema: text } = found.body as { schema: string };
    expect(JSON.parse(text)).toEqual(JSON.parse(schema(id)));
  });

  it('refuses a schema that cannot read what was written before, and takes one that can', async () => {
    await ask('/subjects/strict-value/versions', { schema: schema(id) });
    await ask('/config/strict-value', { compatibility: 'BACKWARD' }, 'PUT');
    const refused = await ask('/subjects/strict-value/versions', {
      schema: schema(id, { name: 'total', type: 'double' }),
    });
    expect(refused.status).toBe(409);
    const widened = schema(id, { name: 'total', type: 'double', default: 0 });
    expect((await ask('/subjects/strict-value/versions', { schema: widened })).status).toBe(200);
  });
});
