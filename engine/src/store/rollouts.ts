import type { EndedRollout, ModelTask, Rollout, RolloutCounts, RolloutMode, RunningRollout } from '@datacraft/shared';
import { comparisonOf } from '@datacraft/shared';
import type { Queryable } from './database.ts';

/** A rollout as those who score need it. `id` is another one when it begins anew. */
export interface StandingRollout extends Rollout {
  readonly id: string;
}

/** Which versions answer now. */
export interface ModelStanding {
  readonly champion: number;
  readonly rollout: StandingRollout | null;
}

export async function standingOf(db: Queryable, name: string): Promise<ModelStanding | null> {
  const { rows } = await db.query<{
    champion: number;
    id: string | null;
    version: number;
    mode: RolloutMode;
    percent: number;
  }>(
    `select a.version as champion, r.id::text, r.version, r.mode, r.percent
       from model_aliases a left join model_rollouts r on r.name = a.name where a.name = $1 and a.alias = 'champion'`,
    [name],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { champion, id, version, mode, percent } = row;
  return { champion, rollout: id === null ? null : { id, version, mode, percent } };
}

/**
 * Sets or changes the rollout of a model. Another percentage goes on counting; another version or mode begins anew.
 * Answers false when the champion is no longer the one that the version was found to fit beside. Holds the model until
 * its transaction ends.
 */
export async function setRollout(
  tx: Queryable,
  name: string,
  { version, mode, percent }: Rollout,
  { champion, by }: { readonly champion: number; readonly by: string | null },
): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('model:' || $1))`, [name]);
  const now = await standingOf(tx, name);
  if (now?.champion !== champion) return false;
  if (now.rollout?.version === version && now.rollout.mode === mode) {
    await tx.query(`update model_rollouts set percent = $2 where name = $1`, [name, percent]);
    return true;
  }
  await tx.query(`delete from model_rollouts where name = $1`, [name]);
  await tx.query(`insert into model_rollouts (name, version, mode, percent, started_by) values ($1, $2, $3, $4, $5)`, [
    name,
    version,
    mode,
    percent,
    by,
  ]);
  return true;
}

/** Answers what ran; null when nothing did. */
export async function endRollout(db: Queryable, name: string): Promise<Rollout | null> {
  const { rows } = await db.query<Rollout>(
    `delete from model_rollouts where name = $1 returning version, mode, percent`,
    [name],
  );
  return rows[0] ?? null;
}

const TOLD = `r.version, r.mode, r.percent, u.name as by,
       to_char(r.started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since,
       r.asked::float8, r.answered::float8, r.compared::float8, r.agreed::float8, r.difference, r.decided::float8,
       r.decided_otherwise::float8 as "decidedOtherwise", r.errors::float8, r.dropped::float8, r.failure,
       to_char(r.failed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "failedAt"`;

/** With what it came to so far, as a model of that task compares. */
export async function loadRollout(db: Queryable, name: string, task: ModelTask): Promise<RunningRollout | null> {
  const { rows } = await db.query<RunningRollout>(
    `select ${TOLD} from model_rollouts r left join users u on u.id = r.started_by where r.name = $1`,
    [name],
  );
  return rows[0] === undefined ? null : { ...rows[0], ...comparisonOf(task, rows[0]) };
}

/** What ran beside a champion before, the latest first. */
export async function listRollouts(db: Queryable, name: string, task: ModelTask): Promise<EndedRollout[]> {
  const { rows } = await db.query<EndedRollout>(
    `select ${TOLD}, r.outcome, to_char(r.ended_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as until
       from model_rollout_history r left join users u on u.id = r.started_by where r.name = $1 order by r.id desc limit 50`,
    [name],
  );
  return rows.map((row) => ({ ...row, ...comparisonOf(task, row) }));
}

/** Adds to what a rollout came to: what was answered just before its end is counted after it. */
export async function addToRollout(db: Queryable, id: string, counts: RolloutCounts): Promise<void> {
  const { asked, answered, compared, agreed, difference, decided, decidedOtherwise, errors, dropped } = counts;
  const values = [id, asked, answered, compared, agreed, difference, decided, decidedOtherwise, errors, dropped];
  const add = (table: string) =>
    `update ${table} set asked = asked + $2, answered = answered + $3, compared = compared + $4,
       agreed = agreed + $5, difference = difference + $6, decided = decided + $7,
       decided_otherwise = decided_otherwise + $8, errors = errors + $9, dropped = dropped + $10 where id = $1`;
  const { rowCount } = await db.query(add('model_rollouts'), values);
  if (rowCount === 0) await db.query(add('model_rollout_history'), values);
}

/** Keeps why the version of a rollout could not be opened. */
export async function failRollout(db: Queryable, id: string, failure: string): Promise<void> {
  await db.query(`update model_rollouts set failure = $2, failed_at = now() where id = $1`, [
    id,
    failure.slice(0, 500),
  ]);
}
