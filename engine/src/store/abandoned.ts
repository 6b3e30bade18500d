import type { TaskError } from '@datacraft/shared';
import type { Queryable } from './database.ts';

/** Runs that a worker left behind; any worker may claim them now. `deadHolders` are those known to be gone. */
export async function abandonedRuns(db: Queryable, deadHolders: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `update runs set lease_expires_at = now() - interval '1 second'
      where state = 'running' and trigger <> 'cli' and (lease_expires_at < now() or lease_holder = any($1))
      returning id`,
    [[...deadHolders]],
  );
  return rows.map((row) => row.id);
}

/** It had published, and was sending. */
const COMMAND_ENDED_SENDING: TaskError = {
  code: 'worker-died',
  message: 'its tables are published, but the command that sent them elsewhere ended before it was done. Run it again',
};

const COMMAND_ENDED: TaskError = {
  code: 'worker-died',
  message: 'the command that ran it ended before it was done; nothing of it was published. Run it again',
};

/** Runs of commands that ended in the middle: only that command knew where its files are, so nobody takes them up. */
export async function failAbandonedCommands(db: Queryable, deadHolders: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `with gone as (
       update runs set state = 'failed', error = case when exists (select 1 from exports where run_id = runs.id) then $3 else $2 end::jsonb,
              finished_at = now(), lease_expires_at = null, lease_epoch = lease_epoch + 1
        where state = 'running' and trigger = 'cli' and (lease_expires_at < now() or lease_holder = any($1))
        returning id),
     unsent as (
       update exports set state = 'failed', error = $3::jsonb ->> 'message', updated_at = now()
         from gone where exports.run_id = gone.id and exports.state = 'pending'),
     left_over as (
       update tasks set state = 'failed', finished_at = now(),
              report = report || jsonb_build_object('state', 'failed', 'error', $2::jsonb)
         from gone where tasks.run_id = gone.id and tasks.state in ('queued', 'running'))
     select id from gone`,
    [[...deadHolders], JSON.stringify(COMMAND_ENDED), JSON.stringify(COMMAND_ENDED_SENDING)],
  );
  return rows.map((row) => row.id);
}

/** Who holds runs now. */
export async function leaseHolders(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ holder: string }>(
    `select distinct lease_holder as holder from runs where state = 'running' and lease_holder is not null`,
  );
  return rows.map((row) => row.holder);
}
