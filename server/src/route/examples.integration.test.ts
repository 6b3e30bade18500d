import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notebook } from '@datacraft/shared';
import { formatNotebook, parseNotebook } from '@datacraft/shared';
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

const example = (name: string, file = 'notebook.md') =>
  readFile(resolve(import.meta.dirname, '../../../examples', name, file), 'utf8');

async function ran(name: string): Promise<Record<string, number>> {
  const made = await owner.call('POST', `/notebooks/example?name=${name}&language=pt-BR`);
  expect([name, made.status]).toEqual([name, 201]);
  const { runId } = (await owner.call('POST', `/notebooks/${made.json.id}/runs`)).json;
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.state === 'queued' || json.state === 'running') {
      await sleep(200);
      continue;
    }
    const tasks = json.tasks as { cell: string; error?: { message: string }; rowsWritten: number }[];
    expect(tasks.flatMap(({ cell, error }) => (error ? [`${cell}: ${error.message}`] : []))).toEqual([]);
    expect(json.state).toBe('succeeded');
    return Object.fromEntries(tasks.map(({ cell, rowsWritten }) => [cell, rowsWritten]));
  }
}
const rows = async (sql: string) => (await owner.call('POST', '/query', { sql })).json.rows;

describe('an example', () => {
  it('is offered with its title, in either language', async () => {
    const { json } = await owner.call('GET', '/notebooks/examples');
    expect(json.map(({ name }: { name: string }) => name)).toEqual([
      'ecommerce',
      'finance',
      'sales',
      'sales-stream',
      'agro',
    ]);
    const portuguese = (await owner.call('GET', '/notebooks/examples?language=pt-BR')).json;
    expect(portuguese[1]).toMatchObject({ name: 'finance', title: 'Desempenho financeiro' });
    expect(json[1]).toMatchObject({ title: 'Financial performance' });
    expect((await owner.call('POST', '/notebooks/example?name=nothing')).json).toMatchObject({ code: 'not-found' });
    expect((await owner.call('POST', '/notebooks/example?name=../agro')).status).toBe(404);
  });

  it.each(['finance', 'sales', 'agro'])(
    '%s is the same pipeline in both languages, each as its export',
    async (name) => {
      const texts = await Promise.all([example(name), example(name, 'notebook.pt.md')]);
      const notebooks = texts.map((text) => {
        const { notebook, diagnostics } = parseNotebook(text);
        expect(diagnostics).toEqual([]);
        expect(formatNotebook(notebook)).toBe(text);
        return notebook;
      });
      const [english, portuguese] = notebooks.map(work);
      expect(portuguese).toEqual(english);
      expect(texts[0]).not.toBe(texts[1]);
    },
  );

  it('makes no table that another one makes', async () => {
    const names = ['ecommerce', 'finance', 'sales', 'sales-stream', 'agro'];
    const notebooks = (await Promise.all(names.map((name) => example(name)))).map(
      (text) => parseNotebook(text).notebook,
    );
    const tables = notebooks.flatMap(({ cells }) =>
      cells.filter(({ kind }) => !['markdown', 'chart', 'input'].includes(kind)).map(({ name }) => name),
    );
    expect(tables.filter((name, at) => tables.indexOf(name) !== at)).toEqual([]);
  });

  it('ecommerce has a star whose facts find every member', async () => {
    expect(await ran('ecommerce')).toMatchObject({ fact_sales: 2388, dim_product: 41, dim_customer: 501 });
    const misses = await rows(
      `select count(*) filter (where dim_product_key = -1 or dim_date_key = -1 or dim_channel_key = -1 or dim_state_key = -1) as misses,
        count(*) filter (where dim_customer_key = -1) as strangers from gold.fact_sales`,
    );
    expect(misses).toEqual([{ misses: '0', strangers: '0' }]);
    const byStar = await rows(
      `select c.channel, p.category, d.date::varchar as date, count(*) as orders, sum(f.amount)::varchar as amount
        from gold.fact_sales f join gold.dim_channel c using (dim_channel_key) join gold.dim_product p using (dim_product_key)
          join gold.dim_date d using (dim_date_key) group by all order by all`,
    );
    const byHand = await rows(
      `select o.channel, p.category, o.ordered_at::date::varchar as date, count(*) as orders, sum(o.amount)::varchar as amount
        from silver.orders o join silver.products p using (product_id) group by all order by all`,
    );
    expect(byStar.length).toBeGreaterThan(100);
    expect(byStar).toEqual(byHand);
    expect(await rows('select sum(sales)::varchar as sold from gold.sales_by_day')).toEqual(
      await rows('select sum(amount)::varchar as sold from gold.fact_sales'),
    );
  });

  it('finance forecasts cash in scenarios and reports what was posted', async () => {
    const lines = (await example('finance', 'data/lancamentos.csv')).trim().split('\n').slice(1);
    const known = lines.map((line) => line.split(';')).filter(([, , , , kind]) => kind !== 'outros');
    const cents = known.reduce((sum, [, , , , , amount = '']) => sum + Number(amount.replace(',', '')), 0);
    const written = await ran('finance');
    expect(written).toMatchObject({ postings: known.length, cash_flow: 36, kpis: 48 });
    expect(await rows('select sum(total)::varchar as total, count(*) as lines from gold.regulatory_report')).toEqual([
      { total: (cents / 100).toFixed(2), lines: '384' },
    ]);
    const aside = lines.length - known.length;
    expect(await rows('select count(*) as n from silver.postings_quarantine')).toEqual([{ n: String(aside) }]);
    const order = await rows('select scenario from gold.cash_flow group by scenario order by sum(net) desc');
    expect(order.map((row: { scenario: string }) => row.scenario)).toEqual(['optimistic', 'base', 'pessimistic']);
  });

  it('sales counts what both systems sold, each event once, and sets the bad ones aside', async () => {
    const events = (await example('sales', 'data/site.ndjson')).split('\n').filter((line) => line.endsWith('}'));
    const online = new Map(events.map((line) => [JSON.parse(line).order, JSON.parse(line)]));
    const good = [...online.values()].filter(({ product }) => product !== null);
    const shops = (await example('sales', 'data/lojas.csv')).trim().split('\n').slice(1);
    const readable = shops.filter((line) => !line.includes('dois'));
    await ran('sales');
    expect(await rows('select channel, sum(sales)::bigint as n from gold.sales_kpis group by 1 order by 1')).toEqual([
      { channel: 'online', n: String(good.length) },
      { channel: 'shop', n: String(readable.length) },
    ]);
    expect(await rows('select count(*) as n from silver.sales_quarantine')).toEqual([
      { n: String(online.size - good.length) },
    ]);
    expect(await rows('select count(*) as n from bronze.web_raw_rejects')).toEqual([{ n: '1' }]);
  });

  it('agro goes from Avro events to a score that approves, reviews and denies', async () => {
    const written = await ran('agro');
    expect(written['dados_produtores']).toBe(1240);
    const judged = await rows('select decisao, inadimplencia from gold.decisoes order by inadimplencia');
    expect(judged.map((row: { decisao: string }) => row.decisao)).toEqual(['approve', 'review', 'deny']);
    const { json: info } = await owner.call('GET', '/models/credit_score');
    expect(info.metrics.auc).toBeGreaterThan(0.85);
    const ask = async (file: string) => {
      const body = JSON.parse(await example('agro', `requests/${file}.json`)) as object;
      const { json, status } = await owner.call('POST', '/models/credit_score/predict', body);
      expect([file, status, json.code]).toEqual([file, 200, undefined]);
      return json.predictions[0].decision;
    };
    expect(await Promise.all(['approve', 'review', 'deny'].map(ask))).toEqual(['approve', 'review', 'deny']);
    const short = (cookie: string, method: string, body?: string) =>
      fetch(`${test.origin}/v1/credit-score`, {
        method,
        headers: { cookie, origin: test.origin, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
      });
    const approved = await short(owner.cookie, 'POST', await example('agro', 'requests/approve.json'));
    expect(await approved.json()).toMatchObject({ model: 'credit_score', decision: 'approve' });
    expect(await (await short(owner.cookie, 'GET')).json()).toMatchObject({ name: 'credit_score', version: 1 });
    expect((await short('', 'POST', '{}')).status).toBe(401);
    const stranger = { id_proponente: 'nobody', uf: 'SP', renda_liquida_mes: 1, valor_solicitado: 1, prazo: 12 };
    expect((await owner.call('POST', '/models/credit_score/predict', stranger)).json).toMatchObject({
      code: 'not-found',
    });
  });
});

/** A notebook without what is only said: prose, titles, labels, descriptions. */
function work({ cells, meta }: Notebook): unknown {
  const said = new Set(['title', 'label', 'description']);
  const quiet = (config: object) => Object.fromEntries(Object.entries(config).filter(([key]) => !said.has(key)));
  const kept = cells.filter(({ kind }) => kind !== 'markdown');
  return [quiet(meta), kept.map(({ kind, name, source, config }) => ({ kind, name, source, config: quiet(config) }))];
}
