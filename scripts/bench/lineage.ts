import type { LineageGraph } from '@datacraft/shared';
import { indexLineage, lineageGraph } from '@datacraft/shared';
import { createParse } from '../../engine/src/compile/testing/duck-parse.ts';
import { lineageOfQuery } from '../../engine/src/lineage/lineage.ts';
import { corpus, tableOfCorpus, tables } from '../../engine/src/lineage/testing/corpus.ts';
import type { Bench } from './bench.ts';
import { besideNetworkx } from './lineage-networkx.ts';
import { startSqlglot } from './lineage-sqlglot.ts';
import type { Comparison } from './pairs.ts';
import { comparePairs, timed } from './pairs.ts';

const TABLES = 500;
const COLUMNS = 20;
const ASKED = 1_000;
const BESIDE = 50;

/** Lineage of every query of the corpus beside DuckDB's parse of it alone, and questions to a graph of 10,000 columns. */
export const lineage: Bench = {
  goal: 'a query ≤ 2 × its parse alone; a question to a graph of 10,000 columns p95 < 300 ms',
  async measure({ pairs, say }) {
    const queries = corpus().map(({ sql }) => sql);
    const parse = await createParse();
    const parsed = async (list: readonly string[]) => {
      for (const sql of list) await parse(sql);
    };
    const traced = async (list: readonly string[]) => {
      for (const sql of list) {
        const tree = await parse(sql);
        if (tree.kind === 'error') throw new Error(`${tree.message} in ${sql}`);
        lineageOfQuery(tree.statements[0], tableOfCorpus);
      }
    };
    const side = (name: string, list: readonly string[], work: (list: readonly string[]) => Promise<void>) => ({
      name,
      run: async () => ({ ms: (await timed(() => work(list))).ms, result: `${list.length} queries` }),
    });
    const ours = 'parse and lineage';
    const alone = side('json_serialize_sql and JSON.parse alone', queries, parsed);
    const perQuery = await comparePairs('lineage of the corpus', side(ours, queries, traced), alone, pairs);
    const glot = await startSqlglot(queries, tables);
    const common = glot.known.map((at) => queries[at] ?? '');
    const peer = {
      name: 'sqlglot, qualify and lineage of each column',
      run: async () => ({ ms: await glot.round(), result: `${common.length} queries` }),
    };
    const beside = await comparePairs(
      'lineage of the queries that sqlglot answers too',
      side(ours, common, traced),
      peer,
      pairs,
    ).finally(() => glot.stop());
    say('measured the corpus');
    return {
      facts: {
        queries: queries.length,
        'of which sqlglot answers': common.length,
        tables: TABLES,
        columns: TABLES * COLUMNS,
      },
      comparisons: [perQuery, beside, ...(await graphBesideNetworkx(pairs))],
      figures: { 'one query': perQuery.oursMs / queries.length, ...(await figuresOfGraph()) },
    };
  },
};

/** Of columns alone: networkx has no notion of what decides a table's rows. */
function graphBesideNetworkx(pairs: number): Promise<Comparison[]> {
  const whole = wideGraph();
  const graph = { ...whole, links: whole.links.filter(({ toColumn }) => toColumn !== null) };
  const asked = Array.from({ length: BESIDE }, (_, at) => columnAt(graph, at));
  return besideNetworkx(graph, asked, pairs);
}

function columnAt(graph: LineageGraph, at: number) {
  const node = graph.nodes[(at * 7919) % graph.nodes.length];
  return { key: node?.key ?? '', column: node?.columns[at % COLUMNS]?.name ?? '' };
}

async function figuresOfGraph(): Promise<Record<string, number>> {
  const graph = wideGraph();
  const built = await timed(async () => indexLineage(graph));
  const times: number[] = [];
  for (let at = 0; at < ASKED; at += 1) {
    const asked = columnAt(graph, at);
    times.push((await timed(async () => [built.value.reach(asked, 'up'), built.value.reach(asked, 'down')])).ms);
  }
  const sorted = times.sort((a, b) => a - b);
  const quantile = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? NaN;
  return {
    'index of the graph': built.ms,
    'up and down from a column, p50': quantile(0.5),
    'up and down from a column, p95': quantile(0.95),
    'up and down from a column, max': quantile(1),
  };
}

/** Each table reads two before it, column by column, one of them filtered by a third column. */
function wideGraph(): LineageGraph {
  const name = (at: number) => `silver.t${at}`;
  return lineageGraph(
    Array.from({ length: TABLES }, (_, at) => ({
      cell: `t${at}`,
      kind: 'sql' as const,
      relation: name(at),
      isPublished: true,
      owner: `notebook:${at % 25}`,
      notebookId: String(at % 25),
      notebookTitle: `Notebook ${at % 25}`,
      gaps: [],
      rows: at === 0 ? [] : [{ table: name(at - 1), column: 'c0', kind: 'filter' as const, how: null }],
      columns: Array.from({ length: COLUMNS }, (__, column) => ({
        name: `c${column}`,
        type: 'BIGINT',
        from: [at - 1, Math.floor(at / 2) - 1]
          .filter((before) => before >= 0)
          .map((before) => ({
            table: name(before),
            column: `c${(column + (before % 3)) % COLUMNS}`,
            kind: 'direct' as const,
            how: 'transform' as const,
          })),
      })),
    })),
  );
}
