/**
 * Incidents: alerts of one root cause, and the messages about them.
 *
 * A6  A channel hears once that an incident is there, once that nobody took it, once that it is over: each message is one row.
 * A7  What is silenced fires, but nobody is told; when it still fires after the silence, they are.
 */
import type { Queryable } from '@datacraft/engine';
import type { AlertSeverity, Words } from '@datacraft/shared';
import { english, newId } from '@datacraft/shared';
import { asKept } from './rules.ts';

const LOCK_KEY = 7_210_150;

/** One at a time, over all processes: incidents are joined and closed by what all rules say. */
export async function lockIncidents(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
}

interface Joining {
  readonly cause: string;
  readonly title: Words;
  readonly link: string | null;
  readonly severity: AlertSeverity;
}

/** The open incident of this cause; a graver alert makes it graver. */
export async function joinIncident(
  tx: Queryable,
  { cause, title, link, severity }: Joining,
  now: Date,
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into alert_incidents (id, cause, title, said, severity, link, opened_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (cause) where closed_at is null do update set severity = case
       when array_position(array['info', 'warning', 'critical'], excluded.severity)
          > array_position(array['info', 'warning', 'critical'], alert_incidents.severity)
       then excluded.severity else alert_incidents.severity end
     returning id`,
    [newId<string>('inc'), cause, english(title), asKept(title), severity, link, now],
  );
  return rows[0]?.id ?? '';
}

/** Whether somebody asked for silence about alert `a` of rule `r`. */
export const SILENCED = `exists (select 1 from alert_silences s where now() between s.starts_at and s.ends_at
  and (s.rule_id is null or s.rule_id = r.id)
  and (s.notebook_id is null or s.notebook_id = a.facts ->> 'notebookId')
  and (s.table_name is null or s.table_name = a.facts ->> 'table'))`;

const NEW_ID = `'dlv_' || replace(gen_random_uuid()::text, '-', '')`;

/** Writes what is to be said, and closes what is over. Safe to repeat. */
export async function settleIncidents(tx: Queryable): Promise<void> {
  await tx.query(
    `insert into alert_deliveries (id, incident_id, channel_id, kind)
     select ${NEW_ID}, told.incident_id, told.channel_id, told.kind from (
       select distinct a.incident_id, c.id as channel_id, 'firing' as kind
         from alerts a join alert_rules r on r.id = a.rule_id join alert_channels c on c.id = any (r.channels)
        where a.state = 'firing' and not ${SILENCED}
       union
       select distinct a.incident_id, c.id, 'escalated'
         from alerts a join alert_rules r on r.id = a.rule_id join alert_incidents i on i.id = a.incident_id
         join alert_channels c on c.id = any (r.escalate_channels)
        where a.state = 'firing' and r.escalate_after_seconds is not null and i.acknowledged_at is null
          and i.opened_at + r.escalate_after_seconds * interval '1 second' <= now() and not ${SILENCED}) told
     on conflict (incident_id, channel_id, kind) do nothing`,
  );
  const { rows: closed } = await tx.query<{ id: string }>(
    `update alert_incidents i set closed_at = now() where closed_at is null
        and not exists (select 1 from alerts a where a.incident_id = i.id and a.state = 'firing') returning id`,
  );
  await tx.query(
    `insert into alert_deliveries (id, incident_id, channel_id, kind)
     select ${NEW_ID}, told.incident_id, told.channel_id, 'resolved' from (
       select distinct incident_id, channel_id from alert_deliveries where incident_id = any ($1)) told
     on conflict (incident_id, channel_id, kind) do nothing`,
    [closed.map((row) => row.id)],
  );
}

/** False when it is not open. The first who took it stays. */
export async function acknowledge(db: Queryable, id: string, by: string | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `update alert_incidents set acknowledged_at = coalesce(acknowledged_at, now()), acknowledged_by = coalesce(acknowledged_by, $2)
      where id = $1 and closed_at is null`,
    [id, by],
  );
  return rowCount === 1;
}
