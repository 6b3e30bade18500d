import { parseNotebook, type TableDoc } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { dimensionName, guessedRole, starNotebook } from './design.ts';
import { starsOf } from './star.ts';

const doc = (name: string, columns: Record<string, string>, more: Partial<TableDoc>): TableDoc => ({
  layer: 'gold',
  name,
  kind: 'table',
  materialize: 'table',
  rows: 1,
  publishedAt: '2026-01-01T00:00:00Z',
  notebookId: 'nb_1',
  notebookTitle: 'Sales',
  cell: name,
  cellId: null,
  owner: null,
  description: '',
  tags: [],
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, description: '', tags: [] })),
  uniqueKey: [],
  scd: null,
  dimensions: {},
  ...more,
});

describe('a star', () => {
  it('is drawn from what cells say: grain, keys, measures, history, and dimensions that are not there', () => {
    const dim = doc(
      'dim_customer',
      { dim_customer_key: 'BIGINT', customer_id: 'BIGINT', name: 'VARCHAR', valid_from: 'TIMESTAMP' },
      { materialize: 'dimension', scd: 2, uniqueKey: ['customer_id'] },
    );
    const fact = doc(
      'fact_sales',
      {
        order_id: 'BIGINT',
        customer_id: 'BIGINT',
        amount: 'DECIMAL(12,2)',
        dim_customer_key: 'BIGINT',
        note: 'VARCHAR',
      },
      { materialize: 'fact', uniqueKey: ['order_id'], dimensions: { customer_id: 'dim_customer', shop: 'dim_shop' } },
    );
    const [star] = starsOf([dim, fact, doc('other', {}, {})]);
    expect(star?.fact.rows.map(({ name, role }) => [name, role])).toEqual([
      ['order_id', 'key'],
      ['dim_customer_key', 'link'],
      ['amount', 'measure'],
      ['note', 'attribute'],
    ]);
    expect(star?.links).toEqual([
      { natural: 'customer_id', column: 'dim_customer_key', dimension: 'gold.dim_customer' },
    ]);
    expect(star?.missing).toEqual(['dim_shop']);
    expect(star?.dimensions[0]?.rows.at(-1)).toMatchObject({ name: 'valid_from', role: 'history' });
  });

  it('that was designed is a notebook of dimensions and a fact that the format takes', () => {
    const text = starNotebook(
      {
        table: { layer: 'silver', name: 'orders' },
        fact: 'fact_orders',
        grain: ['order_id'],
        measures: [{ column: 'amount', additive: 'additive' }],
        dimensions: [
          { name: 'dim_customer', key: 'customer_id', attributes: ['name'], scd: 1 },
          { name: 'dim_shop', key: 'Shop', attributes: [], scd: 2 },
        ],
        sequenceBy: 'at',
      },
      'Star of orders',
    );
    const { notebook, diagnostics } = parseNotebook(text);
    expect(diagnostics).toEqual([]);
    expect(notebook.cells.map(({ name, config }) => [name, config['materialize']])).toEqual([
      ['dim_customer', 'dimension'],
      ['dim_shop', 'dimension'],
      ['fact_orders', 'fact'],
    ]);
    expect(notebook.cells[1]?.source).toContain('"Shop"');
    expect(notebook.cells[2]?.config).toMatchObject({ dimensions: { customer_id: 'dim_customer', Shop: 'dim_shop' } });
  });

  it('guesses what a column is, and believes what the cell says of its key', () => {
    const roles = (table: { name: string; uniqueKey: string[] }) =>
      ['order_id', 'client_id', 'amount', 'note'].map((name) =>
        guessedRole(table, { name, type: name === 'note' ? 'VARCHAR' : 'DECIMAL(9,2)' }),
      );
    expect(roles({ name: 'orders', uniqueKey: [] })).toEqual(['grain', 'dimension', 'additive', '']);
    expect(roles({ name: 'orders', uniqueKey: ['client_id'] })).toEqual(['dimension', 'grain', 'additive', '']);
  });

  it('names each dimension once, and reserved words are quoted', () => {
    expect(dimensionName('client_id', [])).toBe('dim_client');
    expect(dimensionName('Client', ['dim_client'])).toBe('dim_client_2');
    const design = { table: { layer: 'silver', name: 'sales' }, fact: 'fact_sales', grain: ['order'], measures: [] };
    const text = starNotebook({ ...design, dimensions: [], sequenceBy: null }, 'Star');
    expect(text).toContain('select "order"');
  });
});
