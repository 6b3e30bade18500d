import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { withTransaction } from '../database/pool.ts';
import { breakable, cell, until, useAlerts } from '../testing/alerting.ts';
import { lockIncidents } from './incidents.ts';

/** Whether what was found by a look at the rule waits to be written; null while no look waits for that. */
async function waits(pool: pg.Pool, ruleId: string): Promise<boolean | null> {
  const { rows } = await pool.query<{ taken: boolean; waiting: boolean }>(
    `select looked_at is null and next_look_at > now() + interval '10 seconds' as taken, exists (
       select from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())) as waiting
       from alert_rules where id = $1`,
    [ruleId],
  );
  const [found] = rows;
  return found?.waiting === true ? found.taken : null;
}

const world = useAlerts();
const { imported, ran, email, webhook, rule, incidentOf, called, kinds } = world;

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
      (await world.owner.call('GET', '/alert-rules')).json.find((each: { id: string }) => each.id === ruleId).state;
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
    const { json } = await world.owner.call('POST', '/notebooks/import', sales('104'), {
      'content-type': 'text/markdown',
    });
    await ran(json.id);
    const ruleId = await rule({
      name: 'sales are odd',
      kind: 'deviation',
      config: { sql: 'select day, amount from silver.sales_by_day order by day', period: 7 },
      channels: [await email()],
    });
    const looked = async () =>
      (await world.owner.call('GET', '/alert-rules')).json.find((each: { id: string }) => each.id === ruleId);
    await until(async () => ((await looked()).lookedAt === null ? null : true));
    expect(await looked()).toMatchObject({ state: 'quiet', problem: null });
    await ran(json.id, { last: '190' });
    const [alert] = (await incidentOf(ruleId)).alerts;
    expect(alert?.summary).toMatch(/^amount of 2026-03-12 is 190, above what was forecast: \d+(\.\d)? to \d+(\.\d)?$/);
    const told = await until(() => world.smtp.mails.find(({ text }) => text.includes('sales are odd')) ?? null);
    expect(told.text).toContain('above what was forecast');
    await ran(json.id, { last: '104' });
    await incidentOf(ruleId, 'closed');
    const odd = { name: 'odd', kind: 'deviation', config: { period: 7 } };
    expect((await world.owner.call('POST', '/alert-rules', odd)).text).toContain('one of `sql`, `metric` and `model`');
  });

  it('on a forecast cell hold its last actual against its band, as it forecasts', async () => {
    const text = (last: string) =>
      `---\ndatacraft: 1\ntitle: Takings\n---\n\n\`\`\`input last\ntype: text\ndefault: "${last}"\n\`\`\`\n\n` +
      cell(
        'takings',
        `select date '2026-01-01' + d::int as day, case when d = 70 then $last::double else 1000 + (d % 7 >= 5)::int * 380 + (d * 37) % 11 * 9.123456 end as sold from range(71) t(d)`,
      ) +
      '\n\n```model takings_ahead\ntask: forecast\nfrom: takings\ntime_column: day\ntarget: sold\nhorizon: 7\n```\n';
    const { json } = await world.owner.call('POST', '/notebooks/import', text('1040'), {
      'content-type': 'text/markdown',
    });
    await ran(json.id);
    const config = { model: 'takings_ahead', level: 0.999 };
    const none = { name: 'none', kind: 'deviation', config: { model: 'nobody' } };
    expect((await world.owner.call('POST', '/alert-rules', none)).status).toBe(404);
    const ruleId = await rule({ name: 'takings', kind: 'deviation', config, channels: [await webhook('/takings')] });
    const looked = async () =>
      (await world.owner.call('GET', '/alert-rules')).json.find((each: { id: string }) => each.id === ruleId);
    await until(async () => ((await looked()).lookedAt === null ? null : true));
    expect(await looked()).toMatchObject({ state: 'quiet', problem: null, config: { notebook: json.id } });
    await ran(json.id, { last: '4321.98765' });
    const told = JSON.parse((await called('/takings', 'firing')).body);
    expect(told.alerts[0].summary).toMatch(
      /^sold of 2026-03-12 is 4,322, above what was forecast: [\d,]+(\.\d)? to [\d,]+(\.\d)?$/,
    );
    expect((await incidentOf(ruleId)).link).toBe('/models/takings_ahead');
    await ran(json.id, { last: '1040' });
    await called('/takings', 'resolved');
  });

  it('on a metric learn from look to look', async () => {
    const ruleId = await rule({ name: 'tables', kind: 'deviation', config: { metric: 'datacraft_tables' } });
    const db = world.test.database.pool;
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
    await world.owner.call('DELETE', `/alert-rules/${ruleId}`);
  });

  it('on metrics see the labels they name', async () => {
    const words = {
      name: 'tables',
      kind: 'metric',
      config: { metric: 'datacraft_tables', labels: { layer: 'silver' }, op: '>=', value: 1 },
    };
    const ruleId = await rule({ ...words, channels: [await webhook('/metric')] });
    await called('/metric', 'firing');
    const [alert] = (await incidentOf(ruleId)).alerts;
    expect(alert?.facts.value).toEqual(expect.any(Number));
    expect(alert?.summary).toMatch(/^datacraft_tables \(layer=silver\) is \d+: at least 1$/);
    await world.owner.call('PUT', `/alert-rules/${ruleId}`, {
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
    await world.owner.call('PUT', `/notebooks/${id}/schedule`, { schedule: { every: '1 second', pause_after: 0 } });
    const { pool } = world.test.server.deps;
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
    await world.owner.call('DELETE', `/alert-rules/${ruleId}`);
  }, 60_000);

  it('A9 that are deleted while they are looked at leave nothing that fires for ever', async () => {
    const pool = world.test.database.pool;
    const config = { metric: 'process_uptime_seconds', op: '>', value: 0 };
    const deletedInALook = (name: string) =>
      withTransaction(pool, async (holder) => {
        await lockIncidents(holder);
        const ruleId = await rule({ name, kind: 'metric', config });
        const isCaught = await until(() => waits(pool, ruleId));
        expect((await world.owner.call('DELETE', `/alert-rules/${ruleId}`)).status).toBe(204);
        return isCaught;
      });
    for (const { id } of (await world.owner.call('GET', '/alert-rules')).json)
      await world.owner.call('DELETE', `/alert-rules/${id}`);
    let [tries, isCaught] = [0, false];
    // What waits may be the end of a round of looks, which never comes to this rule.
    while (!isCaught) isCaught = await deletedInALook(`short-lived ${(tries += 1)}`);
    const next = await rule({ name: 'looked at after it', kind: 'metric', config });
    await incidentOf(next);
    expect((await world.incidents()).map(({ title }) => title)).not.toContain(`short-lived ${tries}`);
    await world.owner.call('DELETE', `/alert-rules/${next}`);
  });

  it('that cannot be looked at say why, and what fires goes on', async () => {
    const ruleId = await rule({
      name: 'typo',
      kind: 'metric',
      config: { metric: 'datacraft_nobody', op: '>', value: 1 },
    });
    const found = await until(async () => {
      const one = (await world.owner.call('GET', '/alert-rules')).json.find(
        (each: { id: string }) => each.id === ruleId,
      );
      return one.problem === null ? null : one;
    });
    expect(found.problem).toContain('/metrics lists them');
    const refused = await world.owner.call('POST', '/alert-rules', {
      name: 'bad',
      kind: 'sql',
      config: { sql: 'select x from silver.none' },
    });
    expect([refused.status, refused.json.detail]).toEqual([404, expect.stringContaining('silver.none')]);
  });
});
