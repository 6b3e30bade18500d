import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FaultFacts, Said, Words } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { ResolvedFile } from '../source.ts';
import { guardedRequest, parseHttpUrl, shownUrl } from '../network/guarded-request.ts';

export interface FetchRules {
  readonly cacheDir: string;
  readonly allowedHosts: readonly string[];
  readonly maxBytes: number;
  /** Without a byte for so long, the fetch fails. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytes: number, total: number | null) => void;
}

const REDIRECTS_MAX = 5;

interface CacheEntry {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** Fetches a URL into the content cache; what did not change since (ETag, Last-Modified) is not fetched again. */
export async function fetchToCache(address: string, rules: FetchRules): Promise<ResolvedFile> {
  try {
    return await fetchOrReuse(address, rules);
  } catch (error) {
    if (rules.signal?.aborted) throw new Fault('cancelled', 'fetching was cancelled', {}, { cause: error });
    throw error;
  }
}

async function fetchOrReuse(address: string, rules: FetchRules): Promise<ResolvedFile> {
  const shownAs = shownUrl(parseHttpUrl(address));
  await mkdir(rules.cacheDir, { recursive: true });
  const entryPath = join(rules.cacheDir, `${createHash('sha256').update(address).digest('hex')}.json`);
  const known = await readEntry(entryPath, rules);
  const response = await openUrl(address, known, rules, shownAs);
  if (response.statusCode === 304 && known) {
    response.resume();
    return { path: contentPath(known.sha256, rules), shownAs, sizeBytes: known.sizeBytes, sha256: known.sha256 };
  }
  const entry = await store(response, rules, shownAs);
  await writeFile(entryPath, JSON.stringify(entry));
  return { path: contentPath(entry.sha256, rules), shownAs, sizeBytes: entry.sizeBytes, sha256: entry.sha256 };
}

function contentPath(sha256: string, rules: FetchRules): string {
  return join(rules.cacheDir, sha256);
}

async function readEntry(path: string, rules: FetchRules): Promise<CacheEntry | null> {
  try {
    const entry = JSON.parse(await readFile(path, 'utf8')) as CacheEntry;
    const { size } = await stat(contentPath(entry.sha256, rules));
    return size === entry.sizeBytes ? entry : null;
  } catch {
    // A missing or damaged entry means: fetch.
    return null;
  }
}

async function openUrl(address: string, known: CacheEntry | null, rules: FetchRules, shownAs: string) {
  let next = parseHttpUrl(address);
  for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
    const response = await requestOnce(next, known, rules);
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if (status >= 300 && status < 400 && status !== 304 && location !== undefined) {
      response.destroy();
      const target = URL.parse(location, next.href);
      if (!target) throw unreadable(shownAs, say('{shownAs} redirects to an address that is no URL', { shownAs }));
      next = parseHttpUrl(target.href);
      continue;
    }
    if (status === 200 || status === 304) return response;
    response.destroy();
    throw unreadable(shownAs, answered(shownAs, status, response.statusMessage ?? ''), undefined, { status });
  }
  throw unreadable(shownAs, say('{shownAs} redirects more than {REDIRECTS_MAX} times', { shownAs, REDIRECTS_MAX }));
}

function answered(url: string, status: number, said: string): Said {
  const values = { url, status, message: said === '' ? '' : ` ${said}` };
  if (status === 401 || status === 403)
    return say(
      '{url} answered {status}{message}; the address needs a login, so download the file and upload it',
      values,
    );
  if (status === 404 || status === 410) return say('{url} answered {status}{message}; check the address', values);
  return status >= 500
    ? say('{url} answered {status}{message}; the other side has a problem, try again later', values)
    : say('{url} answered {status}{message}', values);
}

function requestOnce(url: URL, known: CacheEntry | null, rules: FetchRules): Promise<IncomingMessage> {
  const headers: Record<string, string> = {};
  if (known?.etag) headers['if-none-match'] = known.etag;
  else if (known?.lastModified) headers['if-modified-since'] = known.lastModified;
  return guardedRequest(url, { ...rules, headers });
}

function unreadable(file: string, message: Words, cause?: unknown, facts: FaultFacts = {}): Fault {
  return new Fault('source-unreadable', message, { file, ...facts }, { cause });
}

/** Streams a body into the cache under its own hash; half a body is never visible. */
async function store(response: IncomingMessage, rules: FetchRules, shownAs: string): Promise<CacheEntry> {
  const total = Number(response.headers['content-length'] ?? Number.NaN);
  if (total > rules.maxBytes) throw tooLarge(shownAs, rules);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      rules.onProgress?.(sizeBytes, Number.isNaN(total) ? null : total);
      done(sizeBytes > rules.maxBytes ? tooLarge(shownAs, rules) : null, chunk);
    },
  });
  const partial = join(rules.cacheDir, `partial-${randomUUID()}`);
  try {
    await pipeline(response, meter, createWriteStream(partial), rules.signal ? { signal: rules.signal } : {});
    const sha256 = hash.digest('hex');
    await rename(partial, contentPath(sha256, rules));
    const { etag, 'last-modified': lastModified } = response.headers;
    return { sha256, sizeBytes, etag: etag ?? null, lastModified: lastModified ?? null };
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof Fault) throw error;
    throw unreadable(
      shownAs,
      say('{shownAs} broke off after {sizeBytes} bytes; try again', { shownAs, sizeBytes }),
      error,
    );
  }
}

function tooLarge(shownAs: string, rules: FetchRules): Fault {
  const limitMb = Math.floor(rules.maxBytes / 1024 ** 2);
  return new Fault(
    'too-large',
    say('{shownAs} is larger than {limitMb} MB, the limit for fetched files', { shownAs, limitMb }),
    {
      file: shownAs,
    },
  );
}
