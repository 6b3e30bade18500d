import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { breakable, cell, until, useAlerts } from '../testing/alerting.ts';

const world = useAlerts();
const { imported, ran, email, webhook, rule, incidentOf, called, kinds } = world;

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
    const mail = await until(() => world.smtp.mails.find(({ text }) => text.includes('Sales failed')) ?? null);
    expect([mail.from, mail.to]).toEqual(['dc@example.com', ['ana@example.com']]);
    expect(mail.text).toContain('Subject: [Firing, critical] Sales failed');
    expect(mail.text.replaceAll('=\r\n', '')).toContain(`/runs/${failed.runId}`);
    expect((await ran(id)).state).toBe('succeeded');
    await called('/run', 'resolved');
    await until(() => world.smtp.mails.find(({ text }) => text.includes('[Resolved] Sales failed')) ?? null);
    const { messages } = await until(async () => {
      const found = await incidentOf(ruleId, 'closed');
      return found.messages.some(({ state }) => state === 'waiting') ? null : found; // who was told is written after it
    });
    expect(messages.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
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
    for (const id of [await Promise.all(fresh), first].flat()) await world.owner.call('DELETE', `/alert-rules/${id}`);
    await called('/group', 'resolved');
  });
});

describe('people', () => {
  const always = (more: object) => rule({ name: 'always', kind: 'sql', config: { sql: 'select true' }, ...more });

  it('are told only after a silence when it still fires', async () => {
    const path = '/silenced';
    const channels = [await webhook(path)];
    const ruleId = await always({ channels, enabled: false });
    const { json } = await world.owner.call('POST', '/alert-silences', { ruleId, reason: 'maintenance', minutes: 60 });
    await world.owner.call('PUT', `/alert-rules/${ruleId}`, {
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
    expect((await world.owner.call('DELETE', `/alert-silences/${json.id}`)).status).toBe(204);
    await called(path, 'firing');
    await world.owner.call('DELETE', `/alert-rules/${ruleId}`);
  });

  it('are told when nobody took it in time, and not when somebody did', async () => {
    const more = { escalateAfterSeconds: 2, escalateChannels: [await webhook('/boss')] };
    const left = await always({ ...more, channels: [await webhook('/team')] });
    const taken = await always({ ...more, escalateChannels: [await webhook('/boss-of-taken')] });
    const incident = await incidentOf(taken);
    const runner = await world.test.member('runner');
    expect((await runner.call('POST', `/alerts/${incident.id}/acknowledge`)).status).toBe(204);
    await called('/boss', 'escalated');
    expect(kinds('/team')).toEqual(['firing']);
    expect(kinds('/boss-of-taken')).toEqual([]);
    expect((await incidentOf(taken)).acknowledgedBy).toBe(runner.me?.name);
    for (const id of [left, taken]) await world.owner.call('DELETE', `/alert-rules/${id}`);
  });

  it('without the right change nothing, and nobody sees what is secret of a channel', async () => {
    const viewer = await world.test.member('viewer');
    const editor = await world.test.member('editor');
    const id = await webhook('/secret-path-of-ana', 'canary-signing-key');
    const listed = await editor.call('GET', '/alert-channels');
    expect(listed.json.find((each: { id: string }) => each.id === id).shown).toEqual({
      host: `127.0.0.1:${world.hooks.port}`,
    });
    expect(listed.text).not.toMatch(/secret-path|canary/);
    const { rows } = await world.test.server.deps.pool.query(`select json_agg(c)::text as all from alert_channels c`);
    expect(rows[0].all).not.toMatch(/secret-path|canary/);
    expect((await viewer.call('GET', '/alert-channels')).status).toBe(403);
    expect(
      (await editor.call('POST', '/alert-channels', { name: 'x', target: { kind: 'slack', url: world.hooks.url } }))
        .status,
    ).toBe(403);
    expect((await viewer.call('POST', '/alert-rules', { name: 'x', kind: 'run' })).status).toBe(403);
    expect((await viewer.call('POST', '/alert-silences', { reason: 'x', minutes: 1 })).status).toBe(403);
    const hidden = await imported('Hidden', breakable('hidden'));
    await world.owner.call('PATCH', `/notebooks/${hidden}/sharing`, { access: 'invited' });
    const ruleId = await rule({ name: 'hidden', kind: 'run', config: { notebook: hidden } });
    await ran(hidden, { v: 'abc' });
    await incidentOf(ruleId);
    expect((await editor.call('GET', '/alerts')).text).not.toContain('Hidden');
    expect((await editor.call('GET', '/alert-rules')).text).not.toContain(ruleId);
    expect((await editor.call('DELETE', `/alert-rules/${ruleId}`)).status).toBe(404);
  });
});
