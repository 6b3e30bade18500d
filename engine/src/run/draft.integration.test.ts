import { readdir } from 'node:fs/promises';
import type { Column, KafkaSource } from '@datacraft/shared';
import { isFault } from '@datacraft/shared';
import { createTestDatabase } from '@datacraft/migrations/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import type { StagedTable } from '../iceberg/table.ts';
import { extractAdapter } from '../source/extract/extract.ts';
import { openDecoder } from '../source/kafka/format/decoder.ts';
import { writeMessages } from '../source/kafka/message.ts';
import { placeColumnsOf } from '../source/kafka/origin.ts';
import { messagesOf } from '../source/kafka/reader/messages.ts';
import { batchesIn } from '../source/kafka/reader/record-batch.ts';
import type { Sent } from '../source/kafka/testing/record-batch.ts';
import { batchBytes } from '../source/kafka/testing/record-batch.ts';
import type { LastRead, SourceContext } from '../source/source.ts';
import { remoteAccess } from '../source/testing/remote-database.ts';
import { openDraft } from './draft.ts';
import { withProvenance } from './provenance.ts';
import type { Workshop } from './testing/workshop.ts';
import { createWorkshop } from './testing/workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await createWorkshop(await createTestDatabase());
});
afterAll(() => shop.close());

const BATCH = 2_000;
const NOW = new Date('2026-11-29T12:00:00Z');
const remote = remoteAccess([]);
const messages = (sent: readonly Sent[], base: bigint) =>
  batchesIn(batchBytes(sent, { base })).map((batch) => messagesOf(batch, batch.records));
const sentOf = (json: string): Sent => ({ value: Buffer.from(json) });
const plain = (at: number) => sentOf(`{"id":${at},"name":"n${at % 7}","amount":${at / 4}}`);

/** A topic, batch by batch, as an adapter reads it that expects so many. */
function adapterOf(spec: KafkaSource, batches: readonly (readonly Sent[])[]) {
  return extractAdapter<KafkaSource>({
    shownAs: () => 't',
    isIncremental: () => true,
    comesInParts: true,
    alwaysHas: placeColumnsOf,
    async extract(_spec, request, file) {
      request.expect?.(batches.flat().length);
      const writer = { file, decoder: openDecoder(spec, remote), spec };
      for (const [at, sent] of batches.entries())
        for (const each of messages(sent, BigInt(at * BATCH)))
          await writeMessages({ topic: 't', partition: 0 }, each, writer);
      return { offsets: { 0: String(batches.flat().length) } };
    },
  });
}

async function cellOf(lines: readonly string[]): Promise<SourceCell> {
  const text = ['```source t', 'type: kafka', 'brokers: ["b:9092"]', 'topic: t', ...lines, '```', ''].join('\n');
  const cell = (await shop.input(text)).compiled.graph.cells.get('t');
  if (cell?.kind !== 'source' || !cell.valid) throw new Error('no source');
  return cell;
}

interface Found {
  readonly isTaken: boolean;
  /** Null: the whole is refused. */
  readonly rows: unknown;
  readonly files: number;
  /** The whole is asked which rows are bad. */
  readonly asksWhole: boolean;
}

const REFUSED: Found = { isTaken: false, rows: null, files: 0, asksWhole: false };

/** What the draft of a reading comes to. One that counts has the rows and columns of the whole, opened when it ended. */
async function drafted(lines: readonly string[], batches: readonly (readonly Sent[])[], last: LastRead | null = null) {
  const cell = await cellOf(lines);
  const spec = cell.spec as KafkaSource;
  const adapter = adapterOf(spec, batches);
  const signal = new AbortController().signal;
  const deps = { ...shop.deps, now: () => NOW };
  const draft = await openDraft({ cell, last, resolve: () => Promise.resolve([]), deps, signal });
  if (!draft) throw new Error('no draft');
  const context: SourceContext = { resolve: () => Promise.resolve([]), tempDir: draft.dir, remote, last };
  const reading = adapter.identify(spec, { ...context, drafting: draft });
  const source = await reading.catch((error: unknown) => {
    if (isFault(error)) return null;
    throw error;
  });
  try {
    if (source === null) return REFUSED;
    draft.end();
    const taken = await draft.take(source, source.mode === 'append' ? 'append' : 'overwrite');
    expect(await draft.take(source, 'overwrite')).toBeNull();
    await source.join?.();
    const found = await heldAgainst(
      taken?.staged ?? null,
      async (session) => {
        return withProvenance((await adapter.open(spec, source, session, context)).select, spec, NOW);
      },
      [draft.dir, ...source.files.map(({ path }) => path)],
    );
    return { ...found, asksWhole: found.isTaken && taken?.opened === null };
  } finally {
    await draft.close();
    await source?.release?.();
    expect(await readdir(shop.deps.tempDir)).toEqual([]);
  }
}

