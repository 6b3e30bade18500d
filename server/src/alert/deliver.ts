/**
 * The outbox: sends what waits, until the other side has taken it.
 *
 * A8  A message is sent until it is taken, or for a day; killed between sending and remembering it, it is sent again under the
 *     same id.
 * A9  A channel hears that something is over after it heard that it is there.
 */
import type { Queryable } from '@datacraft/engine';
import { isFault } from '@datacraft/shared';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Metrics } from '../metric/registry.ts';
import type { Cipher } from '../secret/cipher.ts';
import { noteSent, openChannel } from './channel/channels.ts';
import type { Telling } from './channel/message.ts';
import { send } from './channel/send.ts';
import { listIncidents } from './listing.ts';

export interface DeliverDeps {
  readonly db: Queryable;
  readonly cipher: () => Promise<Cipher>;
  readonly config: Pick<Config, 'allowedHosts' | 'publicUrl' | 'port'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

interface Delivery {
  readonly id: string;
  readonly incidentId: string;
  readonly channelId: string;
  readonly kind: Telling['kind'];
  readonly attempts: number;
  readonly createdAt: Date;
}

const AT_ONCE = 8;
/** While it is being sent; a process that dies in the middle gives it back by then. */
const TAKEN = '60 seconds';
const GIVE_UP_MS = 24 * 3_600_000;
const LONGEST_PAUSE_S = 300;

/** Everything that waits now. Never throws for one of them. */
export async function deliver(deps: DeliverDeps): Promise<void> {
  for (;;) {
    const taken = await take(deps.db);
    await Promise.all(taken.map((delivery) => attempt(delivery, deps)));
    if (taken.length < AT_ONCE) return;
  }
}

async function take(db: Queryable): Promise<Delivery[]> {
  const { rows } = await db.query<Delivery>(
    `update alert_deliveries set next_try_at = now() + interval '${TAKEN}', attempts = attempts + 1 where id in (
       select d.id from alert_deliveries d where d.state = 'waiting' and d.next_try_at <= now()
          and (d.kind <> 'resolved' or not exists (select 1 from alert_deliveries before
               where before.incident_id = d.incident_id and before.channel_id = d.channel_id
                 and before.kind <> 'resolved' and before.state = 'waiting'))
        order by d.created_at limit ${AT_ONCE} for update skip locked)
     returning id, incident_id as "incidentId", channel_id as "channelId", kind, attempts, created_at as "createdAt"`,
  );
  return rows;
}

async function attempt(delivery: Delivery, deps: DeliverDeps): Promise<void> {
  const { db, metrics } = deps;
  try {
    const message = await messageOf(delivery, deps);
    const target = await openChannel(db, delivery.channelId, await deps.cipher());
    await send(target, message, { allowedHosts: deps.config.allowedHosts, nowMs: deps.now().getTime() });
    await db.query(`update alert_deliveries set state = 'sent', sent_at = now(), error = null where id = $1`, [
      delivery.id,
    ]);
    await noteSent(db, delivery.channelId, null);
    metrics.count('datacraft_alert_deliveries_total', { outcome: 'sent' });
  } catch (error) {
    metrics.count('datacraft_alert_deliveries_total', { outcome: 'failed' });
    await postpone(delivery, error, deps);
  }
}

async function postpone(delivery: Delivery, error: unknown, { db, log, now }: DeliverDeps): Promise<void> {
  const said = isFault(error) ? error.message : 'it could not be sent; the log says why';
  log.warn({ err: error, delivery: delivery.id }, 'a message of an alert was not taken');
  const isOver = now().getTime() - delivery.createdAt.getTime() > GIVE_UP_MS;
  const pause = Math.min(LONGEST_PAUSE_S, 2 ** Math.min(delivery.attempts, 10));
  await db.query(
    `update alert_deliveries set state = $2, error = $3, next_try_at = now() + $4 * interval '1 second' where id = $1`,
    [delivery.id, isOver ? 'failed' : 'waiting', said, pause],
  );
  await noteSent(db, delivery.channelId, said);
}

async function messageOf({ id, incidentId, kind }: Delivery, { db, config }: DeliverDeps): Promise<Telling> {
  const incidents = await listIncidents(db, { state: 'all', limit: 1, visible: null, id: incidentId });
  const [incident] = incidents;
  if (!incident) throw new Error(`incident ${incidentId} is gone`);
  return {
    id,
    kind,
    incident: incident.id,
    title: incident.said ?? incident.title,
    severity: incident.severity,
    openedAt: incident.openedAt,
    closedAt: kind === 'resolved' ? incident.closedAt : null,
    url: `${config.publicUrl ?? `http://localhost:${config.port}`}${incident.link ?? '/alerts'}`,
    alerts: incident.alerts.map(({ rule, state, summary, said, facts, startedAt }) => ({
      rule: rule.name,
      state,
      summary: said ?? summary,
      facts,
      startedAt,
    })),
  };
}
