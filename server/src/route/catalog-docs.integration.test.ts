import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let id: string;

const notebook = `---
datacraft: 1
title: Clientes
owner: Vendas
---

\`\`\`sql clientes
---
unique_key: id
expect:
  - not_null: [id]
description: Um por pessoa | <b>
columns:
  nome: { description: Nome completo }
tags: [crm]
---
select * from (values (1, 'Ana', '529.982.247-25', 'a@b.com'), (2, 'Bia', '111.444.777-35', 'b@b.com'), (3, 'Caio', '52998224725', null)) t(id, nome, cpf, email)
\`\`\`

\`\`\`sql por_dominio
---
layer: gold
---
select count(*) as n from clientes
\`\`\`
`;

beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  id = (await owner.call('POST', '/notebooks/import', notebook, { 'content-type': 'text/markdown' })).json.id;
  const { json } = await owner.call('POST', `/notebooks/${id}/runs`, {});
  for (;;) {
    const run = await owner.call('GET', `/runs/${json.runId}`);
    if (run.json.finishedAt !== null) break;
    await sleep(50);
  }
});
afterAll(() => test.close());

const table = '/catalog/silver/clientes';

describe('the catalogue', () => {
  it('says what cells say of their tables, how rules were judged, and who reads them', async () => {
    await owner.call('POST', '/query', { sql: 'select count(*) from silver.clientes' });
    const { json } = await owner.call('GET', table);
    expect(json.doc).toMatchObject({ owner: 'Vendas', tags: ['crm'], uniqueKey: ['id'], materialize: 'table' });
    expect(json.doc.columns[1]).toMatchObject({ name: 'nome', description: 'Nome completo' });
    expect(json.checks).toMatchObject([{ status: 'passed', trend: [{ status: 'passed' }] }]);
    expect(json.usage.tables).toMatchObject([{ layer: 'gold', name: 'por_dominio' }]);
    expect(json.usage.queries).toMatchObject([{ reads: 1 }]);
  });

  it('finds personal data by its check digits, and takes the tag into the cell', async () => {
    const found = await owner.call('GET', `${table}/personal`);
    expect(found.json).toEqual([{ column: 'cpf', kind: 'cpf', matched: 3, sampled: 3 }]);
    const asked = { columns: { cpf: { tags: ['pii'] } }, description: 'Uma linha por pessoa' };
    expect((await owner.call('PATCH', table, asked)).status).toBe(200);
    const text = (await owner.call('GET', `/notebooks/${id}/export`)).text;
    expect(text).toMatch(/cpf: *\{? *\n? *tags: *\[pii\]/);
    expect(text).toContain('Nome completo');
    expect((await owner.call('GET', `${table}/personal`)).json).toEqual([]);
    expect((await owner.call('PATCH', table, { columns: { nope: { tags: ['pii'] } } })).status).toBe(400);
  });

  it('comes as one document, with nothing of it taken for markup', async () => {
    await owner.call('PATCH', table, { description: 'a | <b>x</b>' });
    const html = await owner.call('GET', '/catalog/export?format=html');
    expect(html.text).toContain('a | &lt;b&gt;x&lt;/b&gt;');
    const markdown = await owner.call('GET', '/catalog/export');
    expect(markdown.text).toContain('### silver.clientes');
    expect(markdown.text).toContain('| `cpf` | VARCHAR |');
  });
});
