import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { readZip } from '../interchange/zip.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;

const notebook = (title: string, cells: string) => `---\ndatacraft: 1\ntitle: ${title}\n---\n\n${cells}`;
const hidden = notebook('Salaries', '```sql salaries\nselect 4711 as canary\n```\n');
const reader = notebook(
  'Reader',
  '```source shop\ntype: simulator\ntemplate: ecommerce_products\nrows: 5\nseed: 1\n```\n\n```sql pay\nselect * from silver.salaries\n```\n\n```sql shop_names\nselect name from shop\n```\n',
);

beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

async function imported(text: string): Promise<string> {
  return (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
}

async function ran(id: string): Promise<void> {
  const { json } = await owner.call('POST', `/notebooks/${id}/runs`, {});
  while ((await owner.call('GET', `/runs/${json.runId}`)).json.finishedAt === null) await sleep(50);
}

async function archive(visitor: Visitor, id: string): Promise<Map<string, Buffer>> {
  const answer = await fetch(`${test.origin}/api/v1/notebooks/${id}/export/dbt`, {
    headers: { cookie: visitor.cookie },
  });
  expect(answer.headers.get('content-type')).toBe('application/zip');
  return readZip(Buffer.from(await answer.arrayBuffer()));
}

describe('a notebook in another form', () => {
  it('is a ZIP archive of a dbt project, and a report of it', async () => {
    const id = await imported(reader);
    await ran(id);
    const report = (await owner.call('GET', `/notebooks/${id}/export/dbt/report`)).json;
    const files = await archive(owner, id);
    expect([...files.keys()].map((path) => path.replace('reader/', ''))).toEqual(
      report.files.map((file: { path: string }) => file.path),
    );
    expect(report.notes.map((note: { cell: string | null }) => note.cell)).toContain('shop');
    expect(files.get('reader/data/bronze/shop.parquet')?.subarray(0, 4).toString()).toBe('PAR1');
    expect((await owner.call('GET', `/notebooks/${id}/export/word`)).status).toBe(400);
    const [entry] = (await owner.call('GET', '/audit?limit=1')).json;
    expect(entry).toMatchObject({ action: 'notebook-export' });
  });

  it('holds no rows that the one who asks may not read', async () => {
    const secret = await imported(hidden);
    await ran(secret);
    const id = await imported(reader.replaceAll('shop', 'store'));
    const path = 'reader/data/silver/salaries.parquet';
    expect((await archive(owner, id)).has(path)).toBe(true);
    await owner.call('PATCH', `/notebooks/${secret}/sharing`, { access: 'invited' });
    const viewer = await test.member('viewer');
    expect((await archive(viewer, id)).has(path)).toBe(false);
    const { notes } = (await viewer.call('GET', `/notebooks/${id}/export/dbt/report`)).json;
    expect(JSON.stringify(notes)).not.toContain('4711');
    expect((await viewer.call('GET', `/notebooks/${secret}/export/dbt`)).status).toBe(404);
  });

  it('is a page without scripts and a Jupyter notebook, with the rows that the one who asks may read', async () => {
    const [cell, bars] = [
      "```sql <x>\n```\n\n# <b>Hi</b>\n\n```sql shown\nselect '<i>' as a, 1 as n\n```\n",
      '```chart bars\nfrom: shown\ntype: bar\nx: a\ny: n\n```\n',
    ];
    const id = await imported(
      notebook('Page', `${cell}\n\`\`\`sql pay2\nselect * from silver.salaries\n\`\`\`\n\n${bars}`),
    );
    const get = async (visitor: Visitor, format: string) =>
      (
        await fetch(`${test.origin}/api/v1/notebooks/${id}/export/${format}`, { headers: { cookie: visitor.cookie } })
      ).text();
    const page = await get(owner, 'html');
    expect(page).toContain('&lt;b&gt;Hi&lt;/b&gt;');
    expect(page).toContain('<td>&lt;i&gt;</td>');
    expect(page).toMatch(/<svg[^>]*aria-label="bars"/);
    expect(page).not.toMatch(/<script|<i>|https?:/);
    expect(page).toContain('4711');
    const viewer = await test.member('viewer');
    for (const format of ['html', 'ipynb']) expect(await get(viewer, format)).not.toContain('4711');
    const jupyter = JSON.parse(await get(owner, 'ipynb'));
    expect(jupyter.cells.map((each: { cell_type: string }) => each.cell_type)).toContain('code');
    expect(JSON.stringify(jupyter)).toContain('4711');
  });
});