async function heldAgainst(
  staged: StagedTable | null,
  open: (session: DuckSession) => Promise<string>,
  [dir = '', ...files]: readonly string[],
): Promise<Omit<Found, 'asksWhole'>> {
  const written = staged?.writtenFiles ?? [];
  const session = await shop.deps.duck.open({ readable: [...files, ...written], writableDir: dir });
  try {
    const select = await open(session);
    const columns = await session.describe(select);
    const digest = digestOf(columns.map(({ name }) => name));
    const whole = await session.rows(`select ${digest} from (${select})`);
    if (staged === null) return { isTaken: false, rows: whole.rows[0]?.[0], files: 0 };
    const paths = written.map((path) => `'${path}'`).join(', ');
    expect((await session.rows(`select ${digest} from read_parquet([${paths}])`)).rows).toEqual(whole.rows);
    const typed = (some: readonly Column[]) => some.map(({ name, type }) => `${name} ${type}`).toSorted();
    expect(typed(staged.columns)).toEqual(typed(columns));
    expect(staged.rows).toBe(whole.rows[0]?.[0]);
    return { isTaken: true, rows: staged.rows, files: written.length };
  } catch (error) {
    if (staged === null && isFault(error)) return REFUSED;
    throw error;
  } finally {
    await session.close();
  }
}

/** How many rows, and a sum that no order of rows or columns changes. */
const digestOf = (names: readonly string[]) =>
  `count(*)::int, sum(hash(to_json({${names
    .toSorted()
    .map((name) => `"${name}": "${name}"`)
    .join(', ')}})::varchar)::hugeint)::varchar`;
const batchesOf = (count: number, of: (at: number) => Sent = plain) =>
  Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
    Array.from({ length: Math.min(BATCH, count - batch * BATCH) }, (_, at) => of(batch * BATCH + at)),
  );

describe('a draft', () => {
  it('has all rows, in a file of one part or of several that waited', async () => {
    const { isTaken, rows, files } = await drafted([], batchesOf(61_000));
    expect([isTaken, rows]).toEqual([true, 61_000]);
    expect([1, 2, 3]).toContain(files);
  });

  it('is not made of few messages', async () => {
    expect(await drafted([], batchesOf(20_000))).toMatchObject({ isTaken: false, rows: 20_000 });
  });

  it('with rejects says that no row is bad', async () => {
    const found = await drafted(['rejects: table'], batchesOf(45_000));
    expect(found).toMatchObject({ isTaken: true, rows: 45_000, asksWhole: false });
  });

  it('D3 has all rows but those that are set aside, and leaves it to the whole to name them', async () => {
    const tolerant = ['rejects: table', 'columns: { id: bigint }'];
    const unfit = (at: number) => (at % 4_321 === 0 ? sentOf('{"id":"x"}') : plain(at));
    const expected = { isTaken: true, asksWhole: true };
    expect(await drafted(tolerant, batchesOf(45_000, unfit))).toMatchObject({ ...expected, rows: 44_989 });
    const poison = (at: number) => (at === 44_321 ? sentOf('poison') : plain(at));
    expect(await drafted(tolerant, batchesOf(45_000, poison))).toMatchObject({ ...expected, rows: 44_999 });
  });

  it('is thrown away for another field behind its first part, with its files', async () => {
    const other = (at: number) => (at === 44_321 ? sentOf('{"id":1,"other":true}') : plain(at));
    const inLake = async () => (await shop.deps.lake.list()).map(({ url }) => url);
    const before = await inLake();
    expect(await drafted([], batchesOf(45_000, other))).toMatchObject({ isTaken: false, rows: 45_000 });
    expect(await inLake()).toEqual(before);
  });

  it('D1 counts only where the whole would have the same rows and columns, whatever comes behind the first part', async () => {
    const late: Record<string, (at: number) => Sent> = {
      same: plain,
      'another field': (at) => sentOf(`{"id":${at},"other":true}`),
      'fewer fields': (at) => sentOf(`{"id":${at}}`),
      'no whole number': (at) => sentOf(`{"id":${at}.5,"name":null}`),
      'a long number': () => sentOf('{"id":123456789012345678901234567890}'),
      'no number': () => sentOf('{"amount":"much"}'),
      'half a character': () => sentOf('{"name":"\\ud800"}'),
      'a header': (at) => ({ ...plain(at), headers: [['h', Buffer.from('1')]] }),
      'a key': (at) => ({ ...plain(at), key: Buffer.from(`k${at}`) }),
      'no value': () => ({ value: null }),
      'no JSON': () => sentOf('poison'),
    };
    const known = { id: 'BIGINT', name: 'VARCHAR', gone: 'DOUBLE' };
    const last: LastRead = {
      identity: 'x',
      state: { offsets: { 0: '7' } },
      columns: Object.entries(known).map(([name, type]) => ({ name, type })),
    };
    let counted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(late)),
        fc.integer({ min: 0, max: 44_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.constantFrom([], ['rejects: table'], ['columns: { id: double }'], ['provenance: true']),
        fc.boolean(),
        async (kind, from, often, lines, isAppend) => {
          const of = (at: number) => (at >= from && (at - from) % often === 0 ? (late[kind] ?? plain)(at) : plain(at));
          const { isTaken } = await drafted(lines, batchesOf(44_000, of), isAppend ? last : null);
          if (kind === 'same') expect(isTaken).toBe(true);
          if (isTaken) counted += 1;
        },
      ),
      { numRuns: 25 },
    );
    expect(counted).toBeGreaterThan(0);
  });
});
