import type { Queryable } from '@datacraft/engine';
import type { Logger } from 'pino';

export interface LoggedPrediction {
  readonly key: string;
  readonly name: string;
  readonly version: number;
  readonly input: unknown;
  readonly answer: unknown;
  readonly userId: string | null;
}

const EVERY_MS = 500;
const BATCH = 500;
/** What waits to be written, at most: beyond it the oldest are given up, and that is said. */
const WAITING = 20_000;
/** Kept of each model. */
const KEPT = 100_000;
const SWEEP_EVERY = 200;

/** Writes predictions down behind the answers, many at a time. */
export class PredictionLog {
  readonly #db: Queryable;
  readonly #log: Logger;
  #waiting: LoggedPrediction[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #batches = 0;
  readonly #days: number;

  constructor(db: Queryable, log: Logger, days: number) {
    this.#db = db;
    this.#log = log;
    this.#days = days;
  }

  add(predictions: readonly LoggedPrediction[]): void {
    for (const prediction of predictions) this.#waiting.push(prediction);
    const over = this.#waiting.length - WAITING;
    if (over > 0) {
      this.#waiting = this.#waiting.slice(over);
      this.#log.warn({ givenUp: over }, 'predictions come faster than they can be written down');
    }
    if (this.#timer === null) this.#timer = setTimeout(() => void this.flush(), EVERY_MS).unref();
  }

  /** Resolves when all that was added is written. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      try {
        await this.#insert(batch);
      } catch (error) {
        this.#log.warn({ err: error, givenUp: batch.length }, 'predictions could not be written down');
      }
    }
  }

  async #insert(batch: readonly LoggedPrediction[]): Promise<void> {
    await this.#db.query(
      `insert into model_predictions (key, name, version, input, answer, asked_by)
       select p->>'key', p->>'name', (p->>'version')::integer, p->'input', p->'answer', p->>'userId'
         from jsonb_array_elements($1::jsonb) as p`,
      [JSON.stringify(batch)],
    );
    this.#batches += 1;
    if (this.#batches % SWEEP_EVERY === 1) await this.#sweep();
  }

  async #sweep(): Promise<void> {
    await this.#db.query(`delete from model_predictions where asked_at < now() - make_interval(days => $1)`, [
      this.#days,
    ]);
    await this.#db.query(
      `delete from model_predictions p using (
         select name, id from (select name, id, row_number() over (partition by name order by id desc) as place
           from model_predictions) as ranked where place = $1) as last
       where p.name = last.name and p.id <= last.id`,
      [KEPT + 1],
    );
  }
}
