import type { SqlSpec } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDuckPool } from '../duckdb/pool.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { changesSelect, firstMergeSelect, mergeSelect } from './merge.ts';

const pool = createDuckPool({ size: 1, warm: 1 });
let session: DuckSession;
beforeAll(async () => {
  session = await pool.open({ readable: [] });
});
afterAll(async () => {
  await session.close();
  await pool.stop();
});

const table = "(values (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c'), (null, 4, 'd')) t(k, v, name)";
const came = "(values (2, 9, 'B'), (4, 1, 'x'), (4, 2, 'y')) t(k, v, name)";
const latest: SqlSpec = { unique_key: 'k', sequence_by: 'v' };
const columns = ['k', 'v', 'name'].map((name) => ({ name, type: 'INTEGER' }));

async function rowsOf(select: string): Promise<string[]> {
  const { rows } = await session.rows(`select k, v, name from (${select}) order by all`);
  return rows.map((row) => row.map((value) => String(value)).join(' '));
}
const relation = async (name: string, rows: string) =>
  session.run(`create or replace view "${name}" as select * from ${rows}`);
const changes = async (spec: SqlSpec, incoming: string) => {
  await relation('changed', incoming);
  return (await session.rows(changesSelect(spec, '"changed"', '"table"', columns))).rows.length;
};

describe('a merge', () => {
  const merged = (more: SqlSpec, parts: { known?: string; source?: string } = {}) =>
    rowsOf(mergeSelect({ ...latest, ...more }, { incoming: '"came"', current: '"table"', ...parts }));
  beforeAll(async () => {
    await relation('table', table);
    await relation('came', came);
    await relation('nobody', "(select 1 as k, 1 as v, '' as name where false)");
  });

  it('M2 takes the latest of each key and leaves the others', async () => {
    expect(await merged({})).toEqual(['1 1 a', '2 9 B', '3 3 c', '4 2 y', 'null 4 d']);
    expect(await rowsOf(firstMergeSelect(latest, '"came"'))).toEqual(['2 9 B', '4 2 y']);
  });

  it('M2 takes rows that are known to be the latest as they are, and gives the same', async () => {
    await relation('late', "(values (2, 2, 'B'), (4, 1, 'x')) t(k, v, name)");
    const [parts, spec] = [{ incoming: '"late"', current: '"table"' }, latest];
    const known = await rowsOf(mergeSelect(spec, { ...parts, isLatest: true }));
    expect(known).toEqual(['1 1 a', '2 2 B', '3 3 c', '4 1 x', 'null 4 d']);
    expect(known).toEqual(await rowsOf(mergeSelect(spec, parts)));
  });

  it('M3 with insert_only adds the latest row of each new key and changes none', async () => {
    const insert = { insert_only: true } as const;
    expect(await merged(insert)).toEqual(['1 1 a', '2 2 b', '3 3 c', '4 2 y', 'null 4 d']);
    expect(await merged(insert, { known: '"nobody"' })).toContain('2 9 B');
    const spec = { ...latest, ...insert };
    expect([await changes(spec, '"came"'), await changes(spec, "(values (3, 99, 'z')) t(k, v, name)")]).toEqual([2, 0]);
  });

  it('M4 with unmatched: delete keeps of the table what the source has the key of, which NULL never is', async () => {
    expect(await merged({ unmatched: 'delete' })).toEqual(['2 9 B', '4 2 y']);
    expect(await merged({ unmatched: 'delete' }, { source: '"table"' })).toEqual(['1 1 a', '2 9 B', '3 3 c', '4 2 y']);
    expect(await merged({ unmatched: 'delete' }, { source: '"nobody"' })).toEqual(['2 9 B', '4 2 y']);
    expect(await merged({ unmatched: 'keep' })).toEqual(await merged({}));
  });

  it('M3 M4 together add what is new, delete what is gone, and change nothing', async () => {
    expect(await merged({ insert_only: true, unmatched: 'delete' })).toEqual(['2 2 b', '4 2 y']);
  });
});
