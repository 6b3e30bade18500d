import { setImmediate } from 'node:timers/promises';
import type { Database, Scorer, StandingRollout } from '@datacraft/engine';
import { loadModelBytes, openScorer, standingOf, versionOf } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';
import { SharedReads } from '../shared-reads.ts';

export interface OpenedModel {
  readonly version: number;
  readonly scorer: Scorer;
}

/** The champion, and what runs beside it. */
export interface Standing extends OpenedModel {
  readonly rollout: StandingRollout | null;
}

/** Models kept in memory. */
const KEPT = 32;

/**
 * Models by name and version, opened once. Which version answers is asked of the database for every request: a
 * promotion holds for the next one, in every process, and those under way end with the version they began with.
 */
export class Scorers {
  readonly #db: Database;
  readonly #opened = new Map<string, Promise<Scorer | null>>();
  readonly #versions = new SharedReads<number | null>();
  readonly #standings = new SharedReads<Awaited<ReturnType<typeof standingOf>>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** `which` is a number, or an alias: champion, challenger. */
  async open(name: string, which: string): Promise<OpenedModel> {
    const version = /^\d+$/.test(which) ? Number(which) : await this.#versionOf(name, which);
    const scorer = version === null ? null : await this.#scorer(name, version);
    if (version === null || scorer === null) {
      const missing =
        which === 'champion'
          ? say('there is no model {name}: run the notebook that trains it', { name })
          : say('there is no model {name} {which}: run the notebook that trains it', { name, which });
      throw new Fault('not-found', missing, {
        model: name,
      });
    }
    return { version, scorer };
  }

  /** Who answers when nobody asks for a version. */
  async openStanding(name: string): Promise<Standing> {
    const now = await this.#standings.read(name, () => standingOf(this.#db, name));
    return {
      ...(await this.open(name, now === null ? 'champion' : String(now.champion))),
      rollout: now?.rollout ?? null,
    };
  }

  /** Opens what will be asked soon: versions of models that were asked before, or any while there is room. */
  async warm(name: string, version: number): Promise<void> {
    const isAsked = [...this.#opened.keys()].some((key) => key.startsWith(`${name}:`));
    if (isAsked || this.#opened.size < KEPT) await this.#scorer(name, version);
  }

  #versionOf(name: string, alias: string): Promise<number | null> {
    return this.#versions.read(`${alias} ${name}`, () => versionOf(this.#db, name, alias));
  }

  /** A version never changes, so neither does what was opened. */
  #scorer(name: string, version: number): Promise<Scorer | null> {
    const key = `${name}:${version}`;
    const known = this.#opened.get(key);
    this.#opened.delete(key);
    const opening = known ?? this.#load(name, version);
    this.#opened.set(key, opening);
    opening.then(
      (found) => found === null && this.#opened.delete(key),
      () => this.#opened.delete(key),
    );
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= KEPT) break;
      this.#opened.delete(oldest);
    }
    return opening;
  }

  async #load(name: string, version: number): Promise<Scorer | null> {
    const bytes = await loadModelBytes(this.#db, name, version);
    await setImmediate(); // others have their turn between reading a large model and opening it
    return bytes && openScorer(bytes);
  }
}
