import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPdf } from '../../../engine/src/pdf/testing/read-pdf.ts';
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

const TEXT = `---
datacraft: 1
title: Vendas por canal
---

# Vendas por canal

O que **vendemos** em cada canal.

\`\`\`input least
type: number
default: 0
\`\`\`

\`\`\`sql sold
---
layer: gold
---
select * from (values ('Loja física', 1200.50::decimal(9,2)), ('Site', 340.00)) t(channel, amount)
\`\`\`

\`\`\`sql by_channel
select * from sold where amount >= $least
\`\`\`

\`\`\`chart bars
from: by_channel
type: bar
x: channel
y: amount
title: Valor por canal
\`\`\`
`;

const WAIT = { timeout: 60_000 };

async function pagesAt(path: string, cookie = owner.cookie): Promise<string[][]> {
  const response = await fetch(`${test.origin}/api/v1${path}`, { headers: { cookie } });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  return readPdf(Buffer.from(await response.arrayBuffer()));
}

it('a notebook and its dashboard leave as PDF: a draft until they are published, then as they were published', async () => {
  const { json } = await owner.call('POST', '/notebooks/import', TEXT, { 'content-type': 'text/markdown' });
  const { runId } = (await owner.call('POST', `/notebooks/${json.id}/runs`, {})).json;
  await expect.poll(async () => (await owner.call('GET', `/runs/${runId}`)).json.state, WAIT).toBe('succeeded');
  const draft = (await pagesAt(`/notebooks/${json.id}/export/pdf?language=pt`)).flat();
  expect(draft.join(' ')).toContain('Um rascunho, não publicado');
  expect(draft).toContain('O que vendemos em cada canal.');
  expect(draft).toContain('1.200,50');

  const { token } = (await owner.call('POST', `/notebooks/${json.id}/publish`)).json;
  const { cells } = await test.server.deps.rooms.notebook(json.id);
  expect(cells).toHaveLength(5);
  const notebook = (await pagesAt(`/notebooks/${json.id}/export/pdf`)).flat();
  expect(notebook.join(' ')).toMatch(/Version 1, published 20.* data of 20/);
  expect(notebook.join(' ')).toContain('where amount >= $least');

  const dashboard = (await pagesAt(`/dashboards/${token}/pdf?language=pt`, '')).flat();
  expect(dashboard).toEqual(expect.arrayContaining(['Valor por canal', 'Loja física', 'Site']));
  expect(dashboard.join(' ')).toMatch(/Versão 1, publicada em .* sha256 [0-9a-f]{64}/);
  expect(dashboard.join(' ')).not.toContain('select');
  const chosen = (await pagesAt(`/dashboards/${token}/pdf?p.least=1000`, '')).flat();
  expect(chosen).toContain('Loja física');
  expect(chosen).not.toContain('Site');
  expect(await fetch(`${test.origin}/api/v1/dashboards/no-such-link/pdf`).then(({ status }) => status)).toBe(404);
});
