import { describe, expect, it } from 'vitest';
import { emptyMetadata } from './metadata.ts';
import { answerRest, type RestReads } from './rest.ts';

const metadata = emptyMetadata('file:///lake/gold/orders-1', 'u');
const reads: RestReads = {
  tables: (layer) => Promise.resolve(layer === 'gold' ? [{ layer, name: 'orders' }] : []),
  table: (ref) =>
    Promise.resolve(
      ref.name === 'orders' ? { metadataLocation: 'file:///lake/gold/orders-1/metadata/0.json', metadata } : null,
    ),
};
const ask = (path: string, method = 'GET') => {
  const [bare = '', query = ''] = path.split('?');
  return answerRest({ method, path: bare, query: new URLSearchParams(query) }, reads);
};

describe('answerRest', () => {
  it('answers config, namespaces, tables and a table', async () => {
    expect(await ask('v1/config?warehouse=x')).toMatchObject({ status: 200, body: { defaults: {}, overrides: {} } });
    expect((await ask('v1/namespaces')).body).toEqual({ namespaces: [['bronze'], ['silver'], ['gold']] });
    expect((await ask('v1/namespaces?parent=gold')).body).toEqual({ namespaces: [] });
    expect((await ask('v1/namespaces/gold')).body).toEqual({ namespace: ['gold'], properties: {} });
    expect((await ask('v1/namespaces/gold/tables')).body).toEqual({
      identifiers: [{ namespace: ['gold'], name: 'orders' }],
    });
    expect((await ask('v1/namespaces/gold/tables/orders')).body).toEqual({
      'metadata-location': 'file:///lake/gold/orders-1/metadata/0.json',
      metadata,
      config: {},
    });
  });

  it('answers HEAD without a body', async () => {
    expect(await ask('v1/namespaces/gold', 'HEAD')).toEqual({ status: 204, body: null });
    expect(await ask('v1/namespaces/gold/tables/nope', 'HEAD')).toEqual({ status: 404, body: null });
  });

  it('answers what does not exist in the error shape of the specification', async () => {
    expect(await ask('v1/namespaces/gold/tables/nope')).toEqual({
      status: 404,
      body: { error: { message: 'table does not exist: gold.nope', type: 'NoSuchTableException', code: 404 } },
    });
    expect(await ask('v1/namespaces/a%1Fb')).toMatchObject({
      status: 404,
      body: { error: { type: 'NoSuchNamespaceException', message: 'namespace does not exist: a.b' } },
    });
    expect(await ask('v1/namespaces/copper/tables')).toMatchObject({ status: 404 });
    expect(await ask('v2/config')).toMatchObject({ status: 404 });
    expect(await ask('v1/namespaces/gold/tables/orders/more')).toMatchObject({ status: 404 });
    expect(await ask('v1/namespaces/%E0%A4%A')).toMatchObject({ status: 400 });
  });

  it('refuses writes', async () => {
    expect(await ask('v1/namespaces/gold/tables', 'POST')).toMatchObject({
      status: 406,
      body: { error: { type: 'UnsupportedOperationException' } },
    });
  });
});
