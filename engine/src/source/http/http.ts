import { createHash } from 'node:crypto';
import type { HttpSource, Json, JsonObject } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { RecordExtractor } from '../extract/extract.ts';
import { extractAdapter } from '../extract/extract.ts';
import { parseHttpUrl, shownUrl } from '../network/guarded-request.ts';
import { createHttpClient } from './client.ts';
import { credentialsOf } from './credentials.ts';
import { pagesOf } from './pages.ts';

/**
 * Reads the records of an HTTP API, page by page.
 *
 * H1  With `incremental:` a record that came before is not added again, also when the API includes those at the boundary
 *     or does not hear what it is asked for.
 * H2  A secret is sent to the origin of `url:` alone, and is in no message.
 */
const extractor: RecordExtractor<HttpSource> = {
  shownAs: (spec) => shownUrl(parseHttpUrl(spec.url)),
  isIncremental: (spec) => spec.incremental !== undefined,

  async extract(spec, { remote, state, limit, signal }, file) {
    const aborting = signal ? { signal } : {};
    const credentials = await credentialsOf(spec, remote, signal);
    const client = createHttpClient({ spec, credentials, remote, ...aborting });
    const boundary = boundaryOf(spec, state);
    for await (const page of pagesOf(spec, firstUrl(spec, state), client)) {
      signal?.throwIfAborted();
      for (const record of page.records) {
        const row = objectOf(record);
        if (boundary && !boundary.admits(row)) continue;
        await file.write(row);
        if (limit !== null && file.count >= limit) return state;
      }
    }
    return boundary?.state() ?? null;
  },
};

export const httpAdapter = extractAdapter(extractor);

function firstUrl(spec: HttpSource, state: JsonObject | null): URL {
  const url = parseHttpUrl(spec.url);
  for (const [name, value] of Object.entries(spec.params ?? {})) url.searchParams.set(name, String(value));
  const { incremental } = spec;
  const since = state?.['cursor'] ?? incremental?.start;
  if (incremental && since !== undefined && since !== null)
    url.searchParams.set(incremental.param ?? incremental.cursor, String(since as string | number));
  return url;
}

function objectOf(record: unknown): object {
  if (typeof record === 'object' && record !== null && !Array.isArray(record) && !isRaw(record)) return record;
  return { value: record };
}

function isRaw(value: object): boolean {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}

/** Hashes of the records that hold the greatest cursor: those that may come again. */
const BOUNDARY_MAX = 100_000;

interface Boundary {
  admits(record: object): boolean;
  state(): JsonObject;
}

function boundaryOf({ incremental }: HttpSource, state: JsonObject | null): Boundary | null {
  if (!incremental) return null;
  const field = incremental.cursor;
  const then = (state?.['cursor'] ?? null) as string | number | null;
  const known = new Set((state?.['boundary'] ?? []) as readonly string[]);
  let greatest = then;
  let hashes = new Set(known);
  return {
    admits(record) {
      const cursor = cursorOf(record, field);
      const hash = createHash('sha256').update(JSON.stringify(record)).digest('base64').slice(0, 22);
      const since = then === null ? 1 : compare(cursor, then);
      if (since < 0 || (since === 0 && known.has(hash))) return false;
      const order = greatest === null ? 1 : compare(cursor, greatest);
      if (order > 0) {
        greatest = cursor;
        hashes = new Set();
      }
      if (order >= 0) hashes.add(hash);
      if (hashes.size > BOUNDARY_MAX) throw tooCoarse(field);
      return true;
    },
    state: () => ({ cursor: greatest as Json, boundary: [...hashes] }),
  };
}

function cursorOf(record: object, field: string): string | number {
  const value = (record as Readonly<Record<string, unknown>>)[field];
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'object' && value !== null && isRaw(value)) return (value as { rawJSON: string }).rawJSON;
  throw new Fault(
    'source-unreadable',
    say('a record has no {field} to be read by, got {got}; correct incremental.cursor', {
      field,
      got: JSON.stringify(value ?? null),
    }),
    { field: 'incremental.cursor' },
  );
}

/** Numbers by value, also in texts; texts by their characters, which is right for ISO dates and timestamps. */
function compare(a: string | number, b: string | number): number {
  const numbers = [Number(a), Number(b)] as const;
  if (a !== '' && b !== '' && !numbers.some(Number.isNaN)) {
    if (numbers[0] !== numbers[1]) return numbers[0] < numbers[1] ? -1 : 1;
    if (typeof a === 'number' || typeof b === 'number') return 0;
  }
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function tooCoarse(field: string): Fault {
  return new Fault(
    'too-large',
    say('more than {BOUNDARY_MAX} records have the same {field}; use a finer column for incremental.cursor', {
      BOUNDARY_MAX,
      field,
    }),
    { field: 'incremental.cursor' },
  );
}
