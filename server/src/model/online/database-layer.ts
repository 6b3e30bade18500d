import type { OnlineAnswer, OnlineState, Queryable } from '@datacraft/engine';
import { loadOnline, onlineState } from '@datacraft/engine';
import { Gathered } from '../../gathered.ts';
import { SharedReads } from '../../shared-reads.ts';
import { MOST_AT_ONCE } from './layer.ts';

/** Relations with a lane of their own. */
const LANES = 256;

/** The database itself, which knows best; what many ask for at once comes with one statement. */
export class OnlineDatabase {
  readonly #db: Queryable;
  readonly #lanes = new Map<string, Gathered<string, OnlineAnswer>>();
  readonly #states = new SharedReads<OnlineState | null>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  state(relation: string): Promise<OnlineState | null> {
    return this.#states.read(relation, () => onlineState(this.#db, relation));
  }

  load(relation: string, entities: readonly string[]): Promise<OnlineAnswer> {
    const lane =
      this.#lanes.get(relation) ??
      new Gathered<string, OnlineAnswer>((all) => loadOnline(this.#db, relation, all), MOST_AT_ONCE);
    if (this.#lanes.size >= LANES) this.#lanes.clear();
    this.#lanes.set(relation, lane);
    return lane.add(entities);
  }
}
