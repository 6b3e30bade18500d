import type { Random } from '../../engine/src/source/simulator/random.ts';
import { createRandom } from '../../engine/src/source/simulator/random.ts';
import { csvOf } from './csv.ts';

const MONTHS = 48;
const FIRST_YEAR = 2021;

interface Account {
  readonly code: string;
  readonly name: string;
  readonly kind: 'receita' | 'despesa';
  /** A month's amount at the beginning, its growth in a year, and how far a season moves it. */
  readonly base: number;
  readonly growth: number;
  readonly season: number;
}

const accounts: readonly Account[] = [
  { code: '3.1.01', name: 'Vendas de produtos', kind: 'receita', base: 820_000, growth: 0.09, season: 0.22 },
  { code: '3.1.02', name: 'Serviços', kind: 'receita', base: 240_000, growth: 0.14, season: 0.06 },
  { code: '3.2.01', name: 'Receitas financeiras', kind: 'receita', base: 18_000, growth: 0.05, season: 0.02 },
  { code: '4.1.01', name: 'Folha de pagamento', kind: 'despesa', base: 390_000, growth: 0.07, season: 0.1 },
  { code: '4.1.02', name: 'Custo dos produtos', kind: 'despesa', base: 330_000, growth: 0.08, season: 0.2 },
  { code: '4.2.01', name: 'Aluguel', kind: 'despesa', base: 52_000, growth: 0.06, season: 0 },
  { code: '4.2.02', name: 'Marketing', kind: 'despesa', base: 64_000, growth: 0.1, season: 0.25 },
  { code: '4.3.01', name: 'Impostos', kind: 'despesa', base: 128_000, growth: 0.08, season: 0.18 },
];

/** Postings of four years in a bank's CSV, and the budget that they are held against. */
export function financeData(): [string, Buffer][] {
  const random = createRandom('finance');
  const postings: (readonly unknown[])[] = [];
  const budget: (readonly unknown[])[] = [];
  for (let month = 0; month < MONTHS; month += 1) {
    for (const account of accounts) {
      const planned = plannedOf(account, month);
      budget.push([dayOf(month, 1), account.code, cents(planned)]);
      const shock = account.name === 'Marketing' && month === 40 ? 1.8 : 1;
      for (const part of partsOf(planned * shock * (0.95 + random.next() * 0.1), random))
        postings.push([brazilian(month, part.day), account.code, account.name, account.kind, part.amount]);
    }
    if (month % 9 === 4) postings.push([brazilian(month, 12), '9.9.99', 'Conta desconhecida', 'outros', '100,00']);
  }
  const numbered = postings.map((row, n) => [n + 1, ...row]);
  return [
    ['finance/data/lancamentos.csv', csvOf(['id', 'data', 'conta', 'nome', 'tipo', 'valor'], numbered, ';')],
    ['finance/data/orcamento.csv', csvOf(['mes', 'conta', 'valor'], budget)],
  ];
}

function plannedOf({ base, growth, season }: Account, month: number): number {
  return base * (1 + growth) ** (month / 12) * (1 + season * Math.sin((2 * Math.PI * (month - 8)) / 12));
}

function partsOf(total: number, random: Random) {
  const count = random.between(1, 4);
  return Array.from({ length: count }, () => ({
    day: random.between(1, 28),
    amount: cents(total / count).replace('.', ','),
  }));
}

const cents = (value: number) => value.toFixed(2);
const two = (value: number) => String(value).padStart(2, '0');
const yearOf = (month: number) => FIRST_YEAR + Math.floor(month / 12);
const dayOf = (month: number, day: number) => `${yearOf(month)}-${two((month % 12) + 1)}-${two(day)}`;
const brazilian = (month: number, day: number) => `${two(day)}/${two((month % 12) + 1)}/${yearOf(month)}`;
