import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertIncident } from '@datacraft/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { HookSink } from '../testing/hook-sink.ts';
import { startHookSink } from '../testing/hook-sink.ts';
import type { SmtpSink } from '../testing/smtp-sink.ts';
import { startSmtpSink } from '../testing/smtp-sink.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let smtp: SmtpSink;
let hooks: HookSink;
beforeAll(async () => {
  smtp = await startSmtpSink();
  hooks = await startHookSink();
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1' }, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(async () => {
  await test.close();
  await hooks.close();
  await smtp.close();
});

async function until<Value>(look: () => Promise<Value | null> | Value | null): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== null) return value;
    await sleep(50);
  }
}

async function imported(title: string, body: string): Promise<string> {
  const text = `---\ndatacraft: 1\ntitle: ${title}\n---\n\n${body}`;
  return (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
}
const cell = (name: string, text: string) => `\`\`\`sql ${name}\n${text}\n\`\`\`\n`;

async function ran(id: string, params: object = {}): Promise<{ state: string; runId: string }> {
  const { json } = await owner.call('POST', `/notebooks/${id}/runs`, { params });
  return until(async () => {
    const run = (await owner.call('GET', `/runs/${json.runId}`)).json;
    return run.finishedAt === null ? null : run;
  });
}

async function channel(target: object): Promise<string> {
  const name = `channel ${Math.random()}`;
  const { json, text } = await owner.call('POST', '/alert-channels', { name, target });
  expect(json.id, text).toMatch(/^chn_/);
  return json.id;
}
const email = () =>
  channel({
    kind: 'email',
    host: '127.0.0.1',
    port: smtp.port,
    security: 'none',
    from: 'dc@example.com',
    to: ['ana@example.com'],
  });
const webhook = (path: string, signingKey = 'a key to sign with') =>
  channel({ kind: 'webhook', url: `${hooks.url}${path}`, signingKey });

async function rule(words: object): Promise<string> {
  const { json, text } = await owner.call('POST', '/alert-rules', { everySeconds: 1, ...words });
  expect(json.id, text).toMatch(/^rul_/);
  return json.id;
}
const incidents = async (state = 'open'): Promise<AlertIncident[]> =>
  (await owner.call('GET', `/alerts?state=${state}`)).json;
const incidentOf = (ruleId: string, state = 'open') =>
  until(
    async () => (await incidents(state)).find(({ alerts }) => alerts.some((alert) => alert.rule.id === ruleId)) ?? null,
  );
const called = (path: string, kind: string) =>
  until(() => hooks.calls.find((call) => call.path === path && JSON.parse(call.body).kind === kind) ?? null);
const kinds = (path: string) =>
  hooks.calls.filter((call) => call.path === path).map((call) => JSON.parse(call.body).kind as string);

const breakable = (name: string) =>
  `\`\`\`input v\ntype: text\ndefault: '1'\n\`\`\`\n\n${cell(name, `select cast($v as int) as x`)}`;

describe('a failed run', () => {
  it('arrives by e-mail and by a signed webhook, and so does its end', async () => {
    const id = await imported('Sales', breakable('sales_a'));
    const channels = [await email(), await webhook('/run')];
    const ruleId = await rule({
      name: 'Sales must run',
      kind: 'run',
      config: { notebook: id },
      severity: 'critical',
      channels,
    });
    const failed = await ran(id, { v: 'abc' });
    expect(failed.state).toBe('failed');
    const call = await called('/run', 'firing');
    expect(JSON.parse(call.body)).toMatchObject({
      title: 'Sales failed',
      severity: 'critical',
      alerts: [{ rule: 'Sales must run' }],
    });
    const [, at = '', signature = ''] =
      /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(call.headers['x-datacraft-signature'])) ?? [];
    expect(createHmac('sha256', 'a key to sign with').update(`${at}.${call.body}`).digest('hex')).toBe(signature);
    expect(call.headers['idempotency-key']).toBe(JSON.parse(call.body).id);
    const mail = await until(() => smtp.mails.find(({ text }) => text.includes('Sales failed')) ?? null);
    expect([mail.from, mail.to]).toEqual(['dc@example.com', ['ana@example.com']]);
    expect(mail.text).toContain('Subject: [Firing, critical] Sales failed');
    expect(mail.text.replaceAll('=\r\n', '')).toContain(`/runs/${failed.runId}`);
    expect((await ran(id)).state).toBe('succeeded');
    await called('/run', 'resolved');
    await until(() => smtp.mails.find(({ text }) => text.includes('[Resolved] Sales failed')) ?? null);
    const incident = await incidentOf(ruleId, 'closed');
    expect(incident.messages.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'firing sent',
      'firing sent',
      'resolved sent',
      'resolved sent',
    ]);
    expect(kinds('/run')).toEqual(['firing', 'resolved']);
  });

  it('is one incident with all that waits for it downstream', async () => {
    const root = await imported('Raw', breakable('raw_g'));
    const middle = await imported('Clean', cell('clean_g', 'select x from silver.raw_g'));
    const last = await imported('Report', cell('report_g', 'select x from silver.clean_g'));
    for (const id of [root, middle, last]) expect((await ran(id)).state).toBe('succeeded');
    expect((await ran(root, { v: 'abc' })).state).toBe('failed');
    const channels = [await webhook('/group')];
    const first = await rule({ name: 'raw', kind: 'run', config: { notebook: root }, channels });
    await called('/group', 'firing');
    const fresh = ['clean_g', 'report_g'].map((table) =>
      rule({
        name: table,
        kind: 'freshness',
        config: { table: `silver.${table}`, max_age: '1 second' },
        channels,
        severity: 'critical',
      }),
    );
    await Promise.all(fresh);
    const incident = await until(async () => {
      const found = await incidentOf(first);
      return found.alerts.length === 3 ? found : null;
    });
    expect(incident).toMatchObject({ title: 'Raw failed', severity: 'critical' });
    expect(incident.alerts.slice(1).map(({ facts }) => facts.upstream)).toEqual(['Raw', 'Raw']);
    expect(kinds('/group')).toEqual(['firing']);
    for (const id of [await Promise.all(fresh), first].flat()) await owner.call('DELETE', `/alert-rules/${id}`);
    await called('/group', 'resolved');
  });
});

