import type { Queryable } from '@datacraft/engine';
import type { Logger } from 'pino';
import { Gathered } from '../gathered.ts';

export interface Beside {
  readonly version: number;
  readonly answer: unknown;
}

export interface LoggedPrediction {
  readonly key: string;
  readonly name: string;
  readonly version: number;
  readonly input: unknown;
  readonly answer: unknown;
  /** What another version said of the same row. */
  readonly beside: Beside | null;
  readonly userId: string | null;
}

/** In one statement. */
const BATCH = 2000;
/** Kept of each model. */
const KEPT = 100_000;
const SWEEP_AFTER = 50_000;

/**
 * Writes predictions down before they are answered: what somebody was told is there to be computed again, even when
 * this process is killed the moment after.
 */
export class PredictionLog {
  readonly #db: Queryable;
  readonly #log: Logger;
  readonly #days: number;
  readonly #gathered: Gathered<LoggedPrediction, void>;
  #sweeping: Promise<void> = Promise.resolve();
  #unswept = SWEEP_AFTER;
  readonly #names = new Set<string>();

  constructor(db: Queryable, log: Logger, days: number) {
    this.#db = db;
    this.#log = log;
    this.#days = days;
    this.#gathered = new Gathered((batch) => this.#write(batch), BATCH);
  }

  /** Resolves when they are written; rejects when they could not be. */
  async add(predictions: readonly LoggedPrediction[]): Promise<void> {
    if (predictions.length > 0) await this.#gathered.add(predictions);
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    await this.#gathered.idle();
    await this.#sweeping;
  }

  async #write(batch: readonly LoggedPrediction[]): Promise<void> {
    await insertPredictions(this.#db, batch);
    for (const { name } of batch) this.#names.add(name);
    this.#unswept += batch.length;
    if (this.#unswept < SWEEP_AFTER) return;
    this.#unswept = 0;
    const names = [...this.#names];
    this.#names.clear();
    this.#sweeping = this.#sweeping.then(() => this.#sweep(names));
  }

  async #sweep(names: readonly string[]): Promise<void> {
    try {
      await sweepPredictions(this.#db, names, this.#days);
    } catch (error) {
      this.#log.warn({ err: error }, 'old predictions were not removed; it is tried again after the next many');
    }
  }
}

/** Committed when it resolves, but a machine that loses its power may lose the last half a second of it. */
async function insertPredictions(db: Queryable, batch: readonly LoggedPrediction[]): Promise<void> {
  await db.query(
    `insert into model_predictions (key, name, version, input, answer, beside, asked_by)
     select p->>'key', p->>'name', (p->>'version')::integer, p->'input', p->'answer',
       nullif(p->'beside', 'null'), p->>'userId'
       from jsonb_array_elements($1::jsonb) as p, set_config('synchronous_commit', 'off', true) as relaxed`,
    [storableJson(batch)],
  );
}

/** What was said in the shadow, beside predictions that are written already. */
export async function writeBeside(db: Queryable, said: readonly { key: string; beside: Beside }[]): Promise<void> {
  await db.query(
    `update model_predictions p set beside = s->'beside'
       from jsonb_array_elements($1::jsonb) as s, set_config('synchronous_commit', 'off', true) as relaxed
      where p.key = s->>'key'`,
    [storableJson(said)],
  );
}

function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? storable(each) : each));
}

/** PostgreSQL keeps no zero character and no half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

async function sweepPredictions(db: Queryable, names: readonly string[], days: number): Promise<void> {
  await db.query(`delete from model_predictions where asked_at < now() - make_interval(days => $1)`, [days]);
  for (const name of names)
    await db.query(
      `delete from model_predictions where name = $1 and id <= (
         select id from model_predictions where name = $1 order by id desc offset $2 limit 1)`,
      [name, KEPT],
    );
}
