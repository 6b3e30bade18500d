import type { RunState, TaskError } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Database, Queryable } from './database.ts';

/** A claim on a run. Every write of its holder carries the epoch; a newer epoch makes them all fail. */
export interface Lease {
  readonly runId: string;
  readonly epoch: number;
}

export const LEASE_MS = 15_000;

export type Claim =
  | { readonly kind: 'claimed'; readonly lease: Lease }
  /** Another run of the same owner is under way. */
  | { readonly kind: 'busy'; readonly runId: string }
  /** Somebody else holds it, or it has ended. */
  | { readonly kind: 'gone' };

/**
 * Claims a queued run, or a running one whose lease has run out. Runs of one owner follow one another: the second then
 * finds what the first has published.
 */
export async function claimRun(db: Database, runId: string, holder: string): Promise<Claim> {
  return db.transaction(async (tx) => {
    // A claim that a power cut undoes leaves the run as it was, for anybody to claim: nobody waits for the disk.
    await tx.query(`select pg_advisory_xact_lock(722, 0), set_config('synchronous_commit', 'off', true)`);
    const other = await tx.query<{ id: string }>(
      `select other.id from runs, runs as other
        where runs.id = $1 and other.id <> runs.id and ${SAME_OWNER} and other.environment is not distinct from runs.environment
          and other.state = 'running' and other.lease_expires_at >= now()
          and runs.state in ('queued', 'running')
        order by other.created_at limit 1`,
      [runId],
    );
    const [busy] = other.rows;
    if (busy) return { kind: 'busy', runId: busy.id };
    const { rows } = await tx.query<{ lease_epoch: number }>(
      `update runs
          set state = 'running', started_at = coalesce(started_at, now()), lease_holder = $2,
              lease_epoch = lease_epoch + 1, lease_expires_at = now() + $3 * interval '1 millisecond'
        where id = $1 and (state = 'queued' or (state = 'running' and lease_expires_at < now()))
        returning lease_epoch`,
      [runId, holder, LEASE_MS],
    );
    const [row] = rows;
    return row ? { kind: 'claimed', lease: { runId, epoch: row.lease_epoch } } : { kind: 'gone' };
  });
}

/** Notebook files of one title are one owner, as in store/relations. */
const SAME_OWNER = `(other.owner_key = runs.owner_key or (other.owner_key like 'file:%' and runs.owner_key like 'file:%'
  and other.document ->> 'title' = runs.document ->> 'title'))`;

/** Extends the lease and tells whether somebody asked to cancel. Throws `lease-lost` when another holder has it. */
export async function renewLease(db: Queryable, lease: Lease): Promise<{ cancelRequested: boolean }> {
  const { rows } = await db.query<{ cancelled: boolean }>(
    `update runs set lease_expires_at = now() + $3 * interval '1 millisecond'
      where id = $1 and lease_epoch = $2 and state = 'running'
      returning cancel_requested_at is not null as cancelled`,
    [lease.runId, lease.epoch, LEASE_MS],
  );
  const [row] = rows;
  if (!row) throw leaseLost(lease);
  return { cancelRequested: row.cancelled };
}

/** Gives a run back unfinished: any worker may claim it at once. */
export async function releaseLease(db: Queryable, lease: Lease): Promise<void> {
  await db.query(
    `update runs set lease_expires_at = now() - interval '1 second' where id = $1 and lease_epoch = $2 and state = 'running'`,
    [lease.runId, lease.epoch],
  );
}

/**
 * The fence: locks the run's row inside the publish transaction and proves that the lease still holds (I5). `ended`
 * when this very claim has already ended the run, whose answer then was lost on the way.
 */
export async function holdLease(tx: Queryable, lease: Lease): Promise<'held' | 'ended'> {
  const { rows } = await tx.query<{ state: RunState }>(
    `select state from runs where id = $1 and lease_epoch = $2 for no key update`,
    [lease.runId, lease.epoch],
  );
  const [row] = rows;
  if (!row || (row.state !== 'running' && row.state !== 'succeeded' && row.state !== 'failed')) throw leaseLost(lease);
  return row.state === 'running' ? 'held' : 'ended';
}

export async function finishRun(db: Queryable, lease: Lease, state: RunState, error: TaskError | null): Promise<void> {
  const { rowCount } = await db.query(
    `update runs set state = $3, error = $4, finished_at = now(), lease_expires_at = null
      where id = $1 and lease_epoch = $2 and state = 'running'`,
    [lease.runId, lease.epoch, state, error === null ? null : JSON.stringify(error)],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

export function leaseLost(lease: Lease): Fault {
  return new Fault(
    'lease-lost',
    say('run {runId} was taken over by another worker; this one stops without publishing', { runId: lease.runId }),
  );
}
