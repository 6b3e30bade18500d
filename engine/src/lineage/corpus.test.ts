import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { createParse } from '../compile/testing/duck-parse.ts';
import type { SqlTree } from '../duckdb/session.ts';
import type { QueryLineage } from './lineage.ts';
import { lineageOfQuery } from './lineage.ts';
import type { Case } from './testing/corpus.ts';
import { corpus, tableOfCorpus, tables, written } from './testing/corpus.ts';
import { fill } from './testing/perturb.ts';

const cases = corpus();
let parse: (sql: string) => Promise<SqlTree>;
let connection: DuckDBConnection;

beforeAll(async () => {
  parse = await createParse();
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await fill(connection, new Set());
  await connection.run('set scalar_subquery_error_on_multiple_rows = false');
  await connection.run(
    "set variable min_amount = 3; set variable rate = 2.5; set variable flag = true; set variable channel = 'web'",
  );
});

/** Inputs as sessions bind them. */
const bound = (sql: string) => sql.replaceAll(/\$([a-z_]+)/g, "getvariable('$1')");

async function lineageOf(sql: string): Promise<QueryLineage> {
  const tree = await parse(sql);
  if (tree.kind === 'error') throw new Error(`${tree.message} in ${sql}`);
  return lineageOfQuery(tree.statements[0], tableOfCorpus);
}

async function answerOf({ sql }: Case): Promise<Map<number, string>> {
  const reader = await connection.runAndReadAll(bound(sql));
  const columns = reader
    .getColumnsJson()
    .map((values) => JSON.stringify(values.map((each) => JSON.stringify(each)).sort()));
  return new Map(columns.entries());
}

describe('the corpus of lineage', () => {
  it('has at least 200 queries, each once', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200);
    expect(new Set(cases.map(({ sql }) => sql)).size).toBe(cases.length);
  });

  it.each(cases)('$file: $title', async ({ sql, expected }) => {
    const found = await lineageOf(sql);
    expect(written(found)).toEqual(expected);
    expect(found.gaps).toEqual([]);
    const statement = await connection.prepare(bound(sql));
    const names = Array.from({ length: statement.columnCount }, (_, at) => statement.columnName(at));
    expect(found.columns.map(({ name }) => name)).toEqual(names);
  });

  it('misses nothing: a change of a column that no edge names changes no value and no row', async () => {
    const before = await Promise.all(cases.map(answerOf));
    const lineages = await Promise.all(cases.map(({ sql }) => lineageOf(sql)));
    const missed: string[] = [];
    let changes = 0;
    for (const [table, columns] of Object.entries(tables)) {
      for (const column of Object.keys(columns)) {
        await fill(connection, new Set([`${table}.${column}`]), table);
        for (const [index, one] of cases.entries()) {
          if (!reads(one.sql, table)) continue;
          const after = await answerOf(one);
          for (const [at, value] of after) {
            if (value === before[index]?.get(at)) continue;
            changes += 1;
            if (!names(lineages[index], at, table, column))
              missed.push(`${one.title}: column ${at} reads ${table}.${column}`);
          }
        }
      }
      await fill(connection, new Set(), table);
    }
    expect(missed).toEqual([]);
    expect(changes).toBeGreaterThan(cases.length);
  });
});

function reads(sql: string, table: string): boolean {
  return sql.includes(table);
}

function names(lineage: QueryLineage | undefined, at: number, table: string, column: string): boolean {
  const edges = [...(lineage?.columns[at]?.from ?? []), ...(lineage?.rows ?? [])];
  return edges.some((edge) => edge.table === table && edge.column === column);
}
