import { dataHeaders } from '@datacraft/shared';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

async function sourceOf(rows: number): Promise<{ id: string; url: string }> {
  const text = `---\ndatacraft: 1\ntitle: T\n---\n\n\`\`\`source early\ntype: simulator\ntemplate: ecommerce_orders\nrows: ${rows}\nseed: 1\n\`\`\`\n`;
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const { cells } = await test.server.deps.rooms.notebook(json.id);
  return { id: json.id, url: `${test.origin}/api/v1/notebooks/${json.id}/cells/${cells[0]?.id}/data` };
}

async function rowsAt(url: string) {
  const response = await fetch(url, { headers: { cookie: owner.cookie } });
  expect(response.status).toBe(200);
  const { numRows } = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  const header = (name: string) => response.headers.get(name);
  return { numRows, extent: header(dataHeaders.extent), total: header(dataHeaders.totalRows) };
}

describe('a source that no run has published', () => {
  it('gives its rows, whole when they are few', async () => {
    const { url } = await sourceOf(500);
    expect(await rowsAt(url)).toEqual({ numRows: 500, extent: 'full', total: '500' });
  });

  it('gives its beginning and says that there is more, not how much', async () => {
    const { url } = await sourceOf(500);
    expect(await rowsAt(`${url}?limit=100`)).toEqual({ numRows: 100, extent: 'sample', total: null });
  });
});
