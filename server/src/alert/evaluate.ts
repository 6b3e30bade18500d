/**
 * The look at all rules that are due.
 *
 * A4  An alert, its incident and the messages about it are written in one transaction: killed anywhere, either nothing
 *     happened, and the next look sees it again, or the messages wait in the outbox.
 * A5  A rule that cannot be looked at says why and changes nothing: what fires goes on firing.
 * A9  What a look finds counts for the rule that it looked at: nothing of it is kept when the rule was changed or deleted meanwhile.
 */
import type { Queryable } from '@datacraft/engine';
import { english, isFault, newId } from '@datacraft/shared';
import type { Logger } from 'pino';
import type { ServerEngine } from '../engine.ts';
import type { Family } from '../metric/exposition.ts';
import type { Scorers } from '../model/scorers.ts';
import { loadLineage } from './cause.ts';
import { joinIncident, lockIncidents, settleIncidents } from './incidents.ts';
import { see } from './look/see.ts';
import type { World } from './look/world.ts';
import { lazily } from './look/world.ts';
import type { Rule } from './rules.ts';
import { asKept, dueRules, isStillTaken, putBack, takeRule } from './rules.ts';
import type { LiveAlert, Observation } from './transition.ts';
import { transition } from './transition.ts';

export interface EvaluateDeps {
  readonly engine: ServerEngine;
  readonly scorers: Scorers;
  readonly metrics: () => Promise<readonly Family[]>;
  readonly log: Logger;
}

/** Never throws for one of them. */
export async function lookAtRules({ engine, scorers, metrics, log }: EvaluateDeps): Promise<void> {
  const { db, now } = engine.run;
  const world: World = {
    engine,
    scorers,
    now: now(),
    metrics: lazily(metrics),
    lineage: lazily(() => loadLineage(db)),
  };
  for (const id of await dueRules(db)) {
    const rule = await takeRule(db, id);
    if (rule) await lookAt(rule, world, log);
  }
  await db.transaction(async (tx) => {
    await lockIncidents(tx);
    await settleIncidents(tx);
  });
}

async function lookAt(rule: Rule, world: World, log: Logger): Promise<void> {
  const { db } = world.engine.run;
  try {
    const seen = await see(rule, world);
    await db.transaction((tx) => apply(tx, rule, seen, world.now));
    await putBack(db, rule, null);
  } catch (error) {
    const problem = isFault(error) ? error.words : 'it could not be looked at; the log says why';
    if (!isFault(error)) log.warn({ err: error, rule: rule.id }, 'an alert rule could not be looked at');
    await putBack(db, rule, problem);
  }
}

async function apply(tx: Queryable, rule: Rule, seen: readonly Observation[], now: Date): Promise<void> {
  await lockIncidents(tx);
  if (!(await isStillTaken(tx, rule))) return;
  const { rows: live } = await tx.query<LiveAlert>(
    `select id, key, state, started_at as "startedAt" from alerts where rule_id = $1 and state <> 'resolved' for update`,
    [rule.id],
  );
  const change = transition(live, seen, now, rule.forSeconds);
  for (const { seen: each, fires } of change.begin) await begin(tx, rule, each, fires, now);
  for (const { alert, seen: each } of change.fire) await fire(tx, rule, alert.id, each, now);
  for (const { alert, seen: each } of change.keep)
    await tx.query('update alerts set summary = $2, said = $3, facts = $4 where id = $1', [
      alert.id,
      english(each.summary),
      asKept(each.summary),
      JSON.stringify(each.facts),
    ]);
  await tx.query(`update alerts set state = 'resolved', resolved_at = $2 where id = any ($1)`, [
    change.resolve.map((alert) => alert.id),
    now,
  ]);
  await tx.query('delete from alerts where id = any ($1)', [change.forget.map((alert) => alert.id)]);
  await settleIncidents(tx);
}

async function begin(tx: Queryable, rule: Rule, seen: Observation, fires: boolean, now: Date): Promise<void> {
  const id = newId<string>('alr');
  await tx.query(
    `insert into alerts (id, rule_id, key, cause, state, summary, said, facts, started_at) values ($1, $2, $3, $4, 'pending', $5, $6, $7, $8)`,
    [id, rule.id, seen.key, seen.cause, english(seen.summary), asKept(seen.summary), JSON.stringify(seen.facts), now],
  );
  if (fires) await fire(tx, rule, id, seen, now);
}

async function fire(tx: Queryable, rule: Rule, id: string, seen: Observation, now: Date): Promise<void> {
  const incidentId = await joinIncident(tx, { ...seen, severity: rule.severity }, now);
  await tx.query(
    `update alerts set state = 'firing', firing_at = $2, incident_id = $3, cause = $4, summary = $5, said = $6, facts = $7 where id = $1`,
    [id, now, incidentId, seen.cause, english(seen.summary), asKept(seen.summary), JSON.stringify(seen.facts)],
  );
}
