/** What starts a published version beside its schedule. Tokens of webhooks are kept as hashes. */
import { createHash, randomBytes } from 'node:crypto';
import type { Queryable } from '@datacraft/engine';
import type { Said, TriggerConfig, TriggerKind, TriggerSummary } from '@datacraft/shared';
import { english, newId } from '@datacraft/shared';

export interface Trigger {
  readonly id: string;
  readonly notebookId: string;
  readonly kind: TriggerKind;
  readonly config: TriggerConfig;
  readonly state: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

interface Row {
  id: string;
  notebook_id: string;
  kind: TriggerKind;
  config: TriggerConfig;
  state: Record<string, unknown>;
  created_at: Date;
}

const COLUMNS = 't.id, t.notebook_id, t.kind, t.config, t.state, t.created_at';

export async function listTriggers(db: Queryable, notebookId: string): Promise<TriggerSummary[]> {
  const { rows } = await db.query<
    Row & { enabled: boolean; problem: string | null; problem_said: Said | null; fired_at: Date | null }
  >(
    `select ${COLUMNS}, t.enabled, t.problem, t.problem_said,
            (select max(fired_at) from trigger_firings f where f.trigger_id = t.id) as fired_at
       from triggers t where t.notebook_id = $1 order by t.created_at`,
    [notebookId],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    config: row.config,
    enabled: row.enabled,
    problem: row.problem,
    problemSaid: row.problem_said,
    lastFiredAt: row.fired_at?.toISOString() ?? null,
  }));
}

/** A webhook's token is answered once and never again. */
export async function addTrigger(
  db: Queryable,
  next: {
    readonly notebookId: string;
    readonly kind: TriggerKind;
    readonly config: TriggerConfig;
    readonly by: string;
  },
): Promise<{ id: string; token: string | null }> {
  const id = newId<string>('trg');
  const token = next.kind === 'webhook' ? randomBytes(24).toString('base64url') : null;
  await db.query(
    `insert into triggers (id, notebook_id, kind, config, token_hash, created_by) values ($1, $2, $3, $4, $5, $6)`,
    [id, next.notebookId, next.kind, JSON.stringify(next.config), token === null ? null : hashOf(token), next.by],
  );
  return { id, token };
}

export async function removeTrigger(db: Queryable, id: string): Promise<string | null> {
  const { rows } = await db.query<{ notebook_id: string }>('delete from triggers where id = $1 returning notebook_id', [
    id,
  ]);
  return rows[0]?.notebook_id ?? null;
}

export async function triggerOfToken(db: Queryable, token: string): Promise<Trigger | null> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from triggers t join notebooks n on n.id = t.notebook_id and n.deleted_at is null
      where t.token_hash = $1 and t.enabled`,
    [hashOf(token)],
  );
  return rows[0] ? triggerOf(rows[0]) : null;
}

/** Those that are to be looked at now, by id; each is locked again before it is looked at. */
export async function dueTriggers(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select t.id from triggers t join notebooks n on n.id = t.notebook_id and n.deleted_at is null
      where t.enabled and t.kind <> 'webhook' and t.next_look_at <= now() order by t.next_look_at limit 100`,
  );
  return rows.map((row) => row.id);
}

/** Takes a trigger for one look: others see its next look in the future. Null when somebody else took it. */
export async function takeTrigger(db: Queryable, id: string, againMs: number): Promise<Trigger | null> {
  const { rows } = await db.query<Row>(
    `update triggers t set next_look_at = now() + $2 * interval '1 millisecond'
      where id = $1 and enabled and next_look_at <= now() returning ${COLUMNS}`,
    [id, againMs],
  );
  return rows[0] ? triggerOf(rows[0]) : null;
}

export async function keepState(
  db: Queryable,
  id: string,
  state: Readonly<Record<string, unknown>>,
  nextMs: number,
  problem: Said | null,
): Promise<void> {
  await db.query(
    `update triggers set state = $2, next_look_at = now() + $3 * interval '1 millisecond', problem = $4, problem_said = $5
      where id = $1`,
    [id, JSON.stringify(state), nextMs, problem && english(problem), problem && JSON.stringify(problem)],
  );
}

/** False when it had stopped before, or is gone. */
export async function stopTrigger(tx: Queryable, id: string, problem: Said): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update triggers set enabled = false, problem = $2, problem_said = $3 where id = $1 and enabled',
    [id, english(problem), JSON.stringify(problem)],
  );
  return rowCount === 1;
}

/** The run that this event has started before, or null when it is new and now recorded for `runId`. */
export async function recordFiring(
  tx: Queryable,
  firing: { readonly triggerId: string; readonly dedupeToken: string; readonly runId: string },
): Promise<string | null> {
  const { rowCount } = await tx.query(
    `insert into trigger_firings (trigger_id, dedupe_token, run_id) values ($1, $2, $3)
     on conflict (trigger_id, dedupe_token) do nothing`,
    [firing.triggerId, firing.dedupeToken, firing.runId],
  );
  if (rowCount === 1) return null;
  const { rows } = await tx.query<{ run_id: string }>(
    'select run_id from trigger_firings where trigger_id = $1 and dedupe_token = $2',
    [firing.triggerId, firing.dedupeToken],
  );
  return rows[0]?.run_id ?? null;
}

function triggerOf(row: Row): Trigger {
  return {
    id: row.id,
    notebookId: row.notebook_id,
    kind: row.kind,
    config: row.config,
    state: row.state,
    createdAt: row.created_at,
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
