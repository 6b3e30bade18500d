import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFault } from '@datacraft/shared';
import { createTestPool } from '../duckdb/testing/pool.ts';
import { hostileReads, hostileStatements, obfuscated } from './testing/hostile-sql.ts';

const test = await createTestPool();
let secret: string;
let mine: string;

beforeAll(async () => {
  mine = await test.dir('mine');
  secret = join(await test.dir('others'), 'secret.csv');
  await writeFile(secret, 'password\nhunter2\n');
});
afterAll(() => test.stop());

/** The second wall alone: statements that no compiler has looked at. */
async function tried(texts: readonly string[]): Promise<{ failed: number; said: string }> {
  const said: string[] = [];
  let failed = 0;
  await test.inSession(
    async (session) => {
      for (const sql of texts) {
        try {
          said.push(JSON.stringify((await session.rows(sql, { limit: 50 })).rows));
        } catch (error) {
          if (!isFault(error)) throw error;
          if (error.code === 'worker-died') throw error;
          failed += 1;
          said.push(error.message.replaceAll(secret, ''));
        }
      }
      expect((await session.rows('select 42')).rows).toEqual([[42]]);
    },
    { writableDir: mine },
  );
  return { failed, said: said.join('\n') };
}

describe('the lock of a session, with no compiler before it', () => {
  it('holds against every reach: nothing of another file is read, whatever else may run', async () => {
    const { said, failed } = await tried([...hostileReads(secret), ...obfuscated(secret)]);
    expect(failed).toBeGreaterThan(200);
    expect(said).not.toMatch(/hunter2|root:x:0|PATH=/);
  });

  it('holds against every statement: nothing is written, attached, loaded or set', async () => {
    await tried(hostileStatements(secret));
    expect(existsSync('/tmp/datacraft-escape.csv')).toBe(false);
    expect(existsSync('/tmp/datacraft-escape')).toBe(false);
    const settings = "select current_setting('enable_external_access'), current_setting('lock_configuration')";
    const after = await test.inSession(
      async (session) => {
        for (const sql of hostileStatements(secret)) await session.run(sql).catch(() => undefined);
        return (await session.rows(settings)).rows;
      },
      { writableDir: mine },
    );
    expect(after).toEqual([[false, true]]);
    expect(existsSync('/tmp/datacraft-escape.csv')).toBe(false);
  });
});
