import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { datacraft } from '../testing/datacraft.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { audit } from './audit.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

const actions = async (): Promise<string[]> =>
  (await owner.call('GET', '/audit?limit=1000')).json.map((each: { action: string }) => each.action);
const exported = async (): Promise<string> =>
  (await fetch(`${test.origin}/api/v1/audit/export`, { headers: { cookie: owner.cookie } })).text();
const verdict = async () => (await owner.call('GET', '/audit/verify')).json;

describe('the audit', () => {
  it('holds what people did, in a chain, and is for owners', async () => {
    const text = '---\ndatacraft: 1\ntitle: T\n---\n\n```sql audited\nselect 1 as a\n```\n';
    const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
    const run = await owner.call('POST', `/notebooks/${json.id}/runs`, {});
    await owner.call('POST', `/runs/${run.json.runId}/cancel`);
    await owner.call('PUT', '/secrets/k', { value: 'canary-0815' });
    await owner.call('DELETE', `/notebooks/${json.id}`);
    await test.member('editor');
    expect(await actions()).toEqual(
      expect.arrayContaining([
        'signup',
        'invite',
        'notebook-import',
        'run-start',
        'run-cancel',
        'secret-set',
        'notebook-delete',
      ]),
    );
    expect(await verdict()).toMatchObject({ broken: null, entries: (await actions()).length });
    const editor = await test.member('editor');
    for (const where of ['/audit', '/audit/verify', '/audit/export'])
      expect((await editor.call('GET', where)).status).toBe(403);
    expect(await exported()).not.toContain('canary-0815');
  });

  it('is found by who, what and when', async () => {
    const found = async (query: string) =>
      (await owner.call('GET', `/audit?${query}`)).json as Record<string, unknown>[];
    expect((await found('what=secret%20set')).map(({ action, by }) => [action, by])).toEqual([['secret-set', 'owner']]);
    expect((await found('who=OWNER@&what=run-')).length).toBe(2);
    expect(await found('who=nobody')).toEqual([]);
    expect(await found('to=2020-01-01T00:00:00Z')).toEqual([]);
    expect((await found('from=2020-01-01T00:00:00Z&limit=3')).length).toBe(3);
    expect((await owner.call('GET', '/audit?from=yesterday')).status).toBe(400);
  });

  it('holds what commands did, and that it was a command', async () => {
    const env = { DATABASE_URL: test.database.url, DATACRAFT_DATA_DIR: test.config.dataDir };
    const folder = await mkdtemp(path.join(tmpdir(), 'datacraft-audit-'));
    const file = path.join(folder, 'by-command.md');
    await writeFile(file, '---\ndatacraft: 1\ntitle: By command\n---\n\n```sql by_command\nselect 1 as a\n```\n');
    expect((await datacraft(['run', file], env)).code).toBe(0);
    expect((await datacraft(['tag', 'silver.by_command', 'first'], env)).code).toBe(0);
    expect((await datacraft(['import', file], env)).code).toBe(0);
    await rm(folder, { recursive: true });
    const { json } = await owner.call('GET', '/audit?who=command%20line');
    expect(json.map((each: { action: string; by: null }) => [each.action, each.by])).toEqual([
      ['notebook-import', null],
      ['table-tag', null],
      ['run-start', null],
    ]);
  }, 60_000);

  it('keeps its chain when many write at once', async () => {
    const { pool } = test.server.deps;
    const { entries } = await verdict();
    await Promise.all(Array.from({ length: 60 }, (_, n) => audit(pool, null, 'logout', `é${n}\u001f`, { n })));
    expect(await verdict()).toMatchObject({ broken: null, entries: entries + 60 });
  });

  it('is exported, and the export proves itself', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'datacraft-audit-'));
    const file = path.join(folder, 'audit.ndjson');
    const text = await exported();
    await writeFile(file, text);
    const { head } = await verdict();
    expect(await datacraft(['audit', 'verify', '--file', file, '--head', head])).toMatchObject({ code: 0 });
    await writeFile(file, text.replace('"signup"', '"logout"'));
    const told = await datacraft(['audit', 'verify', '--file', file]);
    expect([told.code, told.out]).toEqual([1, expect.stringContaining('changed after it was written')]);
    await rm(folder, { recursive: true });
  });

  it('shows an entry that was changed, left out, or cut from the end', async () => {
    const { pool } = test.server.deps;
    const tampered = async (sql: string, undo: string) => {
      await pool.query(sql);
      const found = (await verdict()).broken;
      await pool.query(undo);
      expect((await verdict()).broken).toBeNull();
      return found;
    };
    expect(
      await tampered(
        `update audit_entries set target = 'x' || target where seq = 3`,
        `update audit_entries set target = substr(target, 2) where seq = 3`,
      ),
    ).toEqual({ seq: '3', because: 'it was changed after it was written' });
    expect(
      await tampered(
        `update audit_entries set seq = 100000 where seq = 2`,
        `update audit_entries set seq = 2 where seq = 100000`,
      ),
    ).toEqual({ seq: '3', because: 'entry 2 is missing' });
    const { entries } = await verdict();
    await pool.query('delete from audit_entries where seq = $1', [entries]);
    expect((await verdict()).broken).toEqual({
      seq: `${entries}`,
      because: `entries up to ${entries} were removed from the end`,
    });
  });
});
