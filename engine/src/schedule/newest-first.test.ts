import type { JsonObject } from '@datacraft/shared';
import { english } from '@datacraft/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import type { CellText } from '../compile/testing/a-notebook.ts';
import { aNotebook, csv, input, sql } from '../compile/testing/a-notebook.ts';
import { createParse } from '../compile/testing/duck-parse.ts';
import type { SqlTree } from '../duckdb/session.ts';
import { whyOldestFirst } from './newest-first.ts';

let parse: (sql: string) => Promise<SqlTree>;
beforeAll(async () => {
  parse = await createParse();
});

async function why(cells: readonly CellText[], only?: ReadonlySet<string>): Promise<string | null> {
  const { graph, diagnostics } = await compile(aNotebook(csv('raw'), ...cells), { parse });
  expect(diagnostics).toEqual([]);
  const said = whyOldestFirst(graph, only);
  return said === null ? null : english(said);
}

const daily = { materialize: 'incremental', strategy: 'replace_interval', time_column: 'day', start: '2024-01-01' };
const days = sql('days', 'select day, v from raw', daily);
const start = input('interval_start', { type: 'date', default: '2020-01-01' });
const added = (text: string, config: JsonObject = daily) => sql('it', text, config);

describe('a backfill newest first', () => {
  it.each<[string, CellText[]]>([
    ['of intervals that look at nothing else', [days, added('select day, sum(v) as v from days group by day')]],
    [
      'of a merge that knows which row is later',
      [
        added('select * from raw', {
          materialize: 'incremental',
          strategy: 'merge',
          unique_key: 'id',
          sequence_by: 'at',
        }),
      ],
    ],
    [
      'of what is made whole of all that was added',
      [
        start,
        added('select $interval_start as day', { materialize: 'incremental' }),
        sql('all', 'select count(*) as n from it'),
      ],
    ],
    [
      'of what looks back at a source alone',
      [added('select day, lag(v) over (order by day) as v from raw', { ...daily, lookback: 2 })],
    ],
    [
      'of a table that windows make no difference to',
      [sql('whole', 'select day, rank() over (order by v) as r from raw')],
    ],
    ['whose column is called over', [days, added('select day, "over" from (select day, v as "over" from days)')]],
  ])('may be: %s', async (_, cells) => {
    expect(await why(cells)).toBeNull();
  });

  it.each<[string, CellText[], string]>([
    [
      'N1 a merge without sequence_by',
      [added('select * from raw', { materialize: 'incremental', unique_key: 'id' })],
      'merges without sequence_by',
    ],
    [
      'N1 a dimension',
      [sql('it', 'select * from raw', { materialize: 'dimension', unique_key: 'id' })],
      'adds to the history',
    ],
    ['N2 a table of its window', [start, sql('it', 'select $interval_start as day')], 'the oldest would stay'],
    [
      'N2 what reads such a table',
      [
        start,
        sql('part', 'select $interval_start as day', { materialize: 'ephemeral' }),
        sql('it', 'select * from part'),
      ],
      'the oldest would stay',
    ],
    [
      'N3 a window function over what is filled along',
      [days, added('select day, lag(v) over (order by day) as v from days')],
      'looks at earlier rows of days',
    ],
    [
      'N3 one on the way',
      [
        days,
        sql('way', 'select day, sum(v) OVER (order by day) as v from days', { materialize: 'ephemeral' }),
        added('select * from way'),
      ],
      'looks at earlier rows of days',
    ],
    [
      'N3 lookback',
      [days, added('select day, v from days', { ...daily, lookback: 1 })],
      'looks at earlier rows of days',
    ],
  ])('is refused: %s', async (_, cells, because) => {
    expect(await why(cells)).toContain(because);
  });

  it('N3 sees the steps of a transformation, and asks only cells that are filled', async () => {
    const steps = {
      kind: 'transform',
      name: 'it',
      config: { from: 'days', ...daily, steps: [{ window: { s: 'sum(v)' }, order_by: 'day' }] },
    } as const;
    expect(await why([days, steps])).toContain('`it` cannot be filled newest first');
    expect(await why([days, steps], new Set(['it']))).toBeNull();
    expect(await why([days, steps], new Set(['days']))).toBeNull();
  });
});
