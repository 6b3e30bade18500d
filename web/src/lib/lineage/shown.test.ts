import type { LineageNode } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { foundColumns, openColumns } from './shown.ts';

const node: LineageNode = {
  key: 'silver.orders',
  kind: 'sql',
  cell: 'orders',
  notebookId: null,
  notebookTitle: 'Vendas',
  columns: ['order_id', 'amount', 'channel'].map((name) => ({ name, type: null })),
  gaps: [],
};
const names = (columns: readonly { readonly name: string }[] | null) => columns?.map(({ name }) => name) ?? null;

describe('a graph of many tables', () => {
  it('is searched by table, notebook and column', () => {
    expect(names(foundColumns(node, ''))).toHaveLength(3);
    expect(names(foundColumns(node, 'ORDERS'))).toHaveLength(3);
    expect(names(foundColumns(node, 'vendas'))).toHaveLength(3);
    expect(names(foundColumns(node, ' amount'))).toEqual(['amount']);
    expect(names(foundColumns(node, 'orders.ch'))).toEqual(['channel']);
    expect(foundColumns(node, 'customer')).toBeNull();
  });

  it('shows of tables that were reached the reached columns alone, and all of one that is asked for', () => {
    const reached = [new Map([['silver.orders', new Map([['amount', 'direct' as const]])]]), null];
    expect(names(openColumns(node, 200, { isAsked: false, reached }))).toEqual(['amount']);
    expect(names(openColumns(node, 200, { isAsked: true, reached }))).toHaveLength(3);
    expect(names(openColumns(node, 5, { isAsked: false, reached }))).toHaveLength(3);
  });
});
