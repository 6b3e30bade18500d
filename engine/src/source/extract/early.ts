import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, StreamProgress } from '@datacraft/shared';
import type { EarlyReading, LiveReading } from '../source.ts';
import type { ExtractFile } from './extractor.ts';

/** The records of a reading, and how far it came. */
export interface Wave<File> {
  readonly file: File;
  readonly state: JsonObject | null;
}

type Extract<File> = (live: LiveReading, file: File) => Promise<JsonObject | null>;

/**
 * The next wave of a stream, read while the last one is published.
 *
 * E1  It holds only what follows `from`, the state that is published with the rows before it; over any other state it
 *     counts for nothing.
 * E2  It takes no more than a commit does, and as much as is there when it is asked for: no message waits longer for it.
 */
export class Early<File extends ExtractFile> implements EarlyReading {
  readonly #from: JsonObject | null;
  readonly #file: File;
  readonly #reading: Promise<JsonObject | null>;
  readonly #told: StreamProgress[] = [];
  #isWanted = false;

  constructor(from: JsonObject | null, live: LiveReading, file: File, extract: Extract<File>) {
    this.#from = from;
    this.#file = file;
    const own = { ...live, tell: (progress: StreamProgress) => void this.#told.push(progress) };
    this.#reading = extract({ ...own, mayWait: () => !this.#isWanted }, file);
    this.#reading.catch(() => undefined); // told to whoever wants it
  }

  /** Null where it does not follow `state`: it is closed then. What kept it from reading is thrown. */
  async wave(state: JsonObject | null, live: LiveReading): Promise<Wave<File> | null> {
    if (!isDeepStrictEqual(this.#from, state)) {
      await this.close();
      return null;
    }
    this.#isWanted = true;
    try {
      const read = await this.#reading;
      for (const progress of this.#told) live.tell(progress);
      return { file: this.#file, state: read };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isWanted = true;
    await this.#reading.catch(() => undefined); // told, or nobody asks
    await this.#file.remove();
  }
}
