import { inPortuguese } from '@datacraft/shared/portuguese';
import { describe, expect, it } from 'vitest';
import { cell, until, useAlerts } from '../../testing/alerting.ts';

const world = useAlerts();
const { imported, ran, channel, webhook, rule, incidentOf, called, kinds } = world;

describe('channels', () => {
  it('send a test and say what came of it', async () => {
    const good = await world.owner.call('POST', `/alert-channels/${await webhook('/tested')}/test`);
    expect(good.json).toEqual({ ok: true, error: null });
    const closed = await channel({ kind: 'webhook', url: 'http://127.0.0.1:9' });
    expect((await world.owner.call('POST', `/alert-channels/${closed}/test`)).json).toMatchObject({
      ok: false,
      error: expect.stringContaining('cannot be fetched'),
    });
    for (const target of [
      { kind: 'webhook', url: 'http://169.254.169.254/latest' },
      { kind: 'email', host: '10.0.0.1', port: 25, from: 'a@b.c', to: ['a@b.c'] },
    ]) {
      const { json } = await world.owner.call('POST', `/alert-channels/${await channel(target)}/test`);
      expect(json).toMatchObject({ ok: false, error: expect.stringContaining('private network') });
    }
  });

  it('are tried again until they take a message, under the same id', async () => {
    let refusals = 0;
    world.hooks.answer = (path) => (path === '/flaky' && (refusals += 1) <= 2 ? 500 : 200);
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
    await world.owner.call('DELETE', `/alert-rules/${ruleId}`);
  }, 60_000);

  it('speak the language of their channel, and the interface can say them in both', async () => {
    const text = '---\nexpect:\n  - row_count: { min: 3 }\n---\nselect 1 as x';
    const id = await imported('Poucas', cell('poucas', text));
    const ruleId = await rule({
      name: 'linhas',
      kind: 'check',
      config: { table: 'silver.poucas' },
      channels: [await channel({ kind: 'slack', url: `${world.hooks.url}/pt`, language: 'pt' })],
    });
    expect((await ran(id)).state).toBe('failed');
    const { text: subject, blocks } = JSON.parse(
      (await until(() => world.hooks.calls.find((call) => call.path === '/pt') ?? null)).body,
    );
    expect(subject).toBe('[Disparado, aviso] Testes de silver.poucas falham');
    expect(blocks[1].text.text).toContain('- silver.poucas: row_count 3.. falhou (regra linhas, disparado)');
    const incident = await incidentOf(ruleId);
    const [alert] = incident.alerts;
    expect([incident.title, alert?.summary]).toEqual([
      'Checks of silver.poucas fail',
      'silver.poucas: row_count 3.. failed',
    ]);
    expect([incident.said, alert?.said].map((said) => said && inPortuguese(said))).toEqual([
      'Testes de silver.poucas falham',
      'silver.poucas: row_count 3.. falhou',
    ]);
    await world.owner.call('DELETE', `/alert-rules/${ruleId}`);
  });

  it('speak as Slack and Alertmanager do', async () => {
    const slack = await channel({ kind: 'slack', url: `${world.hooks.url}/slack` });
    const manager = await channel({ kind: 'alertmanager', url: `${world.hooks.url}/am` });
    const ruleId = await rule({
      name: '<!channel> & co',
      kind: 'sql',
      config: { sql: 'select true' },
      channels: [slack, manager],
    });
    const of = (path: string) => until(() => world.hooks.calls.find((call) => call.path === path) ?? null);
    const said = JSON.parse((await of('/slack')).body);
    expect(said.text).toBe('[Firing, warning] &lt;!channel&gt; &amp; co');
    const [alert] = JSON.parse((await of('/am/api/v2/alerts')).body);
    expect(alert).toMatchObject({
      labels: { alertname: 'DataCraft', title: '<!channel> & co' },
      annotations: { severity: 'warning' },
    });
    await world.owner.call('DELETE', `/alert-rules/${ruleId}`);
    const ended = await until(() => world.hooks.calls.filter((call) => call.path === '/am/api/v2/alerts')[1] ?? null);
    const [over] = JSON.parse(ended.body);
    expect(over.labels).toEqual(alert.labels);
    expect(Date.parse(over.endsAt)).toBeLessThanOrEqual(Date.now());
  });
});
