import { expect } from 'vitest';
import { attachEngine } from '../../attach.ts';
import type { Answer, TestServer, Visitor } from '../../testing/test-server.ts';
import { startTestServer } from '../../testing/test-server.ts';

/** What no answer may hold, whatever was asked. */
const leaks =
  /\/tmp\/datacraft|\/proc\/|root:x:0|at \S+ \(|node_modules|\.ts:\d+|postgres(ql)?:\/\/|\$argon2|secret\.key/;

export function startAttackedServer(env: Record<string, string> = {}): Promise<TestServer> {
  return startTestServer(env, { attach: attachEngine });
}

/** A clear refusal: 4xx, a problem with a code, nothing of ours in it. */
export function expectRefused(answer: Answer, label: string, statuses: readonly number[] = []): void {
  expect([label, answer.status >= 400 && answer.status < 500]).toEqual([label, true]);
  if (statuses.length > 0) expect(statuses, label).toContain(answer.status);
  expect(answer.headers.get('content-type'), label).toBe('application/problem+json');
  expect(answer.json.code, label).not.toBe('internal');
  expectNoLeak(answer, label);
}

export function expectNoLeak(answer: Answer, label: string): void {
  expect([label, leaks.exec(answer.text)?.[0] ?? null]).toEqual([label, null]);
}

/** Ready, and answers a query; on a busy machine not at once, where a query may take but a second. */
export async function expectAlive(test: TestServer, who: Visitor): Promise<void> {
  expect((await test.anonymous().call('GET', '/readyz')).status).toBe(200);
  const ask = () => who.call('POST', '/query', { sql: 'select 41 + 1 as n' });
  let answer = await ask();
  for (let again = 0; again < 10 && answer.json.code === 'timed-out'; again += 1) answer = await ask();
  expect(answer.json.rows, answer.text).toEqual([{ n: 42 }]);
}

/** Everything an attack could have changed in the database, as one text. */
export async function stateOf(test: TestServer): Promise<string> {
  const { rows } = await test.server.deps.pool.query<{ state: string }>(
    `select json_build_object(
       'users', (select json_agg(json_build_array(id, role, disabled_at, password_hash) order by id) from users),
       'notebooks', (select json_agg(json_build_array(id, title, deleted_at) order by id) from notebooks),
       'relations', (select count(*) from relations),
       'runs', (select count(*) from runs),
       'invitations', (select count(*) from invitations),
       'tokens', (select json_agg(json_build_array(id, revoked_at) order by id) from api_tokens))::text as state`,
  );
  return rows[0]?.state ?? '';
}

export async function importNotebook(owner: Visitor, text: string): Promise<string> {
  const made = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  if (made.status !== 201) throw new Error(made.text);
  return made.json.id;
}

/** A notebook to attack, by its text. */
export const TARGET = '---\ndatacraft: 1\ntitle: Target\n---\n\n```sql orders\nselect 1 as id\n```\n';
