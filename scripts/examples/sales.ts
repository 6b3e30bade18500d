import type { Random } from '../../engine/src/source/simulator/random.ts';
import { createRandom } from '../../engine/src/source/simulator/random.ts';
import { csvOf } from './csv.ts';

const products = ['Notebook', 'Monitor', 'Teclado', 'Mouse', 'Headset', 'Webcam', 'Cadeira', 'Mesa'] as const;
const prices = [4200, 1150, 190, 90, 320, 260, 980, 1340] as const;
const DAYS = 60;

/** Two systems that sell, each in the form of its own and with mistakes of its own. */
export function salesData(): [string, Buffer][] {
  const random = createRandom('sales');
  const shop = Array.from({ length: 900 }, (_, n) => shopRow(n, random));
  const online = Array.from({ length: 1_400 }, (_, n) => `${JSON.stringify(onlineRow(n, random))}\n`);
  // The web shop's queue delivers some events twice, and one was cut off.
  const again = online.filter((_, n) => n % 97 === 0);
  const catalogue = products.map((name, n) => [`P${n + 1}`, name, n < 6 ? 'Informática' : 'Móveis', prices[n]]);
  return [
    ['sales/data/lojas.csv', csvOf(['venda', 'data', 'loja', 'produto', 'qtd', 'preco'], shop, ';')],
    ['sales/data/site.ndjson', Buffer.from([...online, ...again, '{"order": 12'].join(''))],
    ['sales/data/produtos.csv', csvOf(['produto', 'nome', 'categoria', 'preco_tabela'], catalogue)],
  ];
}

function shopRow(n: number, random: Random): readonly unknown[] {
  const product = random.between(0, products.length - 1);
  const price = ((prices[product] ?? 0) * (0.9 + random.next() * 0.15)).toFixed(2).replace('.', ',');
  const quantity = n % 151 === 7 ? 'dois' : random.between(1, 3);
  const day = random.between(0, DAYS - 1);
  const date = new Date(Date.UTC(2025, 2, 1) + day * 86_400_000).toISOString().slice(0, 10).split('-').reverse();
  return [n + 1, date.join('/'), random.pick(['Centro', 'Norte', 'Shopping']), `P${product + 1}`, quantity, price];
}

function onlineRow(n: number, random: Random): object {
  const product = random.between(0, products.length - 1);
  const at = Date.UTC(2025, 2, 1) + random.between(0, DAYS * 86_400 - 1) * 1000;
  return {
    order: 10_000 + n,
    at: new Date(at).toISOString().slice(0, 19),
    customer: { id: random.between(1, 300), state: random.pick(['SP', 'RJ', 'MG', 'RS', 'BA']) },
    // Now and then the web shop forgets what was sold.
    product: n % 211 === 5 ? null : `P${product + 1}`,
    quantity: random.between(1, 4),
    price: Number(((prices[product] ?? 0) * (0.85 + random.next() * 0.15)).toFixed(2)),
    coupon: random.next() < 0.2 ? 'VOLTA10' : null,
  };
}
