import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inPortuguese } from '@datacraft/shared/portuguese';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

const cell = (name: string, text: string) => `\`\`\`sql ${name}\n${text}\n\`\`\`\n`;
const notebook = (...cells: string[]) => `---\ndatacraft: 1\ntitle: Pipeline\n---\n\n${cells.join('\n')}`;

async function imported(...cells: string[]): Promise<string> {
  const { json } = await owner.call('POST', '/notebooks/import', notebook(...cells), {
    'content-type': 'text/markdown',
  });
  return json.id;
}

async function until<Value>(look: () => Promise<Value | null>): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== null) return value;
    await sleep(50);
  }
}
const firstRun = (id: string, trigger: string) =>
  until(async () => {
    const { json } = await owner.call('GET', `/notebooks/${id}/runs`);
    return (
      json.find((run: { trigger: string; finishedAt: string | null }) => run.trigger === trigger && run.finishedAt) ??
      null
    );
  });

describe('a schedule over HTTP', () => {
  it('publishes the notebook that had no version, runs it when due, pinned while the draft goes on', async () => {
    const id = await imported(cell('sched_a', 'select 1 as x'));
    const put = await owner.call('PUT', `/notebooks/${id}/schedule`, { schedule: { every: '1 second' } });
    expect([put.status, put.json.published.version, put.json.draft]).toEqual([200, 1, { every: '1 second' }]);
    const run = await firstRun(id, 'schedule');
    const { json } = await owner.call('GET', `/runs/${run.runId}`);
    expect(json).toMatchObject({ state: 'succeeded', version: 1, tasks: [{ cell: 'sched_a', state: 'succeeded' }] });
    expect(Date.parse(json.interval.end) - Date.parse(json.interval.start)).toBe(1_000);
    const paused = await owner.call('POST', `/notebooks/${id}/schedule/pause`);
    expect(paused.json.published).toMatchObject({ enabled: false, nextAt: null });
    const resumed = await owner.call('POST', `/notebooks/${id}/schedule/resume`);
    expect(resumed.json.published.enabled).toBe(true);
    const ended = await owner.call('PUT', `/notebooks/${id}/schedule`, { schedule: null });
    expect([ended.json.published, ended.json.draft]).toEqual([null, null]);
    const all = await owner.call('GET', '/schedules');
    expect(all.json.map((each: { notebookId: string }) => each.notebookId)).not.toContain(id);
  });

  it('says the next times and what clocks do, and refuses what is never due', async () => {
    const schedule = { cron: '30 2 * * *', timezone: 'America/New_York' };
    const { json } = await owner.call('POST', '/schedules/preview', { schedule });
    expect(json.next).toHaveLength(5);
    expect(json.clocks.map((note: { kind: string }) => note.kind)).toEqual(['skipped']);
    const bad = async (given: object) => (await owner.call('POST', '/schedules/preview', { schedule: given })).json;
    expect(await bad({ cron: '61 * * * *' })).toMatchObject({ code: 'bad-request' });
    expect((await bad({ cron: '0 0 30 2 *' })).detail).toContain('never due');
    expect((await bad({})).detail).toContain('either `cron` or `every`');
    expect((await bad({ cron: '0 6 * * *', timezone: 'Mars/Base' })).detail).toContain('IANA');
  });

  it('is for people with the right', async () => {
    const id = await imported(cell('sched_right', 'select 1 as x'));
    const viewer = await test.member('viewer');
    const runner = await test.member('runner');
    expect((await viewer.call('GET', `/notebooks/${id}/schedule`)).status).toBe(200);
    for (const person of [viewer, runner])
      expect((await person.call('PUT', `/notebooks/${id}/schedule`, { schedule: { every: '1 hour' } })).status).toBe(
        403,
      );
    expect((await viewer.call('POST', `/notebooks/${id}/schedule/pause`)).status).toBe(403);
    expect((await test.anonymous().call('GET', '/schedules')).status).toBe(401);
  });
});