describe('rules', () => {
  it('on SQL wait as long as they say, and are over when the query says no', async () => {
    const id = await imported('Stock', breakable('stock'));
    await ran(id);
    const sql = 'select max(x) > 5 from silver.stock';
    const ruleId = await rule({
      name: 'too much',
      kind: 'sql',
      config: { sql },
      forSeconds: 2,
      channels: [await webhook('/sql')],
    });
    await ran(id, { v: '9' });
    const stateOf = async () =>
      (await owner.call('GET', '/alert-rules')).json.find((each: { id: string }) => each.id === ruleId).state;
    await until(async () => ((await stateOf()) === 'pending' ? true : null));
    expect(kinds('/sql')).toEqual([]);
    const call = await called('/sql', 'firing');
    const [alert] = (await incidentOf(ruleId)).alerts;
    expect(Date.parse(alert?.firingAt ?? '') - Date.parse(alert?.startedAt ?? '')).toBeGreaterThanOrEqual(2_000);
    expect(JSON.parse(call.body).alerts[0].summary).toBe('the query says true');
    await ran(id, { v: '2' });
    await called('/sql', 'resolved');
  });

  it('on a series tell by e-mail when its last value leaves the forecast, and when it is back', async () => {
    const sales = (last: string) =>
      `---\ndatacraft: 1\ntitle: Sales by day\n---\n\n\`\`\`input last\ntype: text\ndefault: "${last}"\n\`\`\`\n\n` +
      cell(
        'sales_by_day',
        `select date '2026-01-01' + d::int as day, case when d = 70 then $last::int else 100 + (d % 7 >= 5)::int * 80 + (d * 37) % 11 end as amount from range(71) t(d)`,
      );
    const { json } = await owner.call('POST', '/notebooks/import', sales('104'), { 'content-type': 'text/markdown' });
    await ran(json.id);
    const ruleId = await rule({
      name: 'sales are odd',
      kind: 'deviation',
      config: { sql: 'select day, amount from silver.sales_by_day order by day', period: 7 },
      channels: [await email()],
    });
    const looked = async () =>
      (await owner.call('GET', '/alert-rules')).json.find((each: { id: string }) => each.id === ruleId);
    await until(async () => ((await looked()).lookedAt === null ? null : true));
    expect(await looked()).toMatchObject({ state: 'quiet', problem: null });
    await ran(json.id, { last: '190' });
    const [alert] = (await incidentOf(ruleId)).alerts;
    expect(alert?.summary).toMatch(/^the last value of the query is 190, outside of the forecast \d/);
    const told = await until(() => smtp.mails.find(({ text }) => text.includes('sales are odd')) ?? null);
    expect(told.text).toContain('outside of the forecast');
    await ran(json.id, { last: '104' });
    await incidentOf(ruleId, 'closed');
    const odd = { name: 'odd', kind: 'deviation', config: { period: 7 } };
    expect((await owner.call('POST', '/alert-rules', odd)).text).toContain('either `sql` or `metric`');
  });

  it('on a metric learn from look to look', async () => {
    const ruleId = await rule({ name: 'tables', kind: 'deviation', config: { metric: 'datacraft_tables' } });
    const db = test.database.pool;
    const seen = () =>
      until(async () => {
        const { rows } = await db.query('select key, value from alert_samples where rule_id = $1', [ruleId]);
        return rows.length === 0 ? null : rows;
      });
    const [{ key, value } = { key: '', value: 0 }] = await seen();
    await db.query(
      `insert into alert_samples (rule_id, key, at, value) select $1, $2, now(), $3::float8 + 5000 from generate_series(1, 20)`,
      [ruleId, key, value],
    );
    const [alert] = (await incidentOf(ruleId)).alerts;
    expect(alert?.summary).toContain('datacraft_tables');
    await owner.call('DELETE', `/alert-rules/${ruleId}`);
  });

  it('on metrics see the labels they name', async () => {
    const words = {
      name: 'tables',
      kind: 'metric',
      config: { metric: 'datacraft_tables', labels: { layer: 'silver' }, op: '>=', value: 1 },
    };
    const ruleId = await rule({ ...words, channels: [await webhook('/metric')] });
    await called('/metric', 'firing');
    expect((await incidentOf(ruleId)).alerts).toMatchObject([{ facts: { value: expect.any(Number) } }]);
    await owner.call('PUT', `/alert-rules/${ruleId}`, {
      ...words,
      config: { ...words.config, labels: { layer: 'nowhere' } },
      everySeconds: 1,
    });
    await called('/metric', 'resolved');
  });

  it('on checks tell the rule, its violations and the last good snapshot', async () => {
    const text = '---\nexpect:\n  - expression: x < 5\n---\nselect cast($v as int) as x';
    const id = await imported('Checked', `\`\`\`input v\ntype: text\ndefault: '1'\n\`\`\`\n\n${cell('checked', text)}`);
    await ran(id);
    await rule({
      name: 'checks',
      kind: 'check',
      config: { table: 'silver.checked' },
      channels: [await webhook('/check')],
    });
    await ran(id, { v: '7' });
    const { alerts } = JSON.parse((await called('/check', 'firing')).body);
    expect(alerts[0].summary).toBe('silver.checked: x < 5 failed (1 rows)');
    expect(alerts[0].facts.lastGoodSnapshot).toMatch(/^\d+$/);
    await ran(id, { v: '2' });
    await called('/check', 'resolved');
  });

  it('on deadlines fire while the run is missing, each due time by itself, and a backfill does not stand for it', async () => {
    const id = await imported('Late', breakable('late'));
    await owner.call('PUT', `/notebooks/${id}/schedule`, { schedule: { every: '1 second', pause_after: 0 } });
    const { pool } = test.server.deps;
    // The scheduler does not look any more, as if it were down; the rule goes by the schedule itself.
    await pool.query(
      `update schedules set next_at = now() + interval '1 year', cursor_at = now() + interval '1 year' where notebook_id = $1`,
      [id],
    );
    const ruleId = await rule({
      name: 'in time',
      kind: 'deadline',
      config: { notebook: id, within: '1 second' },
      channels: [await webhook('/late')],
    });
    await called('/late', 'firing');
    const [alert] = (await incidentOf(ruleId)).alerts;
    expect(alert?.facts.dueAt).toMatch(/T/);
    await pool.query(
      `insert into runs (id, notebook_id, owner_key, state, trigger, logical_at, finished_at) values ('run_bf', $1, $2, 'succeeded', 'backfill', $3, now())`,
      [id, `notebook:${id}`, alert?.facts.dueAt],
    );
    await sleep(2_500);
    const live = (await incidentOf(ruleId)).alerts.filter(({ state }) => state === 'firing');
    expect(live.map(({ id: one }) => one)).toContain(alert?.id);
    await pool.query(`update runs set trigger = 'schedule' where id = 'run_bf'`);
    await until(async () =>
      (await incidentOf(ruleId)).alerts.find((each) => each.id === alert?.id)?.state === 'resolved' ? true : null,
    );
    expect(kinds('/late')).toEqual(['firing']);
    await owner.call('DELETE', `/alert-rules/${ruleId}`);
  }, 60_000);

  it('that cannot be looked at say why, and what fires goes on', async () => {
    const ruleId = await rule({
      name: 'typo',
      kind: 'metric',
      config: { metric: 'datacraft_nobody', op: '>', value: 1 },
    });
    const found = await until(async () => {
      const one = (await owner.call('GET', '/alert-rules')).json.find((each: { id: string }) => each.id === ruleId);
      return one.problem === null ? null : one;
    });
    expect(found.problem).toContain('/metrics lists them');
    const refused = await owner.call('POST', '/alert-rules', {
      name: 'bad',
      kind: 'sql',
      config: { sql: 'select x from silver.none' },
    });
    expect([refused.status, refused.json.detail]).toEqual([404, expect.stringContaining('silver.none')]);
  });
});

