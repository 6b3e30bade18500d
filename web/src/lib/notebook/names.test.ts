import { describe, expect, it } from 'vitest';
import { freeName, nameOfFile } from './names.ts';

describe('names of new cells', () => {
  it('count up from the first free one', () => {
    expect(freeName('orders', new Set())).toBe('orders');
    expect(freeName('orders', new Set(['orders', 'orders_2']))).toBe('orders_3');
    expect(freeName('orders_2', new Set(['orders_2']))).toBe('orders_3');
  });
  it('come from a file without its accents, spaces and endings', () => {
    expect(nameOfFile('Pedidos São Paulo 2025.csv')).toBe('pedidos_sao_paulo_2025');
    expect(nameOfFile('2025-orders.ndjson.gz')).toBe('orders');
    expect(nameOfFile('###.csv')).toBe('source');
  });
});
