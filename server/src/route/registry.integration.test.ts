import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { createRemoteAccess } from '../secret/remote-access.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let token: string;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  token = (await owner.call('POST', '/tokens', { name: 'producer' })).json.token;
}, 60_000);
afterAll(() => test.close());

const MEDIA = 'application/vnd.schemaregistry.v1+json';
const sale = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Sale', fields: [{ name: 'id', type: 'long' }, ...fields] });
const note = (more = {}) => ({ name: 'note', type: 'string', ...more });

/** As a client of Confluent's registry asks, the token as a password. */
async function ask(method: string, path: string, body?: unknown) {
  const login = Buffer.from(`anybody:${token}`).toString('base64');
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await test
    .anonymous()
    .call(method, `/registry${path}`, text, { authorization: `Basic ${login}`, 'content-type': MEDIA });
  return { status: answer.status, json: answer.json as Record<string, unknown> & unknown[] };
}

describe('the built-in schema registry', () => {
  it('S1 S3 registers, finds again and gives back what messages name', async () => {
    const first = await ask('POST', '/subjects/sales-value/versions', { schema: sale() });
    expect(first.status).toBe(200);
    const again = await ask('POST', '/subjects/sales-value/versions', {
      schema: JSON.stringify(JSON.parse(sale()), null, 2),
    });
    expect(again.json).toEqual(first.json);
    const other = await ask('POST', '/subjects/other-value/versions', { schema: sale() });
    expect(other.json).toEqual(first.json);
    const id = first.json['id'];
    expect((await ask('GET', `/schemas/ids/${String(id)}`)).json).toEqual({ schema: sale() });
    expect((await ask('GET', '/subjects')).json).toEqual(['other-value', 'sales-value']);
    expect((await ask('POST', '/subjects/sales-value', { schema: sale() })).json).toEqual({
      subject: 'sales-value',
      version: 1,
      id,
      schema: sale(),
    });
    expect((await ask('GET', '/subjects/sales-value/versions/latest')).json).toMatchObject({ version: 1, id });
    expect((await ask('GET', `/schemas/ids/${String(id)}/versions`)).json).toHaveLength(2);

    expect((await ask('DELETE', '/subjects/sales-value')).json).toEqual([1]);
    expect(await ask('GET', '/subjects/sales-value/versions')).toMatchObject({
      status: 404,
      json: { error_code: 40401 },
    });
    expect((await ask('GET', `/schemas/ids/${String(id)}`)).status).toBe(200);
    expect((await ask('POST', '/subjects/sales-value/versions', { schema: sale() })).json).toEqual({ id });
    expect((await ask('GET', '/subjects/sales-value/versions')).json).toEqual([2]);
  });

  it('S2 refuses what does not fit, with the path of the field, by what the subject keeps', async () => {
    await ask('POST', '/subjects/kept-value/versions', { schema: sale() });
    const refused = await ask('POST', '/subjects/kept-value/versions', { schema: sale(note()) });
    expect(refused).toMatchObject({ status: 409, json: { error_code: 409 } });
    expect(refused.json['message']).toContain('note: the field is not in the data and has no default');
    const verdict = await ask('POST', '/compatibility/subjects/kept-value/versions/latest', { schema: sale(note()) });
    expect(verdict.json).toMatchObject({ is_compatible: false });
    expect((await ask('GET', '/config/kept-value')).json).toMatchObject({ error_code: 40408 });
    expect((await ask('PUT', '/config/kept-value', { compatibility: 'FORWARD' })).json).toEqual({
      compatibility: 'FORWARD',
    });
    expect((await ask('POST', '/subjects/kept-value/versions', { schema: sale(note()) })).status).toBe(200);
    expect((await ask('GET', '/config')).json).toEqual({ compatibilityLevel: 'BACKWARD' });
    expect((await ask('DELETE', '/config/kept-value')).json).toEqual({ compatibilityLevel: 'FORWARD' });
    const both = await Promise.all(
      [sale(note({ default: '' })), sale({ name: 'at', type: 'int', default: 0 })].map((schema) =>
        ask('POST', '/subjects/raced-value/versions', { schema }),
      ),
    );
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask('GET', '/subjects/raced-value/versions')).json).toEqual([1, 2]);
  });

  it('says what it does not keep, and what is no schema', async () => {
    const wrong = await ask('POST', '/subjects/bad-value/versions', { schema: '{"type":"record","name":"X"}' });
    expect(wrong).toMatchObject({ status: 422, json: { error_code: 42201 } });
    const proto = await ask('POST', '/subjects/bad-value/versions', { schema: 'syntax', schemaType: 'PROTOBUF' });
    expect(proto.json['message']).toContain('AVRO and JSON are');
    expect((await ask('GET', '/subjects/bad-value/versions/0')).json).toMatchObject({ error_code: 42202 });
    expect((await ask('PUT', '/config', { compatibility: 'SOMETIMES' })).status).toBe(422);
  });

  it('is open to nobody without a token, and to viewers for reading alone', async () => {
    expect((await test.anonymous().call('GET', '/registry/subjects')).status).toBe(401);
    const viewer = await test.member('viewer');
    expect((await viewer.call('GET', '/registry/subjects')).status).toBe(200);
    expect((await viewer.call('POST', '/registry/subjects/mine-value/versions', { schema: sale() })).status).toBe(403);
    expect((await viewer.call('GET', '/schema-subjects')).json.subjects[0]).toMatchObject({
      subject: 'kept-value',
      versions: 2,
    });
  });

  it('is the registry of sources and sinks that name none', async () => {
    const { schemas } = createRemoteAccess(test.server.deps.config, test.server.deps.pool);
    const id = await schemas?.register('sink-value', { schema: sale(), schemaType: 'AVRO', references: [] });
    expect(await schemas?.byId(id ?? 0)).toMatchObject({ schema: sale(), schemaType: 'AVRO' });
    await expect(schemas?.byId(99_999)).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      schemas?.register('sink-value', { schema: sale(note()), schemaType: 'AVRO', references: [] }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });
});