describe('people', () => {
  const always = (more: object) => rule({ name: 'always', kind: 'sql', config: { sql: 'select true' }, ...more });

  it('are told only after a silence when it still fires', async () => {
    const path = '/silenced';
    const channels = [await webhook(path)];
    const ruleId = await always({ channels, enabled: false });
    const { json } = await owner.call('POST', '/alert-silences', { ruleId, reason: 'maintenance', minutes: 60 });
    await owner.call('PUT', `/alert-rules/${ruleId}`, {
      name: 'always',
      kind: 'sql',
      config: { sql: 'select true' },
      channels,
      everySeconds: 1,
    });
    const incident = await incidentOf(ruleId);
    expect(incident.silenced).toBe(true);
    await sleep(1_500);
    expect(kinds(path)).toEqual([]);
    expect((await owner.call('DELETE', `/alert-silences/${json.id}`)).status).toBe(204);
    await called(path, 'firing');
    await owner.call('DELETE', `/alert-rules/${ruleId}`);
  });

  it('are told when nobody took it in time, and not when somebody did', async () => {
    const more = { escalateAfterSeconds: 2, escalateChannels: [await webhook('/boss')] };
    const left = await always({ ...more, channels: [await webhook('/team')] });
    const taken = await always({ ...more, escalateChannels: [await webhook('/boss-of-taken')] });
    const incident = await incidentOf(taken);
    const runner = await test.member('runner');
    expect((await runner.call('POST', `/alerts/${incident.id}/acknowledge`)).status).toBe(204);
    await called('/boss', 'escalated');
    expect(kinds('/team')).toEqual(['firing']);
    expect(kinds('/boss-of-taken')).toEqual([]);
    expect((await incidentOf(taken)).acknowledgedBy).toBe(runner.me?.name);
    for (const id of [left, taken]) await owner.call('DELETE', `/alert-rules/${id}`);
  });

  it('without the right change nothing, and nobody sees what is secret of a channel', async () => {
    const viewer = await test.member('viewer');
    const editor = await test.member('editor');
    const id = await webhook('/secret-path-of-ana', 'canary-signing-key');
    const listed = await editor.call('GET', '/alert-channels');
    expect(listed.json.find((each: { id: string }) => each.id === id).shown).toEqual({
      host: `127.0.0.1:${hooks.port}`,
    });
    expect(listed.text).not.toMatch(/secret-path|canary/);
    const { rows } = await test.server.deps.pool.query(`select json_agg(c)::text as all from alert_channels c`);
    expect(rows[0].all).not.toMatch(/secret-path|canary/);
    expect((await viewer.call('GET', '/alert-channels')).status).toBe(403);
    expect(
      (await editor.call('POST', '/alert-channels', { name: 'x', target: { kind: 'slack', url: hooks.url } })).status,
    ).toBe(403);
    expect((await viewer.call('POST', '/alert-rules', { name: 'x', kind: 'run' })).status).toBe(403);
    expect((await viewer.call('POST', '/alert-silences', { reason: 'x', minutes: 1 })).status).toBe(403);
    const hidden = await imported('Hidden', breakable('hidden'));
    await owner.call('PATCH', `/notebooks/${hidden}/sharing`, { access: 'invited' });
    const ruleId = await rule({ name: 'hidden', kind: 'run', config: { notebook: hidden } });
    await ran(hidden, { v: 'abc' });
    await incidentOf(ruleId);
    expect((await editor.call('GET', '/alerts')).text).not.toContain('Hidden');
    expect((await editor.call('GET', '/alert-rules')).text).not.toContain(ruleId);
    expect((await editor.call('DELETE', `/alert-rules/${ruleId}`)).status).toBe(404);
  });
});

