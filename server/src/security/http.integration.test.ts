import type { Role } from '@datacraft/shared';
import { roles } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import {
  expectNoLeak,
  expectRefused,
  importNotebook,
  startAttackedServer,
  stateOf,
  TARGET,
} from './testing/attacked-server.ts';
import { concrete, lowestRole, opens, operations } from './testing/operations.ts';

let test: TestServer;
let owner: Visitor;
let notebook: string;
let cellId: string;
let binned: string;
const people = new Map<Role, Visitor>();

beforeAll(async () => {
  test = await startAttackedServer();
  owner = await test.owner();
  for (const role of roles) people.set(role, role === 'owner' ? owner : await test.member(role));
  notebook = await importNotebook(owner, TARGET);
  binned = await importNotebook(owner, TARGET);
  cellId = (await test.server.deps.rooms.notebook(notebook)).cells[0]?.id ?? '';
  await owner.call('DELETE', `/notebooks/${binned}`);
});
afterAll(() => test.close());

describe('objects × roles × verbs, from the description of the API', () => {
  it('refuses every stranger and every role below, before it looks at the object or the body', async () => {
    let tried = 0;
    const before = await stateOf(test);
    for (const operation of await operations(test)) {
      if (opens(operation.path)) continue;
      const needed = roles.indexOf(lowestRole(operation));
      for (const id of [notebook, binned, 'nb_guess']) {
        const path = concrete(operation.path, { id, cellId, layer: 'silver', name: 'orders' });
        const body = operation.method === 'GET' ? undefined : {};
        const label = `${operation.method} ${path}`;
        expectRefused(await test.anonymous().call(operation.method, path, body), label, [401]);
        for (const role of roles.slice(0, needed)) {
          const answer = await people.get(role)?.call(operation.method, path, body);
          // A body that does not fit may be told first; the right is asked for before anything is done. The right to what
          // is found by a name of its own is that of its notebook: what they cannot see is not there.
          const isNamed = /\/(streams\/\{source\}\/events|(catalog|tables)\/\{layer\}\/\{name\}.*)$/.test(
            operation.path,
          );
          const told = [403, 400, ...(isNamed ? [404] : [])];
          if (answer) expectRefused(answer, `${role} ${label}`, told);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(100);
    expect(await stateOf(test)).toBe(before);
  });

  it('knows no object that is not there: in the bin, guessed, of another kind, out of its path', async () => {
    const ids = [
      binned,
      'nb_guess',
      'usr_x',
      '..',
      '%2e%2e',
      '%2e%2e%2fusers',
      "' or 1=1 --",
      '%00',
      '__proto__',
      'x'.repeat(60),
    ];
    const before = await stateOf(test);
    for (const operation of await operations(test)) {
      if (!operation.path.includes('{') || /events|by-token|dashboards|restore/.test(operation.path)) continue;
      // The bin is for members to look into.
      if (operation.method === 'GET' && operation.path.endsWith('/notebooks/{id}')) continue;
      for (const id of ids) {
        const path = concrete(operation.path, { id, cellId: id, layer: id, name: id, token: id });
        const body =
          operation.method === 'GET' ? undefined : { role: 'viewer', cellId: 'x', config: {}, tiles: [], title: 'x' };
        const answer = await owner.call(operation.method, path.replace('/api/v1', ''), body);
        expectNoLeak(answer, path);
        if (/\/notebooks\/\{id\}\/runs$/.test(operation.path) && operation.method === 'GET')
          expect(['[]', 'bad-request']).toContain(answer.json.code ?? answer.text);
        else if (operation.path.includes('/users/{id}') || !/^\.\.|%2e|%00/.test(id))
          expect([operation.method, path, answer.status >= 400 && answer.status < 500]).toEqual([
            operation.method,
            path,
            true,
          ]);
        expect(answer.status, path).toBeLessThan(500);
      }
    }
    expect(await stateOf(test)).toBe(before);
  });
});
