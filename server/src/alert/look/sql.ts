import { withQuery } from '@datacraft/engine';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

const QUERY_MS = 30_000;

/** While the first value of the first row is true, or a number other than 0. In a locked session, as all SQL of people. */
export async function seeSql({ id, name, config }: Rule, { engine }: World): Promise<Observation[]> {
  const value = await withQuery({ sql: config.sql ?? '', timeoutMs: QUERY_MS }, engine.run, async (query) => {
    const { rows } = await query.session.rows(`select * from (${query.select}) limit 1`);
    return rows[0]?.[0] ?? null;
  });
  const isTrue = value !== null && value !== false && value !== '' && Number(value) !== 0;
  if (!isTrue) return [];
  const shown = typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
  return [
    {
      key: 'true',
      cause: `rule:${id}`,
      title: name,
      summary: `the query says ${shown}`,
      facts: { value: shown },
      link: null,
    },
  ];
}
