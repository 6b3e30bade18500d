import type { Queryable } from '@datacraft/engine';
import type { AlertIncident } from '@datacraft/shared';
import { SILENCED } from './incidents.ts';

type Row = Omit<AlertIncident, 'openedAt' | 'closedAt' | 'acknowledgedAt'> & {
  openedAt: Date;
  closedAt: Date | null;
  acknowledgedAt: Date | null;
};

const UTC = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export interface Wanted {
  readonly state: 'open' | 'closed' | 'all';
  readonly limit: number;
  /** Null: everything; else alerts of notebooks outside this list are left out. */
  readonly visible: ReadonlySet<string> | null;
  /** This one alone. */
  readonly id?: string;
}

/** Newest first. */
export async function listIncidents(db: Queryable, { state, limit, visible, id }: Wanted): Promise<AlertIncident[]> {
  const { rows } = await db.query<Row>(
    `select i.id, i.title, i.said, i.severity, i.link, i.opened_at as "openedAt", i.closed_at as "closedAt",
            i.acknowledged_at as "acknowledgedAt", u.name as "acknowledgedBy",
            coalesce(bool_and(a.silenced), false) as silenced,
            coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'rule', a.rule, 'state', a.state, 'summary', a.summary, 'said', a.said,
              'facts', a.facts, 'startedAt', ${UTC('a.started_at')}, 'firingAt', ${UTC('a.firing_at')},
              'resolvedAt', ${UTC('a.resolved_at')}) order by a.started_at) filter (where a.id is not null), '[]') as alerts,
            (select coalesce(jsonb_agg(jsonb_build_object('channel', c.name, 'kind', d.kind, 'state', d.state,
              'attempts', d.attempts, 'sentAt', ${UTC('d.sent_at')}, 'error', d.error) order by d.created_at), '[]')
               from alert_deliveries d join alert_channels c on c.id = d.channel_id where d.incident_id = i.id) as messages
       from alert_incidents i
       left join lateral (
         select a.*, jsonb_build_object('id', r.id, 'name', r.name, 'kind', r.kind) as rule, ${SILENCED} as silenced
           from alerts a join alert_rules r on r.id = a.rule_id
          where a.incident_id = i.id
            and ($3::text[] is null or a.facts ->> 'notebookId' is null or a.facts ->> 'notebookId' = any ($3))) a on true
       left join users u on u.id = i.acknowledged_by
      where ($1 = 'all' or ($1 = 'open') = (i.closed_at is null)) and ($4::text is null or i.id = $4)
      group by i.id, u.name having $3::text[] is null or count(a.id) > 0
      order by i.opened_at desc limit $2`,
    [state, limit, visible === null ? null : [...visible], id ?? null],
  );
  return rows.map((row) => ({
    ...row,
    openedAt: row.openedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
  }));
}
