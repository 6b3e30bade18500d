import fc from 'fast-check';
import { relationName } from '@datacraft/shared';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { aNotebook } from '../compile/testing/a-notebook.ts';
import { anyCells } from '../compile/testing/any-notebook.ts';
import { createDuckPool } from '../duckdb/pool.ts';
import type { Scan } from './read-chain.ts';
import { readChain } from './read-chain.ts';
import { rowsOf } from './testing/run-chain.ts';

const pool = createDuckPool({ size: 2, warm: 1 });
const parse = (text: string) => pool.parse(text);
afterAll(() => pool.stop());

const base: Record<string, Scan> = {
  'bronze.raw': { scan: 'select 1 as a union all select 2', files: [] },
  'gold.calendar': { scan: "select date '2025-01-01' as day", files: [] },
};

describe('read chain, for any notebook', () => {
  it('gives the same rows inlined from the sources and read from what a run stored', async () => {
    await fc.assert(
      fc.asyncProperty(anyCells, async (cells) => {
        const { graph } = await compile(aNotebook(...cells), { parse });
        const stored = new Map(Object.entries(base));
        for (const name of graph.order) {
          const cell = graph.cells.get(name);
          if (cell?.kind !== 'sql' || cell.relation === null) continue;
          const inlined = await rowsOf(
            pool,
            readChain(graph, name, { published: (table) => base[table] ?? null, params: { low: 3 } }),
          );
          const options = {
            published: (table: string) => stored.get(table) ?? null,
            params: { low: 3 },
            trustStored: true,
          };
          expect(await rowsOf(pool, readChain(graph, name, options))).toEqual(inlined);
          stored.set(relationName(cell.relation), { scan: valuesOf(inlined), files: [] });
        }
      }),
      { numRuns: 8 },
    );
  });
});

function valuesOf(rows: readonly unknown[]): string {
  const tuples = rows.map((row) => `(${Object.values(row as Record<string, number>).join(', ')})`);
  return `select n::integer as n, p::double as p from (values ${tuples.join(', ')}) as t(n, p)`;
}
