import { hash32 } from './random.ts';
import type { Template } from './template.ts';

const CATEGORIES = [
  ['eletrônicos', 'Fone', 'Teclado', 'Monitor', 'Carregador'],
  ['casa', 'Luminária', 'Almofada', 'Panela', 'Tapete'],
  ['moda', 'Camiseta', 'Tênis', 'Jaqueta', 'Bolsa'],
  ['livros', 'Romance', 'Agenda', 'Atlas', 'Caderno'],
  ['esporte', 'Bola', 'Halter', 'Bicicleta', 'Mochila'],
  ['beleza', 'Creme', 'Perfume', 'Xampu', 'Escova'],
] as const;

/** A product's price depends on its id and the seed alone, so that orders agree with the product table. */
export function priceCents(seed: number, productId: number): number {
  const draw = (hash32(`price ${seed} ${productId}`, 7) >>> 0) / 4294967296;
  return 990 + Math.floor(draw * draw * 149_000);
}

export const products: Template = {
  columns: [
    { name: 'product_id', type: 'BIGINT', role: 'key' },
    { name: 'sku', type: 'VARCHAR', role: 'other' },
    { name: 'name', type: 'VARCHAR', role: 'text' },
    { name: 'category', type: 'VARCHAR', role: 'text' },
    { name: 'price', type: 'DECIMAL(12,2)', role: 'number' },
    { name: 'cost', type: 'DECIMAL(12,2)', role: 'number' },
    { name: 'active', type: 'BOOLEAN', role: 'other' },
    { name: 'created_at', type: 'TIMESTAMP', role: 'time' },
  ],
  row(index, timeMs, { random, pools, settings, timeText }) {
    const id = index + 1;
    const [category, ...nouns] = random.pick(CATEGORIES);
    const price = priceCents(settings.seed, id);
    const cost = Math.floor(price * (0.4 + random.next() * 0.35));
    return [
      String(id),
      `SKU-${String(id).padStart(6, '0')}`,
      `${random.pick(nouns)} ${random.pick(pools.adjectives)} ${random.pick(pools.materials)}`,
      category,
      centsText(price),
      centsText(cost),
      random.next() < 0.93 ? 'true' : 'false',
      timeText(timeMs - 730 * 86_400_000),
    ];
  },
};

export function centsText(cents: number): string {
  const rest = cents % 100;
  return `${Math.floor(cents / 100)}.${rest < 10 ? '0' : ''}${rest}`;
}