describe('channels', () => {
  it('send a test and say what came of it', async () => {
    const good = await owner.call('POST', `/alert-channels/${await webhook('/tested')}/test`);
    expect(good.json).toEqual({ ok: true, error: null });
    const closed = await channel({ kind: 'webhook', url: 'http://127.0.0.1:9' });
    expect((await owner.call('POST', `/alert-channels/${closed}/test`)).json).toMatchObject({
      ok: false,
      error: expect.stringContaining('cannot be fetched'),
    });
    for (const target of [
      { kind: 'webhook', url: 'http://169.254.169.254/latest' },
      { kind: 'email', host: '10.0.0.1', port: 25, from: 'a@b.c', to: ['a@b.c'] },
    ]) {
      const { json } = await owner.call('POST', `/alert-channels/${await channel(target)}/test`);
      expect(json).toMatchObject({ ok: false, error: expect.stringContaining('private network') });
    }
  });

  it('are tried again until they take a message, under the same id', async () => {
    let refusals = 0;
    hooks.answer = (path) => (path === '/flaky' && (refusals += 1) <= 2 ? 500 : 200);
    const ruleId = await rule({
      name: 'again',
      kind: 'sql',
      config: { sql: 'select true' },
      channels: [await webhook('/flaky')],
    });
    await called('/flaky', 'firing');
    const message = await until(
      async () => (await incidentOf(ruleId)).messages.find(({ state }) => state === 'sent') ?? null,
    );
    expect([refusals, message.attempts, kinds('/flaky')]).toEqual([3, 3, ['firing']]);
    await owner.call('DELETE', `/alert-rules/${ruleId}`);
  }, 60_000);

  it('speak as Slack and Alertmanager do', async () => {
    const slack = await channel({ kind: 'slack', url: `${hooks.url}/slack` });
    const manager = await channel({ kind: 'alertmanager', url: `${hooks.url}/am` });
    const ruleId = await rule({
      name: '<!channel> & co',
      kind: 'sql',
      config: { sql: 'select true' },
      channels: [slack, manager],
    });
    const of = (path: string) => until(() => hooks.calls.find((call) => call.path === path) ?? null);
    const said = JSON.parse((await of('/slack')).body);
    expect(said.text).toBe('[Firing, warning] &lt;!channel&gt; &amp; co');
    const [alert] = JSON.parse((await of('/am/api/v2/alerts')).body);
    expect(alert).toMatchObject({
      labels: { alertname: 'DataCraft', title: '<!channel> & co' },
      annotations: { severity: 'warning' },
    });
    await owner.call('DELETE', `/alert-rules/${ruleId}`);
    const ended = await until(() => hooks.calls.filter((call) => call.path === '/am/api/v2/alerts')[1] ?? null);
    const [over] = JSON.parse(ended.body);
    expect(over.labels).toEqual(alert.labels);
    expect(Date.parse(over.endsAt)).toBeLessThanOrEqual(Date.now());
  });
});
