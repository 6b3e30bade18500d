import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { datacraft } from '../testing/datacraft.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let env: Record<string, string>;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  env = { DATABASE_URL: test.database.url, DATACRAFT_DATA_DIR: test.config.dataDir };
});
afterAll(() => test.close());

describe('datacraft alerts', () => {
  it('says what fires, fails a check while it does, and silences it with a reason', async () => {
    const quiet = await datacraft(['alerts', 'check'], env);
    expect([quiet.code, quiet.out.trim()]).toEqual([0, 'nothing fires']);
    const rule = { name: 'Always', kind: 'sql', config: { sql: 'select true' }, severity: 'critical', everySeconds: 5 };
    const made = await owner.call('POST', '/alert-rules', { ...rule, forSeconds: 0, channels: [] });
    expect(made.status).toBe(201);
    while ((await owner.call('GET', '/alerts?state=open')).json.length === 0) await sleep(100);
    const listed = await datacraft(['alerts', 'list'], env);
    expect(listed.out).toMatch(/critical +│? *firing.*Always/);
    expect((await datacraft(['alerts', 'check'], env)).code).toBe(1);
    const { id } = made.json as { id: string };
    const silence = ['alerts', 'silence', '--rule', id, '--minutes', '30'];
    expect((await datacraft(silence, env)).code).toBe(64);
    expect((await datacraft([...silence, '--reason', 'known'], env)).out).toMatch(/^sil_/);
    const after = await datacraft(['alerts', 'check', '--json'], env);
    expect([after.code, after.json()]).toEqual([0, { firing: [], problems: [] }]);
    expect((await datacraft(['alerts', 'mute'], env)).err).toContain('alerts takes list');
  }, 60_000);
});
