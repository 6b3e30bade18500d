/** Rules as they are kept, and taking one for a look so that no other process looks at the same time. */
import type { Queryable } from '@datacraft/engine';
import type {
  AlertRule,
  AlertRuleConfig,
  AlertRuleKind,
  AlertRuleWords,
  AlertSeverity,
  Words,
} from '@datacraft/shared';
import { english, newId } from '@datacraft/shared';

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly kind: AlertRuleKind;
  readonly config: AlertRuleConfig;
  readonly severity: AlertSeverity;
  readonly forSeconds: number;
  readonly everySeconds: number;
  readonly createdAt: Date;
  /** Whose rights its SQL has; null when the account is gone. */
  readonly writtenBy: string | null;
  /** Until when it is taken for this look, as PostgreSQL writes it. */
  readonly takenUntil: string;
}

/** Taken for so long; a process that dies in the middle gives it back by then. */
const TAKEN_MS = 60_000;
const COLUMNS = `id, name, kind, config, severity, for_seconds as "forSeconds", every_seconds as "everySeconds",
  created_at as "createdAt", created_by as "writtenBy", next_look_at::text as "takenUntil"`;

export async function dueRules(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'select id from alert_rules where enabled and next_look_at <= now() order by next_look_at limit 200',
  );
  return rows.map((row) => row.id);
}

/** Null when somebody else took it. */
export async function takeRule(db: Queryable, id: string): Promise<Rule | null> {
  const { rows } = await db.query<Rule>(
    `update alert_rules set next_look_at = now() + $2 * interval '1 millisecond'
      where id = $1 and enabled and next_look_at <= now() returning ${COLUMNS}`,
    [id, TAKEN_MS],
  );
  return rows[0] ?? null;
}

const STILL_TAKEN = 'id = $1 and enabled and next_look_at = $2::timestamptz';

/** False when it was changed, switched off or deleted since, or taken by another look; else it stays as it is until `tx` ends. */
export async function isStillTaken(tx: Queryable, { id, takenUntil }: Rule): Promise<boolean> {
  const { rowCount } = await tx.query(`select from alert_rules where ${STILL_TAKEN} for share`, [id, takenUntil]);
  return rowCount === 1;
}

/** Nothing, when it is not taken any more. */
export async function putBack(
  db: Queryable,
  { id, takenUntil, everySeconds }: Rule,
  problem: Words | null,
): Promise<void> {
  await db.query(
    `update alert_rules set next_look_at = now() + $3 * interval '1 second', looked_at = now(), problem = $4, problem_said = $5
      where ${STILL_TAKEN}`,
    [id, takenUntil, everySeconds, problem && english(problem), problem && asKept(problem)],
  );
}

/** How words are kept beside their English: null when that says it all. */
export function asKept(words: Words): string | null {
  return typeof words === 'string' ? null : JSON.stringify(words);
}

type ListRow = Omit<AlertRule, 'lookedAt'> & { lookedAt: Date | null };

export async function listRules(db: Queryable): Promise<AlertRule[]> {
  const { rows } = await db.query<ListRow>(
    `select r.id, r.name, r.kind, r.config, r.severity, r.for_seconds as "forSeconds", r.every_seconds as "everySeconds",
            r.channels, r.escalate_after_seconds as "escalateAfterSeconds", r.escalate_channels as "escalateChannels",
            r.enabled, r.looked_at as "lookedAt", r.problem, r.problem_said as "problemSaid", u.name as "createdBy",
            case when not r.enabled then 'off' else coalesce(
              (select min(a.state) from alerts a where a.rule_id = r.id and a.state <> 'resolved'), 'quiet') end as state
       from alert_rules r left join users u on u.id = r.created_by where r.deleted_at is null order by r.name, r.id`,
  );
  return rows.map((row) => ({ ...row, lookedAt: row.lookedAt?.toISOString() ?? null }));
}

function notebookOf(words: AlertRuleWords): string | null {
  return words.config.notebook ?? null;
}

export async function addRule(db: Queryable, words: AlertRuleWords, by: string | null): Promise<string> {
  const id = newId<string>('rul');
  await db.query(
    `insert into alert_rules (id, name, kind, config, severity, for_seconds, every_seconds, channels, escalate_after_seconds,
       escalate_channels, enabled, notebook_id, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [id, ...valuesOf(words), by],
  );
  return id;
}

/** One that is switched off tells no more of what it found. Of a look under way nothing is kept. */
export async function changeRule(tx: Queryable, id: string, words: AlertRuleWords, by: string): Promise<void> {
  await tx.query(
    `update alert_rules set name = $2, kind = $3, config = $4, severity = $5, for_seconds = $6, every_seconds = $7, channels = $8,
       escalate_after_seconds = $9, escalate_channels = $10, enabled = $11, notebook_id = $12, next_look_at = now(), problem = null,
       problem_said = null, created_by = $13 where id = $1`,
    [id, ...valuesOf(words), by],
  );
  if (!words.enabled) await endAlerts(tx, id, 'its rule was switched off');
}

function valuesOf(words: AlertRuleWords): unknown[] {
  return [
    words.name,
    words.kind,
    JSON.stringify(words.config),
    words.severity,
    words.forSeconds,
    words.everySeconds,
    words.channels,
    words.escalateAfterSeconds,
    words.escalateChannels,
    words.enabled,
    notebookOf(words),
  ];
}

/** What it told stays in the history. Of a look under way nothing is kept. */
export async function removeRule(tx: Queryable, id: string): Promise<void> {
  await tx.query('update alert_rules set enabled = false, deleted_at = now() where id = $1', [id]);
  await endAlerts(tx, id, 'its rule was deleted');
}

async function endAlerts(tx: Queryable, ruleId: string, because: string): Promise<void> {
  await tx.query(
    `update alerts set state = 'resolved', resolved_at = now(), facts = facts || jsonb_build_object('resolvedBecause', $2::text)
      where rule_id = $1 and state = 'firing'`,
    [ruleId, because],
  );
  await tx.query(`delete from alerts where rule_id = $1 and state = 'pending'`, [ruleId]);
}
