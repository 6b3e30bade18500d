import type { OnlineFeatures } from '@datacraft/engine';
import type { Metrics } from '../../metric/registry.ts';
import type { OnlineDatabase } from './database-layer.ts';
import type { Known, OnlineLayer } from './layer.ts';

/** Entities kept of all relations together; a feature table of so many is read from the database in part. */
const MOST = 200_000;

interface Kept {
  readonly token: string;
  /** Null: the table knows nothing of it. */
  readonly entities: Map<string, OnlineFeatures | null>;
}

/** Keeps what was asked for as long as its table is of the same state, which is asked of the database each time. */
export class MemoryLayer implements OnlineLayer {
  readonly kind = 'memory';
  readonly #database: OnlineDatabase;
  readonly #metrics: Metrics;
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(database: OnlineDatabase, metrics: Metrics) {
    this.#database = database;
    this.#metrics = metrics;
  }

  async load(relation: string, entities: readonly string[]): Promise<Known> {
    const state = await this.#database.state(relation);
    const kept = this.#kept.get(relation);
    const entitiesKept = kept !== undefined && kept.token === state?.token ? kept.entities : null;
    if (entitiesKept !== null && entities.every((entity) => entitiesKept.has(entity))) {
      this.#metrics.count('datacraft_online_reads_total', { from: 'memory' });
      return knownOf(entities, entitiesKept);
    }
    this.#metrics.count('datacraft_online_reads_total', { from: 'database' });
    const { token, known } = await this.#database.load(relation, entities);
    if (token !== null) this.#keep(relation, token, entities, known);
    return known;
  }

  problem(): null {
    return null;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #keep(relation: string, token: string, entities: readonly string[], known: Known): void {
    if (this.#size + entities.length > MOST) this.#clear();
    let kept = this.#kept.get(relation);
    if (kept?.token !== token) {
      this.#size -= kept?.entities.size ?? 0;
      kept = { token, entities: new Map() };
      this.#kept.set(relation, kept);
    }
    const before = kept.entities.size;
    for (const entity of entities) kept.entities.set(entity, known.get(entity) ?? null);
    this.#size += kept.entities.size - before;
  }

  #clear(): void {
    this.#kept.clear();
    this.#size = 0;
  }
}

function knownOf(entities: readonly string[], kept: ReadonlyMap<string, OnlineFeatures | null>): Known {
  return new Map(
    entities.flatMap((entity): [string, OnlineFeatures][] => {
      const features = kept.get(entity) ?? null;
      return features === null ? [] : [[entity, features]];
    }),
  );
}
