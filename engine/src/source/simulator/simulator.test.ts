import { createHash } from 'node:crypto';
import type { SimulatorSource } from '@datacraft/shared';
import { simulatorTemplates } from '@datacraft/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkbench, faultOf, type Workbench } from '../testing/workbench.ts';
import { generateCsv } from './generate.ts';
import { settingsOf } from './settings.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

function bytesOf(spec: Omit<SimulatorSource, 'type'>): string {
  return [...generateCsv(settingsOf({ type: 'simulator', ...spec }))].join('');
}

it('S1 the same spec gives the same bytes, another seed gives others', () => {
  fc.assert(
    fc.property(
      fc.record({
        template: fc.constantFrom(...simulatorTemplates.filter((template) => template !== 'calendar')),
        rows: fc.integer({ min: 1, max: 200 }),
        seed: fc.integer({ min: 0, max: 1_000_000 }),
        dirt: fc.integer({ min: 0, max: 50 }).map((percent) => `${percent}%`),
      }),
      (spec) => {
        expect(bytesOf(spec)).toBe(bytesOf(spec));
        expect(bytesOf({ ...spec, seed: spec.seed + 1 })).not.toBe(bytesOf(spec));
      },
    ),
    { numRuns: 20 },
  );
});

it('S1 gives the bytes it gave when it was written', () => {
  const hash = createHash('sha256').update(bytesOf({ template: 'ecommerce_orders', rows: 1000, seed: 42, dirt: '2%' }));
  expect(hash.digest('hex').slice(0, 16)).toMatchInlineSnapshot(`"e8ddf7fecb62ee51"`);
});

it.each(simulatorTemplates)('S2 %s without dirt has no bad row and every row', async (template) => {
  const { rows, rejects } = await bench.read({ type: 'simulator', template, rows: 2000, seed: 7, rejects: 'table' });
  expect([rows.length, rejects.length]).toEqual([2000, 0]);
});

it.each(simulatorTemplates)('S2 %s with dirt still reads strictly, row for row', async (template) => {
  const { rows } = await bench.read({ type: 'simulator', template, rows: 2000, seed: 7, dirt: '20%' });
  expect(rows).toHaveLength(2000);
});

it('I7 with rejects: table the rows asked for are stored or rejected', async () => {
  const { rows, rejects } = await bench.read({
    type: 'simulator',
    template: 'ecommerce_orders',
    rows: 5000,
    seed: 42,
    dirt: '10%',
    rejects: 'table',
  });
  expect(rejects.length).toBeGreaterThan(20);
  expect(rows.length + rejects.length).toBe(5000);
});

it('S3 orders refer to customers and products that exist, at their price', async () => {
  const [orders, customers, products] = await Promise.all(
    (['ecommerce_orders', 'ecommerce_customers', 'ecommerce_products'] as const).map((template) =>
      bench.read({ type: 'simulator', template, seed: 42 }),
    ),
  );
  const ids = new Set(customers?.rows.map((row) => row['customer_id']));
  const prices = new Map(products?.rows.map((row) => [row['product_id'], row['price']]));
  expect(orders?.rows).toHaveLength(10_000);
  for (const order of orders?.rows ?? []) {
    expect(ids.has(order['customer_id'])).toBe(true);
    expect(prices.get(order['product_id'])).toBe(order['unit_price']);
  }
});

it('spaces events by the rate, from start on', async () => {
  const { rows } = await bench.read({
    type: 'simulator',
    template: 'sensor_readings',
    rows: 3,
    rate: '2/s',
    start: '2024-05-01',
  });
  expect(rows.map((row) => String(row['event_time']).slice(0, 21).replace(' ', 'T'))).toEqual([
    '2024-05-01T00:00:00',
    '2024-05-01T00:00:00.5',
    '2024-05-01T00:00:01',
  ]);
});

it('previews the rows that a run gives', async () => {
  const spec = { type: 'simulator', template: 'web_events', rows: 300, seed: 3, dirt: '5%' } as const;
  const sniffed = await bench.sniff(spec);
  expect(sniffed.preview).toMatchObject({ totalRows: 300, truncated: true });
  expect(sniffed.preview.rows).toEqual((await bench.read(spec)).page.rows.slice(0, 100));
});

describe('settings', () => {
  it.each([
    [{ rate: 'fast' }, 'rate'],
    [{ dirt: '200%' }, 'dirt'],
    [{ start: 'yesterday' }, 'start'],
    [{ rows: -1 }, 'rows'],
  ])('refuse %j', async (options, word) => {
    const fault = await faultOf(bench.read({ type: 'simulator', template: 'web_events', ...options }));
    expect(fault.message).toContain(word);
  });
});
