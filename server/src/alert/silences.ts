import type { Queryable } from '@datacraft/engine';
import type { AlertSilence } from '@datacraft/shared';
import { newId } from '@datacraft/shared';

export interface NewSilence {
  readonly ruleId: string | null;
  readonly notebookId: string | null;
  readonly table: string | null;
  readonly reason: string;
  readonly minutes: number;
}

type Row = Omit<AlertSilence, 'startsAt' | 'endsAt'> & { startsAt: Date; endsAt: Date };

/** Those that hold now or later. */
export async function listSilences(db: Queryable): Promise<AlertSilence[]> {
  const { rows } = await db.query<Row>(
    `select s.id, s.rule_id as "ruleId", s.notebook_id as "notebookId", s.table_name as "table", s.reason,
            s.starts_at as "startsAt", s.ends_at as "endsAt", u.name as "createdBy"
       from alert_silences s left join users u on u.id = s.created_by where s.ends_at > now() order by s.ends_at`,
  );
  return rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString() }));
}

export async function addSilence(db: Queryable, silence: NewSilence, by: string | null): Promise<string> {
  const id = newId<string>('sil');
  await db.query(
    `insert into alert_silences (id, rule_id, notebook_id, table_name, reason, ends_at, created_by)
     values ($1, $2, $3, $4, $5, now() + $6 * interval '1 minute', $7)`,
    [id, silence.ruleId, silence.notebookId, silence.table, silence.reason, silence.minutes, by],
  );
  return id;
}

/** False when there is none that holds. */
export async function endSilence(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update alert_silences set ends_at = greatest(now(), starts_at + interval '1 millisecond') where id = $1 and ends_at > now()`,
    [id],
  );
  return rowCount === 1;
}
