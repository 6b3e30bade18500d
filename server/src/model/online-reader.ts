import type { OnlineFeatures, Queryable } from '@datacraft/engine';
import { loadOnline } from '@datacraft/engine';
import { Gathered } from '../gathered.ts';

type Known = ReadonlyMap<string, OnlineFeatures>;

/** Entities in one statement. */
const MOST = 2000;
/** Relations with a lane of their own. */
const LANES = 256;

/** Reads the latest features of entities; those that many requests ask for at once come with one statement. */
export class OnlineReader {
  readonly #db: Queryable;
  readonly #lanes = new Map<string, Gathered<string, Known>>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  load(relation: string, entities: readonly string[], ttl: string | null): Promise<Known> {
    const key = JSON.stringify([relation, ttl]);
    const lane =
      this.#lanes.get(key) ?? new Gathered<string, Known>((all) => loadOnline(this.#db, relation, all, ttl), MOST);
    if (this.#lanes.size >= LANES) this.#lanes.clear();
    this.#lanes.set(key, lane);
    return lane.add(entities);
  }
}
