import type { BareDuckDb } from './bare-duckdb.ts';

/**
 * Orders of an imaginary shop: every value is a hash of its row number and the seed, so each run makes the same file.
 * Amounts are decimals and sums of them exact: results can be compared bit by bit.
 */
export function ordersSelect(rows: number, seed = 42): string {
  const pick = (salt: number, size: number) => `(hash(i + ${seed * 1000 + salt}) % ${size})::integer`;
  return `select
    i as order_id,
    date '2023-01-01' + ${pick(1, 730)} as order_date,
    ${pick(2, 50_000)} as customer_id,
    ['web', 'store', 'phone', 'partner'][${pick(3, 4)} + 1] as channel,
    ['SP', 'RJ', 'MG', 'BA', 'RS', 'PR', 'PE', 'CE'][${pick(4, 8)} + 1] as state,
    ${pick(5, 2_000)} as product_id,
    1 + ${pick(6, 9)} as quantity,
    ((100 + hash(i + ${seed * 1000 + 7}) % 99900)::decimal(12, 2) / 100)::decimal(12, 2) as amount,
    'order ' || i || ' of customer ' || ${pick(2, 50_000)} as note
  from range(${rows}) r(i)`;
}

export async function writeParquet(duck: BareDuckDb, select: string, file: string): Promise<void> {
  await duck.run(`copy (${select}) to '${file}' (format parquet, compression zstd)`);
}

export async function writeCsv(duck: BareDuckDb, select: string, file: string): Promise<void> {
  await duck.run(`copy (${select}) to '${file}' (format csv, header true)`);
}
