/** What streams do, as it is told to whoever looks at their data: one cheap question for all of them. */
import type { StreamSummary } from '@datacraft/shared';
import type { Queryable } from './database.ts';

export interface StreamStanding extends Pick<
  StreamSummary,
  | 'notebookId'
  | 'relation'
  | 'state'
  | 'stateSince'
  | 'running'
  | 'commitMs'
  | 'progress'
  | 'lastCommitAt'
  | 'startedAt'
> {
  /** A message about it is out, and it is not over yet. */
  readonly told: boolean;
}

interface Row {
  notebook_id: string;
  relation: string;
  state: StreamSummary['state'];
  state_since: Date;
  running: boolean;
  commit_ms: number;
  progress: StreamSummary['progress'];
  last_commit_at: Date | null;
  started_at: Date;
  told: boolean;
}

export async function streamStandings(db: Queryable): Promise<StreamStanding[]> {
  const { rows } = await db.query<Row>(
    `select s.notebook_id, s.relation, s.state, s.state_since, s.lease_expires_at is not null and s.lease_expires_at > now() as running,
            s.commit_ms, s.progress, s.last_commit_at, s.started_at,
            s.state = 'failed' and exists (select 1 from alerts a join alert_deliveries d on d.incident_id = a.incident_id
              where a.key = s.id and a.state = 'firing' and d.kind <> 'resolved' and d.state = 'sent') as told
       from streams s join notebooks n on n.id = s.notebook_id where n.deleted_at is null`,
  );
  return rows.map((row) => ({
    notebookId: row.notebook_id,
    relation: row.relation,
    state: row.state,
    stateSince: row.state_since.toISOString(),
    running: row.running,
    commitMs: row.commit_ms,
    progress: row.progress,
    lastCommitAt: row.last_commit_at?.toISOString() ?? null,
    startedAt: row.started_at.toISOString(),
    told: row.told,
  }));
}