describe('triggers', () => {
  it('the first one publishes a notebook without a version, where that is asked for', async () => {
    const id = await imported(cell('first_hooked', 'select 1 as x'));
    const add = () => owner.call('POST', `/notebooks/${id}/triggers`, { kind: 'webhook', publish: true });
    const state = async () => (await owner.call('GET', `/notebooks/${id}/schedule`)).json;
    expect((await state()).version).toBeNull();
    const { json: added } = await add();
    expect((await state()).version).toBe(1);
    expect((await test.anonymous().call('POST', `/triggers/${added.token}`, {})).status).toBe(202);
    expect((await firstRun(id, 'webhook')).state).toBe('succeeded');
    await add();
    expect((await state()).version).toBe(1);
  });

  it('a webhook needs only its token, and a repeated key starts one run', async () => {
    const id = await imported(cell('hooked', 'select 1 as x'));
    const { json: added } = await owner.call('POST', `/notebooks/${id}/triggers`, { kind: 'webhook' });
    const fire = (body: object) => test.anonymous().call('POST', `/triggers/${added.token}`, body);
    expect((await fire({})).json).toMatchObject({ code: 'conflict' });
    await owner.call('POST', `/notebooks/${id}/publish`);
    const first = await fire({ dedupe: 'order-1' });
    const again = await fire({ dedupe: 'order-1' });
    const other = await fire({ dedupe: 'order-2' });
    expect([first.status, again.json.runId === first.json.runId, other.json.runId === first.json.runId]).toEqual([
      202,
      true,
      false,
    ]);
    expect((await firstRun(id, 'webhook')).state).toBe('succeeded');
    expect(JSON.stringify((await owner.call('GET', `/notebooks/${id}/triggers`)).json)).not.toContain(added.token);
    expect((await owner.call('DELETE', `/triggers/${added.id}`)).status).toBe(204);
    expect((await fire({})).status).toBe(404);
    expect((await test.anonymous().call('DELETE', `/triggers/${added.id}`)).status).toBe(401);
  });

  it('a sensor that cannot look stops after its time-out too, and says what it was', async () => {
    const id = await imported(cell('timed_out', 'select 1 as y'));
    await owner.call('POST', `/notebooks/${id}/publish`);
    const config = { sql: 'select count(*) > 0 from silver.never_made', every: '1 second', timeout: '2 seconds' };
    expect((await owner.call('POST', `/notebooks/${id}/triggers`, { kind: 'sql', config })).status).toBe(201);
    const stopped = await until(async () => {
      const [trigger] = (await owner.call('GET', `/notebooks/${id}/triggers`)).json;
      return trigger.enabled ? null : trigger;
    });
    expect(stopped.problem).toMatch(/^nothing was seen for 2 seconds, at last because .*never_made.*add it again$/);
    expect(inPortuguese(stopped.problemSaid)).toMatch(/^nada foi visto durante 2 seconds, por fim porque .*never_made/);
    expect((await owner.call('GET', `/notebooks/${id}/runs`)).json).toEqual([]);
    const told = (await owner.call('GET', '/notifications')).json.filter(
      ({ notebook }: { notebook: { id: string } }) => notebook.id === id,
    );
    expect(told).toMatchObject([{ kind: 'sensor-stopped', body: stopped.problem, said: stopped.problemSaid }]);
  }, 30_000);

  const sensorOf = async (id: string) => (await owner.call('GET', `/notebooks/${id}/triggers`)).json[0];
  const toldOf = async (id: string) =>
    (await owner.call('GET', '/notifications')).json.filter(
      ({ notebook }: { notebook: { id: string } }) => notebook.id === id,
    );

  it('L3 a sensor that is cut off between stopping and telling has done neither, and then does both once', async () => {
    const id = await imported(cell('cut_off', 'select 1 as y'));
    await owner.call('POST', `/notebooks/${id}/publish`);
    await test.database.pool.query(`
      create sequence tries;
      create function cut_off() returns trigger language plpgsql as $$
        begin if nextval('tries') < 4 then raise exception 'cut off'; end if; return new; end $$;
      create trigger cut_off before insert on notifications for each row
        when (new.kind = 'sensor-stopped') execute function cut_off()`);
    const config = { sql: 'select false', every: '1 second', timeout: '1 second' };
    await owner.call('POST', `/notebooks/${id}/triggers`, { kind: 'sql', config });
    const tries = async () =>
      Number((await test.database.pool.query('select last_value from tries')).rows[0].last_value);
    await until(async () => ((await tries()) >= 2 ? true : null));
    if ((await tries()) < 4) expect([(await sensorOf(id)).enabled, await toldOf(id)]).toEqual([true, []]);
    await until(async () => ((await sensorOf(id)).enabled ? null : true));
    await sleep(1_500);
    expect(await toldOf(id)).toMatchObject([{ kind: 'sensor-stopped' }]);
    await test.database.pool.query('drop trigger cut_off on notifications');
  }, 60_000);

  it('L1 a sensor that is cut off between starting its run and remembering it starts no other, and does not stop', async () => {
    const id = await imported(cell('seen_once', 'select 1 as y'));
    await owner.call('POST', `/notebooks/${id}/publish`);
    const config = { sql: 'select true', every: '1 second', timeout: '5 minutes' };
    await owner.call('POST', `/notebooks/${id}/triggers`, { kind: 'sql', config });
    await firstRun(id, 'sensor');
    await until(async () => ((await stateOf(id))['fired'] === 1 ? true : null));
    const before = `update triggers set state = '{}', created_at = now() - interval '1 hour' where notebook_id = $1`;
    await test.database.pool.query(before, [id]);
    await until(async () => ((await stateOf(id))['fired'] === 1 ? true : null));
    expect((await sensorOf(id)).enabled).toBe(true);
    expect((await owner.call('GET', `/notebooks/${id}/runs`)).json).toHaveLength(1);
    expect(await toldOf(id)).toEqual([]);
  }, 60_000);

  const stateOf = async (id: string): Promise<Readonly<Record<string, unknown>>> =>
    (await test.database.pool.query('select state from triggers where notebook_id = $1', [id])).rows[0].state;

  it('starts a run when a table is published, a query turns true, a file arrives or a table is too old', async () => {
    const upstream = await imported(cell('watched', 'select 1 as x'));
    const run = async () => owner.call('POST', `/notebooks/${upstream}/runs`, { fullRefresh: true });
    await run();
    await firstRun(upstream, 'manual');
    const watch = async (name: string, kind: string, config: object) => {
      const id = await imported(cell(name, 'select 2 as y'));
      await owner.call('POST', `/notebooks/${id}/publish`);
      const body = { kind, config: { ...config, every: '1 second' } };
      expect((await owner.call('POST', `/notebooks/${id}/triggers`, body)).status).toBe(201);
      return id;
    };
    const looked = (id: string) =>
      until(async () => {
        const found = `select 1 from triggers where notebook_id = $1 and (state ? 'seen' or problem is not null)`;
        return (await test.database.pool.query(found, [id])).rowCount === 0 ? null : true;
      });
    const runsOf = async (id: string) => (await owner.call('GET', `/notebooks/${id}/runs`)).json.length;

    const byTable = await watch('by_table', 'update', { tables: ['silver.watched', 'silver.late_table'] });
    const byQuery = await watch('by_query', 'sql', { sql: 'select count(*) > 0 from silver.late_table' });
    const byFile = await watch('by_file', 'file', { path: 'arrived-*.csv' });
    const byAge = await watch('by_age', 'freshness', { table: 'silver.nowhere', max_age: '1 hour' });
    for (const id of [byTable, byQuery, byFile]) await looked(id);
    expect([await runsOf(byTable), await runsOf(byQuery), await runsOf(byFile)]).toEqual([0, 0, 0]);
    expect((await owner.call('GET', `/notebooks/${byQuery}/triggers`)).json[0].problem).toContain('late_table');
    expect((await firstRun(byAge, 'sensor')).state).toBe('succeeded');

    await run();
    expect((await firstRun(byTable, 'update')).state).toBe('succeeded');
    const late = await imported(cell('late_table', 'select 1 as x'));
    await owner.call('POST', `/notebooks/${late}/runs`);
    expect((await firstRun(byQuery, 'sensor')).state).toBe('succeeded');
    const folder = path.join(test.config.dataDir, 'files', byFile);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'arrived-1.csv'), 'a\n1\n');
    expect((await firstRun(byFile, 'sensor')).state).toBe('succeeded');
    expect(await runsOf(byAge)).toBe(1);
  }, 40_000);
});
