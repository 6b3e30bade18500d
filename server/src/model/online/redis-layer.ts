import type { Database, OnlineFeatures } from '@datacraft/engine';
import { onlineRelations } from '@datacraft/engine';
import type { Logger } from 'pino';
import { Gathered } from '../../gathered.ts';
import { SharedReads } from '../../shared-reads.ts';
import type { Bus } from '../../live/bus.ts';
import type { Metrics } from '../../metric/registry.ts';
import type { OnlineDatabase } from './database-layer.ts';
import type { Known, OnlineLayer } from './layer.ts';
import { MOST_AT_ONCE } from './layer.ts';
import type { Redis } from './redis-client.ts';
import { openRedis } from './redis-client.ts';
import { copyOnline, placeOf, STATE_FIELD } from './redis-copy.ts';

/** How often a copy is tried again at once when other writers were first. */
const TRIES = 5;
const LANES = 256;

export interface RedisDeps {
  readonly db: Database;
  readonly database: OnlineDatabase;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Answers from Redis as long as Redis holds the state that the database has now; else the database answers, and what
 * Redis lacks is copied to it: after a publish, when Redis is back, and whenever a reader finds it behind.
 */
export class RedisLayer implements OnlineLayer {
  readonly kind = 'redis';
  readonly #deps: RedisDeps;
  readonly #redis: Redis;
  readonly #lanes = new Map<string, Gathered<string, ReadonlyMap<string, string>>>();
  /** Who asks while one is under way shares the one after it. */
  readonly #copies = new SharedReads<void>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #unsubscribe: () => void;
  #problem: string | null = 'Redis was not reached yet; the database answers';
  #stopped = false;

  constructor(url: string, deps: RedisDeps) {
    this.#deps = deps;
    this.#redis = openRedis(url, { onUp: () => this.#isUp(), onDown: (reason) => this.#isDown(reason) });
    this.#unsubscribe = deps.bus.subscribe('online', ({ relation }) => void this.#copy(relation));
    deps.metrics.gauge('datacraft_online_redis_up', 'Whether Redis holds online features for us', () =>
      this.#redis.isUp() ? 1 : 0,
    );
  }

  async load(relation: string, entities: readonly string[]): Promise<Known> {
    const { database, metrics } = this.#deps;
    const state = await database.state(relation);
    const found = state === null ? null : await this.#ask(placeOf(state), entities);
    if (state !== null && found?.get(STATE_FIELD) === state.token) {
      metrics.count('datacraft_online_reads_total', { from: 'redis' });
      return knownOf(entities, found);
    }
    if (found !== null) void this.#copy(relation);
    metrics.count('datacraft_online_reads_total', { from: 'database' });
    return (await database.load(relation, entities)).known;
  }

  problem(): string | null {
    return this.#redis.isUp() ? null : this.#problem;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#redis.stop();
    await Promise.all(this.#underWay);
  }

  /** Null when Redis does not answer. */
  async #ask(key: string, entities: readonly string[]): Promise<ReadonlyMap<string, string> | null> {
    if (!this.#redis.isUp()) return null;
    try {
      return await this.#lane(key).add(entities);
    } catch {
      return null; // the client tells of it, and the database answers
    }
  }

  /** With the field of the state, of the same moment. */
  #lane(key: string): Gathered<string, ReadonlyMap<string, string>> {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new Gathered<string, ReadonlyMap<string, string>>(async (entities) => {
      const fields = [STATE_FIELD, ...entities];
      const values = await this.#redis.fields(key, fields);
      return new Map(fields.flatMap((field, at) => (values[at] == null ? [] : [[field, values[at]]])));
    }, MOST_AT_ONCE);
    if (this.#lanes.size >= LANES) this.#lanes.clear();
    this.#lanes.set(key, lane);
    return lane;
  }

  #isUp(): void {
    this.#problem = null;
    this.#deps.log.info('Redis is reached: it holds online features');
    void this.#copyAll();
  }

  #isDown(reason: string): void {
    if (this.#stopped || this.#problem === reason) return;
    this.#problem = reason;
    this.#deps.log.warn({ reason }, 'Redis is away: the database answers for it');
  }

  async #copyAll(): Promise<void> {
    try {
      for (const relation of await onlineRelations(this.#deps.db)) await this.#copy(relation);
    } catch (error) {
      this.#deps.log.warn(
        { err: error },
        'online features were not copied to Redis; it is tried again when they are asked for',
      );
    }
  }

  async #copy(relation: string): Promise<void> {
    const copying = this.#copies.read(relation, () => this.#copyNow(relation));
    this.#underWay.add(copying);
    await copying;
    this.#underWay.delete(copying);
  }

  async #copyNow(relation: string): Promise<void> {
    const { db, log, metrics } = this.#deps;
    try {
      for (let tried = 0; tried < TRIES && !this.#stopped && this.#redis.isUp(); tried += 1)
        if (await copyOnline(db, this.#redis, relation)) return metrics.count('datacraft_online_copies_total');
    } catch (error) {
      if (!this.#stopped)
        log.warn({ err: error, relation }, 'online features were not copied to Redis; the database answers');
    }
  }
}

function knownOf(entities: readonly string[], found: ReadonlyMap<string, string>): Known {
  return new Map(
    entities.flatMap((entity): [string, OnlineFeatures][] => {
      const value = found.get(entity);
      return value === undefined ? [] : [[entity, JSON.parse(value) as OnlineFeatures]];
    }),
  );
}
