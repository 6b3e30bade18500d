import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TableSchema } from '../relation.ts';
import type { QueryLineage } from '../lineage.ts';

/** One query of the corpus with the edges a person expects of it. */
export interface Case {
  readonly file: string;
  readonly title: string;
  readonly sql: string;
  /** `name: identity orders.amount, filter orders.channel`, in the order of the answer; `rows: …` last. */
  readonly expected: readonly string[];
}

const folder = join(import.meta.dirname, '..', 'corpus');

/** Files hold `# title`, the query, and its edges behind `>`. */
export function corpus(): readonly Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) => casesOf(file, readFileSync(join(folder, file), 'utf8')));
}

function casesOf(file: string, text: string): readonly Case[] {
  return text
    .split(/^# /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.trimEnd().split('\n');
      const isEdge = (line: string) => line.startsWith('> ');
      const sql = lines.filter((line) => !isEdge(line)).join('\n');
      return { file, title, sql: sql.trim(), expected: lines.filter(isEdge).map((line) => line.slice(2)) };
    });
}

/** What was found, as the corpus writes it. */
export function written({ columns, rows }: QueryLineage): readonly string[] {
  const edges = (list: QueryLineage['rows']) =>
    list.map(({ table, column, kind, how }) => `${how ?? kind} ${table}.${column}`).join(', ') || '-';
  const lines = columns.map(({ name, from }) => `${name}: ${edges(from)}`);
  return rows.length === 0 ? lines : [...lines, `rows: ${edges(rows)}`];
}

const STRUCT = 'STRUCT(street VARCHAR, zip VARCHAR, geo STRUCT(lat DOUBLE, lon DOUBLE))';

/** The tables that the queries of the corpus read. */
export const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  orders: {
    order_id: 'INTEGER',
    customer_id: 'INTEGER',
    product_id: 'INTEGER',
    channel: 'VARCHAR',
    amount: 'DOUBLE',
    quantity: 'INTEGER',
    ordered_at: 'TIMESTAMP',
    tags: 'VARCHAR[]',
    lines: 'STRUCT(sku VARCHAR, qty INTEGER)[]',
  },
  customers: { customer_id: 'INTEGER', name: 'VARCHAR', city: 'VARCHAR', joined_at: 'TIMESTAMP', address: STRUCT },
  products: { product_id: 'INTEGER', title: 'VARCHAR', category: 'VARCHAR', price: 'DOUBLE' },
  prices: { product_id: 'INTEGER', valid_from: 'TIMESTAMP', price: 'DOUBLE' },
  wide: { k: 'INTEGER', x1: 'INTEGER', x2: 'INTEGER', y1: 'INTEGER', y2: 'INTEGER', label: 'VARCHAR' },
  nodes: { id: 'INTEGER', parent_id: 'INTEGER', name: 'VARCHAR', weight: 'INTEGER' },
  'silver.events': { event_id: 'INTEGER', kind: 'VARCHAR', payload: 'JSON', at: 'TIMESTAMP', user_id: 'INTEGER' },
};

export function tableOfCorpus(schema: string, name: string): TableSchema | null {
  const key = schema === '' ? name : `${schema}.${name}`;
  const columns = tables[key];
  if (columns === undefined) return null;
  return { key, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })) };
}
