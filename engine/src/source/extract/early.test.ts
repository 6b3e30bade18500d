import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, KafkaSource, StreamProgress } from '@datacraft/shared';
import { Fault, isFault } from '@datacraft/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EarlyReading, IdentifiedSource, LastRead, LiveReading, SourceContext } from '../source.ts';
import { remoteAccess } from '../testing/remote-database.ts';
import { extractAdapter } from './extract.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'datacraft-early-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const LIMIT = 4;

/** A source of numbers that is read on and on, as a feed of messages is; of some of them nothing can be made. */
class Numbers {
  there = 0;
  opened = 0;
  readonly poison = new Set<number>();
  readonly adapter = extractAdapter<KafkaSource>({
    shownAs: () => 'numbers',
    isIncremental: () => true,
    goesOn: true,
    extract: async (_spec, { state, live }, file) => {
      if (!live) throw new Error('it is only read on');
      const from = nextOf(state);
      const feed = await live.keep(() => {
        this.opened += 1;
        return Promise.resolve({ taken: from, close: async () => void (this.opened -= 1) });
      });
      if (feed.taken !== from) throw new Fault('publish-conflict', `it was read up to ${feed.taken}, not ${from}`);
      for (let isLast = false; !isLast && file.count < live.limit; await turn()) {
        isLast = live.mayWait?.() !== true;
        while (feed.taken < this.there && file.count < live.limit) {
          feed.taken += 1;
          if (this.poison.delete(feed.taken)) throw new Fault('source-unreadable', 'poison');
          await file.write({ n: feed.taken });
        }
        live.tell({ lag: this.there - feed.taken });
      }
      return file.count === 0 ? state : { next: feed.taken };
    },
  });
}

const nextOf = (state: JsonObject | null) => Number(state?.['next'] ?? 0);

/** A stream as its runner has it: what it keeps open, and what is published. */
class Stream {
  readonly numbers = new Numbers();
  published: number[] = [];
  last: LastRead | null = null;
  told: StreamProgress = {};
  early: EarlyReading | null = null;
  #held: Promise<{ close(): Promise<void> }> | null = null;

  async close(): Promise<void> {
    const early = this.early;
    this.early = null;
    await early?.close();
    const held = this.#held;
    this.#held = null;
    await (await held)?.close();
  }

  look(): Promise<IdentifiedSource> {
    const live: LiveReading = {
      nowMs: 0,
      limit: LIMIT,
      keep: (open) => (this.#held ??= open()) as ReturnType<typeof open>,
      tell: (progress) => void (this.told = progress),
      takeEarly: () => {
        const early = this.early;
        this.early = null;
        return early;
      },
    };
    const context: SourceContext = {
      resolve: () => Promise.resolve([]),
      tempDir: dir,
      remote: remoteAccess([]),
      last: this.last,
      live,
    };
    return this.numbers.adapter.identify({ type: 'kafka', topic: 't' }, context);
  }

  /** `meanwhile` happens after the next wave was begun, and before these rows are published. */
  async commit(source: IdentifiedSource, meanwhile: () => Promise<void> | void): Promise<void> {
    this.early ??= source.goOn?.() ?? null;
    const [file] = source.files;
    const text = file ? await readFile(file.path, 'utf8') : '';
    await meanwhile();
    this.published.push(...text.split('\n').flatMap((line) => (line === '' ? [] : [nOf(line)])));
    this.last = { identity: source.identity, state: source.state ?? null, columns: [] };
    await source.release?.();
  }
}

const nOf = (line: string) => (JSON.parse(line) as { n: number }).n;
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const nothing = () => undefined;

describe('a wave that is read while the last one is published', () => {
  it('E2 takes as much as a commit may, and what comes until it is asked for', async () => {
    const stream = new Stream();
    stream.numbers.there = 6;
    const first = await stream.look();
    expect(first.state).toEqual({ next: 4 });
    await stream.commit(first, () => void (stream.numbers.there = 7));
    const second = await stream.look();
    expect(second.state).toEqual({ next: 7 });
    expect(stream.told).toEqual({ lag: 0 });
    await stream.commit(second, nothing);
    expect(stream.early).toBeNull(); // it was not full
    expect(stream.published).toEqual(upTo(7));
    await stream.close();
  });

  it('E1 counts for nothing where its stream was moved meanwhile', async () => {
    const stream = new Stream();
    stream.numbers.there = 8;
    await stream.commit(await stream.look(), nothing);
    stream.last = { identity: 'moved', state: { next: 1 }, columns: [] };
    await expect(stream.look()).rejects.toMatchObject({ code: 'publish-conflict' });
    expect(stream.early).toBeNull();
    await stream.close();
    const again = await stream.look();
    expect(again.state).toEqual({ next: 5 });
    await again.release?.();
    await stream.close();
  });

  it('tells what kept it from reading when its turn comes, after what was before it', async () => {
    const stream = new Stream();
    stream.numbers.there = 8;
    stream.numbers.poison.add(6);
    await stream.commit(await stream.look(), turn);
    expect(stream.published).toEqual(upTo(4));
    await expect(stream.look()).rejects.toMatchObject({ code: 'source-unreadable' });
    await stream.close();
  });

  it('I3 publishes each record once and in order, whatever fails and whenever it is closed, and leaves nothing', async () => {
    const step = fc.record({
      more: fc.nat({ max: 9 }),
      ends: fc.constantFrom('well', 'well', 'well', 'failed', 'closed', 'poison'),
      late: fc.nat({ max: 5 }),
      turns: fc.nat({ max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const stream = new Stream();
        const { numbers } = stream;
        const wave = async (ends: string, late: number, turns: number) => {
          const source = await stream.look();
          try {
            await stream.commit(source, async () => {
              numbers.there += late;
              for (let left = turns; left > 0; left -= 1) await turn();
              if (ends === 'failed') throw new Fault('database-unavailable', 'away');
            });
          } finally {
            await source.release?.();
          }
        };
        for (const { more, ends, late, turns } of steps) {
          numbers.there += more;
          if (ends === 'poison') numbers.poison.add(numbers.there);
          await wave(ends, late, turns).catch(async (error: unknown) => {
            if (!isFault(error)) throw error;
            await stream.close();
          });
          if (ends === 'closed') await stream.close();
        }
        while (stream.published.length < numbers.there)
          await wave('well', 0, 0).catch((error: unknown) => (isFault(error) ? stream.close() : Promise.reject(error)));
        expect(stream.published).toEqual(upTo(numbers.there));
        await stream.close();
        expect(numbers.opened).toBe(0);
        expect(await readdir(dir)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});
