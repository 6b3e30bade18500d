import { Fault, say } from '@datacraft/shared';
import type pg from 'pg';
import { Gathered } from '../gathered.ts';
import type { Principal } from './principal.ts';

/** In one statement. */
const BATCH = 1000;
/** Tokens that wait their turn here; more are asked of the database each time. */
const MOST_WAITING = 10_000;

interface Batch {
  readonly granted: ReadonlySet<object>;
  readonly waitMs: number;
}
interface Request {
  readonly rows: number;
}

/**
 * What tokens with limits may still ask. The database counts, so that all server processes count together.
 *
 * T1  Of one token and limit one statement is under way at a time here, for all that came meanwhile.
 * T2  A token without limits costs nothing.
 */
export class TokenMeter {
  readonly #pool: pg.Pool;
  readonly #now: () => number;
  readonly #lanes = new Map<string, Gathered<Request, Batch>>();
  /** Nothing fits before: others can only have made it later. */
  readonly #fullUntil = new Map<string, number>();

  constructor(pool: pg.Pool, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  /** Throws `rate-limited` with the time to wait. */
  async takeRequest({ credentialId, limits }: Principal): Promise<void> {
    const perSecond = limits?.requestsPerSecond ?? null;
    if (perSecond === null) return;
    const leftMs = (this.#fullUntil.get(credentialId) ?? 0) - this.#now();
    if (leftMs > 0) throw tooFast(perSecond, leftMs);
    const taken = await this.#take(`requests ${credentialId} ${perSecond}`, { rows: 0 }, async (requests) => {
      const { rows } = await this.#pool.query<{ granted: number; wait_seconds: number }>(
        'select granted, wait_seconds from take_token_requests($1, $2, $3)',
        [credentialId, perSecond, requests.length],
      );
      const { granted = 0, wait_seconds: wait = 0 } = rows[0] ?? {};
      if (granted < requests.length) this.#keepFull(credentialId, wait * 1000);
      return { granted: new Set(requests.slice(0, granted)), waitMs: wait * 1000 };
    });
    if (taken !== null) throw tooFast(perSecond, taken.waitMs);
  }

  /** Counts rows that are about to be scored; throws `rate-limited` when they are more than the day has left. */
  async takePredictions({ credentialId, limits }: Principal, rows: number): Promise<void> {
    const perDay = limits?.predictionsPerDay ?? null;
    if (perDay === null || rows === 0) return;
    const taken = await this.#take(`predictions ${credentialId} ${perDay}`, { rows }, async (requests) => {
      const { rows: answers } = await this.#pool.query<{ taken: boolean[] }>(
        'select take_token_predictions($1, $2, $3) as taken',
        [credentialId, perDay, requests.map((each) => each.rows)],
      );
      return { granted: new Set(requests.filter((_, at) => answers[0]?.taken[at])), waitMs: 0 };
    });
    if (taken !== null) throw tooMany(perDay, rows, untilMidnight(this.#now()));
  }

  /** Of rows that were counted and could not be scored. */
  async giveBack({ credentialId, limits }: Principal, rows: number): Promise<void> {
    if ((limits?.predictionsPerDay ?? null) === null || rows === 0) return;
    await this.#pool.query(
      `update api_token_use set predictions = greatest(0, predictions - $2)
        where token_id = $1 and day = (now() at time zone 'utc')::date`,
      [credentialId, rows],
    );
  }

  /** Null when it fits. */
  async #take(key: string, request: Request, work: (requests: readonly Request[]) => Promise<Batch>) {
    const lane = this.#lanes.get(key) ?? new Gathered(work, BATCH);
    this.#lanes.set(key, lane);
    const batch = await lane.add([request]);
    return batch.granted.has(request) ? null : batch;
  }

  #keepFull(token: string, waitMs: number): void {
    if (this.#fullUntil.size >= MOST_WAITING) this.#fullUntil.clear();
    this.#fullUntil.set(token, this.#now() + waitMs);
  }
}

function untilMidnight(nowMs: number): number {
  const dayMs = 86_400_000;
  return dayMs - (nowMs % dayMs);
}

function tooFast(perSecond: number, waitMs: number): Fault {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  const message = say(
    'this API token may ask {perSecond} times a second: ask again in {seconds} s, more slowly, or send several rows in one request',
    { perSecond, seconds: retryAfterSeconds },
  );
  return new Fault('rate-limited', message, { limit: perSecond, retryAfterSeconds });
}

function tooMany(perDay: number, rows: number, waitMs: number): Fault {
  const message = say(
    'this API token may have {perDay} rows scored a day, and {rows} more do not fit: ask again after midnight UTC, or with a token that may have more (Settings)',
    { perDay, rows },
  );
  return new Fault('rate-limited', message, { limit: perDay, rows, retryAfterSeconds: Math.ceil(waitMs / 1000) });
}
