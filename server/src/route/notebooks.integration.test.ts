import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { NotebookEvent } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../testing/sync-client.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({ DATACRAFT_MAX_UPLOAD_MB: '1' });
  owner = await test.owner();
});
afterAll(() => test.close());

const text = `---
datacraft: 1
title: Vendas
---

# Vendas

\`\`\`sql orders
select 1 as id
\`\`\`
`;
const importText = (body: string) => owner.call('POST', '/notebooks/import', body, { 'content-type': 'text/markdown' });

describe('the text form', () => {
  it('comes out as it went in, byte for byte, also from a copy', async () => {
    const { json, status } = await importText(text);
    expect(status).toBe(201);
    expect((await owner.call('GET', `/notebooks/${json.id}/export`)).text).toBe(text);
    expect((await owner.call('GET', `/notebooks/${json.id}`)).json).toMatchObject({ title: 'Vendas', cellCount: 2 });
    const copy = (await owner.call('POST', `/notebooks/${json.id}/duplicate`)).json.id;
    expect((await owner.call('GET', `/notebooks/${copy}/export`)).text).toBe(
      text.replace('title: Vendas', 'title: Vendas (copy)'),
    );
  });

  it('is refused with line and column when it is wrong, and nothing is created', async () => {
    const before = (await owner.call('GET', '/notebooks')).json.length;
    const { status, json } = await importText(text.replace('select 1 as id', '---\nmaterialise: table\n---\nselect 1'));
    expect([status, json.code]).toEqual([422, 'notebook-invalid']);
    expect(json.diagnostics[0]).toMatchObject({ severity: 'error', line: 10 });
    expect((await owner.call('GET', '/notebooks')).json.length).toBe(before);
  });
});

describe('the guided example', () => {
  it('is there with its files', async () => {
    const { status, json } = await owner.call('POST', '/notebooks/example');
    expect([status, json]).toEqual([201, { id: expect.stringMatching(/^nb_/) }]);
    expect(existsSync(path.join(test.config.dataDir, 'files', json.id, 'data'))).toBe(true);
    expect((await owner.call('GET', `/notebooks/${json.id}/export`)).text).toContain('```');
  });
});

describe('the bin', () => {
  it('holds what was deleted until it is restored', async () => {
    const { id } = (await owner.call('POST', '/notebooks', { title: 'Gone' })).json;
    expect((await owner.call('DELETE', `/notebooks/${id}`)).status).toBe(204);
    const ids = async (query: string) =>
      (await owner.call('GET', `/notebooks${query}`)).json.map((one: { id: string }) => one.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('?deleted=true')).toContain(id);
    expect((await owner.call('GET', `/notebooks/${id}/export`)).status).toBe(404);
    expect((await owner.call('PATCH', `/notebooks/${id}`, { title: 'x' })).status).toBe(404);
    expect((await owner.call('DELETE', `/notebooks/${id}`)).status).toBe(404);
    expect((await owner.call('POST', `/notebooks/${id}/restore`)).status).toBe(204);
    expect(await ids('')).toContain(id);
  });
});

describe('uploads', () => {
  const upload = (name: string, content: string | Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) => {
    const form = new FormData();
    form.set('file', new Blob([content]), name);
    for (const [key, value] of Object.entries(fields)) form.set(key, value);
    return owner.call('POST', '/files', form);
  };
  const place = (file: { path: string }) => path.join(test.config.dataDir, 'files', file.path.replace('upload://', ''));

  it('are kept as they were sent, with their hash', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 31) % 256);
    const { json } = await upload('blob.bin', bytes);
    expect(json).toMatchObject({
      name: 'blob.bin',
      sizeBytes: 300_000,
      path: expect.stringMatching(/^upload:\/\/file_\w+\/blob\.bin$/),
    });
    expect(new Uint8Array(await readFile(place(json)))).toEqual(bytes);
    const tricky = 'a\r\n--b\r\n----\r\n\r\n';
    expect(await readFile(place((await upload('t.csv', tricky)).json), 'utf8')).toBe(tricky);
  });

  it('get a name that leads nowhere else', async () => {
    for (const name of [
      '../../etc/passwd',
      '/etc/passwd',
      '..\\..\\x.csv',
      'a\u0000b.csv',
      '.hidden',
      '....//x.csv',
      'çãé 1.csv',
    ]) {
      const { json } = await upload(name, 'a,b\n');
      expect(json.name).toMatch(/^[^./\\\0][^/\\\0]*$/);
      expect(existsSync(place(json))).toBe(true);
    }
  });

  it('are refused when empty, too large or broken off, and leave nothing', async () => {
    expect((await upload('empty.csv', '')).json.detail).toContain('0 bytes');
    for (const size of [1_100_000, 20_000_000]) expect((await upload('large.csv', 'x'.repeat(size))).status).toBe(413);
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\na,b';
    expect((await owner.call('POST', '/files', cut, headers)).json.detail).toContain('broke off');
    for (const body of ['', '--b', '--bxx', '--b--\r\n', '--b\r\nx\r\n\r\n\r\n--b--']) {
      expect((await owner.call('POST', '/files', body, headers)).status).toBe(400);
    }
    expect(await readdir(path.join(test.config.dataDir, 'files/.incoming'))).toEqual([]);
  });

  it('belong to a notebook that exists, or to none', async () => {
    const { id } = (await owner.call('POST', '/notebooks', { title: 'T' })).json;
    expect((await upload('x.ndjson', '{}\n', { notebookId: id })).json.sourceType).toBe('json');
    expect((await upload('x.csv', 'a\n', { notebookId: 'nb_none' })).status).toBe(404);
  });
});

describe('the event stream', () => {
  it('begins with the last graph, goes on with what happens, and ends with the rights', async () => {
    const { id } = (await owner.call('POST', '/notebooks', { title: 'T' })).json;
    const member = await test.member('viewer');
    const graph: NotebookEvent = { type: 'graph', revision: 7, cells: [], diagnostics: [] };
    await test.server.deps.live.publish(id, graph);
    const response = await fetch(`${test.origin}/api/v1/notebooks/${id}/events`, {
      headers: { cookie: member.cookie },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let heard = '';
    const ended = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) heard += decoder.decode(chunk);
    })();
    await until(() => heard.includes('"revision":7'));
    await test.server.deps.live.publish(id, { ...graph, revision: 8 });
    await until(() => heard.includes('"revision":8'));
    await owner.call('PATCH', `/users/${member.me?.id}`, { disabled: true });
    await ended;
  });
});
