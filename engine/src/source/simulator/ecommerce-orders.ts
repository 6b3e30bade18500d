import { centsText, priceCents } from './ecommerce-products.ts';
import type { Template } from './template.ts';

const CHANNELS = ['site', 'site', 'site', 'app', 'app', 'marketplace', 'loja'] as const;
const STATUSES = ['delivered', 'delivered', 'delivered', 'shipped', 'paid', 'cancelled', 'returned'] as const;
const PAYMENTS = ['pix', 'pix', 'credit_card', 'credit_card', 'boleto', 'debit_card'] as const;

/**
 * Customers and products that orders refer to: the first so many of the other templates. By default those have 1000
 * and 200 rows; few orders refer to fewer, so that smaller tables of the same seed still hold every key.
 */
export function referencedKeys(rows: number): { readonly customers: number; readonly products: number } {
  const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, Math.floor(value)));
  return { customers: clamp(rows / 10, 20, 1000), products: clamp(rows / 50, 10, 200) };
}

export const orders: Template = {
  columns: [
    { name: 'order_id', type: 'BIGINT', role: 'key' },
    { name: 'customer_id', type: 'BIGINT', role: 'key' },
    { name: 'product_id', type: 'BIGINT', role: 'key' },
    { name: 'channel', type: 'VARCHAR', role: 'text' },
    { name: 'status', type: 'VARCHAR', role: 'text' },
    { name: 'payment_method', type: 'VARCHAR', role: 'other' },
    { name: 'quantity', type: 'BIGINT', role: 'number' },
    { name: 'unit_price', type: 'DECIMAL(12,2)', role: 'other' },
    { name: 'discount', type: 'DECIMAL(12,2)', role: 'other' },
    { name: 'amount', type: 'DECIMAL(12,2)', role: 'number' },
    { name: 'ordered_at', type: 'TIMESTAMP', role: 'time' },
    { name: 'updated_at', type: 'TIMESTAMP', role: 'other' },
  ],
  row(index, timeMs, { random, settings, timeText }) {
    const keys = referencedKeys(settings.rows);
    // Squaring makes some customers and products buy and sell much more than others.
    const customer = 1 + Math.floor(random.next() ** 2 * keys.customers);
    const product = 1 + Math.floor(random.next() ** 2 * keys.products);
    const quantity = random.next() < 0.7 ? 1 : random.between(2, 6);
    const price = priceCents(settings.seed, product);
    const discount = random.next() < 0.2 ? Math.floor((price * quantity * random.between(5, 30)) / 100) : 0;
    return [
      String(index + 1),
      String(customer),
      String(product),
      random.pick(CHANNELS),
      random.pick(STATUSES),
      random.pick(PAYMENTS),
      String(quantity),
      centsText(price),
      centsText(discount),
      centsText(price * quantity - discount),
      timeText(timeMs),
      timeText(timeMs + random.between(0, 5 * 86_400) * 1000),
    ];
  },
};
