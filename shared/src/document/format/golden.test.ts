import { describe, expect, it } from 'vitest';
import { formatNotebook } from './format-notebook.ts';
import { parseNotebook } from './parse-notebook.ts';

const example = `---
datacraft: 1
title: Vendas por canal
schedule: { cron: "0 6 * * *", timezone: America/Sao_Paulo, overlap: skip, missed: latest }
---

# Vendas por canal

Orders come from the shop's nightly export.

\`\`\`source orders_raw
type: csv
path: ./data/orders.csv
\`\`\`

\`\`\`input min_amount
type: number
default: 0
\`\`\`

\`\`\`sql orders
---
layer: silver
materialize: incremental
strategy: merge
unique_key: order_id
sequence_by: updated_at
expect:
  - not_null: [order_id, amount]
  - unique: order_id
  - expression: amount >= 0
    on_violation: quarantine
---
select order_id, channel, amount::decimal(12,2) as amount, updated_at
from orders_raw
where amount >= $min_amount
\`\`\`

\`\`\`chart sales_by_channel
from: orders
type: bar
x: channel
y: { column: amount, aggregate: sum }
\`\`\`
`;

const cell = (info: string, ...lines: string[]): string => ['```' + info, ...lines, '```'].join('\n');
const file = (...blocks: string[]): string => ['---\ndatacraft: 1\ntitle: T\n---', ...blocks].join('\n\n') + '\n';

/** Every other snippet of the contract, as it is written back: without comments, keys in their order. */
const snippets: Record<string, string> = {
  csv: cell(
    'source orders',
    'type: csv',
    'path: ./data/orders.csv',
    'delimiter: ";"',
    'encoding: latin-1',
    'decimal: ","',
    'date_format: "%d/%m/%Y"',
    'header: true',
    'columns: { amount: decimal(12,2) }',
    'rejects: table',
  ),
  http: cell(
    'source api',
    'type: http',
    'url: https://api.example.com/orders',
    'pagination: { type: link }',
    'records: $.data',
    'auth: { type: bearer, token: secret://shop_api }',
    'incremental: { cursor: updated_at, param: since }',
  ),
  kafka: cell(
    'source stream',
    'type: kafka',
    'brokers: [127.0.0.1:9092]',
    'topic: orders',
    'format: json',
    'start: earliest',
    'watermark: { column: event_time, delay: 10 seconds }',
  ),
  webhook: cell('source hook', 'type: webhook', 'key: event_id'),
  simulator: cell(
    'source shop',
    'type: simulator',
    'template: ecommerce_orders',
    'rows: 10000',
    'rate: 100/s',
    'dirt: 2%',
    'seed: 42',
  ),
  model: cell(
    'model risk',
    'task: classification',
    'from: loans',
    'target: defaulted',
    'features: [income, age, purpose]',
    'algorithm: random_forest',
    'params: { trees: 200 }',
    'split: { test: 0.2, by: random, seed: 42 }',
  ),
  forecast: cell(
    'model next_year',
    'task: forecast',
    'from: passengers',
    'time_column: month',
    'target: passengers',
    'horizon: 12',
    'level: 0.95',
  ),
  dimension: cell(
    'sql dim_customer',
    '---',
    'layer: gold',
    'materialize: dimension',
    'scd: 2',
    'unique_key: customer_id',
    'sequence_by: updated_at',
    '---',
  ),
  fact: cell(
    'sql fact_sales',
    '---',
    'layer: gold',
    'materialize: fact',
    'dimensions: { customer_id: dim_customer, product_id: dim_product }',
    'unique_key: order_id',
    '---',
  ),
  'keys of the table': cell(
    'sql all_keys',
    '---',
    'partition_by: [month(order_date), bucket(16, channel)]',
    'refresh: incremental_strict',
    'expect:',
    '  - accepted_values: { column: status, values: [paid, "1", 1, true] }',
    '    severity: warn',
    '  - relationships: { column: customer_id, to: dim_customer }',
    '  - row_count: { min: 1, max: 100 }',
    '  - freshness: { column: updated_at, max_age: 2 hours }',
    'contract: { mode: evolve, columns: { amount: decimal(12,2), id: bigint } }',
    'engine: duckdb',
    'columns: { cpf: { description: "CPF: digits, only", tags: [pii] } }',
    '---',
    'select 1',
  ),
};

describe('the text form', () => {
  it('writes the example of the contract byte for byte', () => {
    const { notebook, diagnostics } = parseNotebook(example);
    expect(diagnostics).toEqual([]);
    expect(formatNotebook(notebook)).toBe(example);
    expect(notebook.title).toBe('Vendas por canal');
    expect(notebook.cells.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'markdown ',
      'source orders_raw',
      'input min_amount',
      'sql orders',
      'chart sales_by_channel',
    ]);
  });

  it.each(Object.entries(snippets))('keeps the snippet %s as it is', (_, snippet) => {
    const { notebook, diagnostics } = parseNotebook(file(snippet));
    expect(diagnostics).toEqual([]);
    expect(formatNotebook(notebook)).toBe(file(snippet));
  });

  it('reads a comma inside parentheses as part of the value', () => {
    const { notebook } = parseNotebook(
      file(cell('source s', 'type: csv', 'path: x', 'columns: { a: decimal(12,2), b: decimal(10, 2), c: text }')),
    );
    expect(notebook.cells[0]?.config['columns']).toEqual({ a: 'decimal(12,2)', b: 'decimal(10, 2)', c: 'text' });
  });

  it('reads comments and any order of keys, and writes them canonically', () => {
    const { notebook, diagnostics } = parseNotebook(
      file(cell('chart c', 'y: n   # how many', 'type: "bar"', 'x: d', 'from: t', '')),
    );
    expect(diagnostics).toEqual([]);
    expect(formatNotebook(notebook)).toBe(file(cell('chart c', 'from: t', 'type: bar', 'x: d', 'y: n')));
  });
});
