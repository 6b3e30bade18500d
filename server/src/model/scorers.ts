import { setImmediate } from 'node:timers/promises';
import type { Database, Scorer, StandingRollout } from '@datacraft/engine';
import { latestChampions, loadModelBytes, openScorerInTurns, standingOf, versionOf } from '@datacraft/engine';
import { asSaid, Fault, isFault, say } from '@datacraft/shared';
import { SharedReads } from '../shared-reads.ts';
import { warmUp } from './warm-up.ts';

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
const BROKEN_MS = 5_000;
/** At a start. */
const WARMED = 8;

/**
 * Models by name and version, opened once. Which version answers is asked of the database for every request: a
 * promotion holds for the next one, in every process, and those under way end with the version they began with.
 */
export class Scorers {
  readonly #db: Database;
  readonly #opened = new Map<string, Promise<Scorer | null>>();
  readonly #warm = new WeakSet<Scorer>();
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
          : version === null
            ? say('there is no model {name} {which}: run the notebook that trains it', { name, which })
            : say('the model {name} has no version {version}', { name, version });
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

  /** What was published or promoted last, as much as is opened before anybody asks after a start. */
  champions(): Promise<readonly { readonly name: string; readonly version: number }[]> {
    return latestChampions(this.#db, WARMED);
  }

  /** Opens what will be asked soon: versions of models that were asked before, or any while there is room. */
  async warm(name: string, version: number): Promise<Scorer | null> {
    const isAsked = [...this.#opened.keys()].some((key) => key.startsWith(`${name}:`));
    if (!isAsked && this.#opened.size >= KEPT) return null;
    const scorer = await this.#scorer(name, version);
    if (scorer === null || this.#warm.has(scorer)) return scorer;
    this.#warm.add(scorer);
    await warmUp(scorer);
    return scorer;
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
      (error: unknown) => {
        const forget = () => this.#opened.get(key) === opening && this.#opened.delete(key);
        // What cannot be opened is not read again for each request that comes meanwhile.
        if (isFault(error, 'unsupported')) setTimeout(forget, BROKEN_MS).unref();
        else forget();
      },
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
    if (bytes === null) return null;
    try {
      return await openScorerInTurns(bytes, setImmediate);
    } catch (error) {
      const because = asSaid(error instanceof Fault ? error.words : String(error));
      const message = say('version {version} of {name} cannot be opened: {because}', { version, name, because });
      throw new Fault('unsupported', message, { model: name }, { cause: error });
    }
  }
}
