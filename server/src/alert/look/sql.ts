import { withQuery } from '@datacraft/engine';
import type { SaidValue } from '@datacraft/shared';
import { Fault, figuresOf, say } from '@datacraft/shared';
import type { Principal } from '../../auth/principal.ts';
import type { ServerEngine } from '../../engine.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

export const QUERY_MS = 30_000;

/** While the first value of the first row is true, or a number other than 0. In a locked session, as all SQL of people. */
export async function seeSql({ id, name, config, writtenBy }: Rule, { engine }: World): Promise<Observation[]> {
  const reading = await readingOfWriter(engine, writtenBy);
  const value = await withQuery({ sql: config.sql ?? '', timeoutMs: QUERY_MS }, reading, async (query) => {
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
      summary: say('the query says {shown}', { shown: figureOf(shown) }),
      facts: { value: shown },
      link: null,
    },
  ];
}

/** Decimals and large integers come as texts. */
function figureOf(shown: string | number): SaidValue {
  const value = Number(shown);
  const isNumber = typeof shown === 'number' || /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(shown);
  return isNumber && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    ? figuresOf(value)[0]
    : String(shown);
}

/** A rule reads what its writer may read now. */
export async function readingOfWriter(engine: ServerEngine, writtenBy: string | null) {
  return engine.readingAs(await writerOf(engine, writtenBy));
}

async function writerOf({ run: { db } }: ServerEngine, userId: string | null): Promise<Principal> {
  const { rows } = await db.query<Pick<Principal, 'userId' | 'email' | 'name' | 'role' | 'locale'>>(
    'select id as "userId", email, name, role, locale from users where id = $1 and disabled_at is null',
    [userId],
  );
  const [writer] = rows;
  if (writer) return { ...writer, via: 'session', credentialId: '' };
  throw new Fault('forbidden', 'whoever wrote this rule has no account any more; save it again to give it your rights');
}
