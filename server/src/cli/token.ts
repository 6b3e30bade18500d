import type { TokenLimits } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type pg from 'pg';
import { changeToken, createToken, listTokens, revokeToken } from '../auth/api-tokens.ts';
import { loadConfig } from '../config.ts';
import { readArguments } from './arguments.ts';
import { withDatabase } from './database.ts';
import type { Output } from './output.ts';
import { exitCodes, textTable } from './output.ts';

const USAGE =
  'token takes create NAME or limit ID [--requests-per-second N|none] [--predictions-per-day N|none], list, or revoke ID, each with [--user E-MAIL]';

/** `datacraft token create NAME | limit ID | list | revoke ID`: API tokens of a person, by default of the first owner. */
export async function token(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    'data-dir': { type: 'string' },
    user: { type: 'string' },
    'requests-per-second': { type: 'string' },
    'predictions-per-day': { type: 'string' },
  });
  const [action, word, ...more] = read.positionals;
  if (more.length > 0 || (action === 'list') !== (word === undefined)) throw new Fault('bad-request', USAGE);
  const limits = {
    ...limitOf('requestsPerSecond', read.text('requests-per-second'), '--requests-per-second'),
    ...limitOf('predictionsPerDay', read.text('predictions-per-day'), '--predictions-per-day'),
  };
  await withDatabase(loadConfig(process.env, { dataDir: read.text('data-dir') }), async (pool) => {
    const userId = await personOf(pool, read.text('user'));
    await perform(pool, userId, { action, word: word ?? '', limits }, output);
  });
  return exitCodes.done;
}

const NO_LIMITS: TokenLimits = { requestsPerSecond: null, predictionsPerDay: null };

interface Asked {
  readonly action: string | undefined;
  readonly word: string;
  readonly limits: Partial<TokenLimits>;
}

async function perform(pool: pg.Pool, userId: string, { action, word, limits }: Asked, output: Output): Promise<void> {
  if (action === 'create') output.out((await createToken(pool, userId, { name: word, ...NO_LIMITS, ...limits })).token);
  else if (action === 'limit') await limit(pool, userId, word, limits);
  else if (action === 'revoke') await revokeToken(pool, userId, word);
  else if (action === 'list') {
    const rows = (await listTokens(pool, userId)).map((each) => [
      each.id,
      each.name,
      String(each.requestsPerSecond ?? ''),
      String(each.predictionsPerDay ?? ''),
      String(each.predictionsToday),
      each.lastUsedAt ?? '',
    ]);
    output.out(textTable(['id', 'name', 'requests/s', 'predictions/day', 'today', 'last used'], rows));
  } else throw new Fault('bad-request', USAGE);
}

async function limit(pool: pg.Pool, userId: string, id: string, limits: Partial<TokenLimits>): Promise<void> {
  if (Object.keys(limits).length === 0)
    throw new Fault(
      'bad-request',
      'token limit expects --requests-per-second or --predictions-per-day: a number, or none',
    );
  await changeToken(pool, userId, id, limits);
}

async function personOf(pool: pg.Pool, email: string | undefined): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from users where disabled_at is null and case when $1::text is null then role = 'owner'
       else lower(email) = lower($1) end order by created_at limit 1`,
    [email ?? null],
  );
  if (rows[0] !== undefined) return rows[0].id;
  throw new Fault('not-found', email === undefined ? 'there is no owner yet: sign up first' : `nobody has ${email}`);
}

function limitOf(name: keyof TokenLimits, written: string | undefined, option: string): Partial<TokenLimits> {
  if (written === undefined) return {};
  if (written === 'none') return { [name]: null };
  const limit = Number(written);
  if (Number.isSafeInteger(limit) && limit > 0) return { [name]: limit };
  throw new Fault('bad-request', `${option} expects a whole number above 0, or none; got ${written}`);
}
