/**
 * Requests to one API: credentials only to its own origin, patience with limits, and a bound to everything.
 */
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpSource, Said } from '@datacraft/shared';
import { Fault, isFault, say } from '@datacraft/shared';
import { guardedRequest, parseHttpUrl, shownUrl } from '../network/guarded-request.ts';
import type { RemoteAccess } from '../source.ts';
import type { Credentials } from './credentials.ts';

export interface HttpAnswer {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface HttpClient {
  /** Answers of status 200 and 404; others are faults. Waits and tries again where that can help. */
  get(url: URL): Promise<HttpAnswer>;
}

const TRIES_MAX = 5;
const REDIRECTS_MAX = 5;
const PAGE_BYTES_MAX = 256 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const WAIT_MAX_MS = 120_000;

export interface ClientOptions {
  readonly spec: HttpSource;
  readonly credentials: Credentials;
  readonly remote: RemoteAccess;
  readonly signal?: AbortSignal;
}

export function createHttpClient(options: ClientOptions): HttpClient {
  return {
    async get(url) {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await attemptOnce(url, options);
        if (outcome.kind === 'answer') return outcome.answer;
        if (attempt >= TRIES_MAX || outcome.waitMs > WAIT_MAX_MS) throw outcome.fault;
        await sleep(Math.max(outcome.waitMs, 250 * 2 ** (attempt - 1)), undefined, {
          ...(options.signal ? { signal: options.signal } : {}),
        });
      }
    },
  };
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'again'; readonly waitMs: number; readonly fault: Fault };

async function attemptOnce(url: URL, options: ClientOptions): Promise<Outcome> {
  try {
    const { response, at } = await follow(url, options);
    const status = response.statusCode ?? 0;
    if (status === 200 || status === 404) {
      return {
        kind: 'answer',
        answer: { url: at, status, headers: response.headers, text: await bodyOf(response, at) },
      };
    }
    response.destroy();
    const fault = refused(at, status, response.statusMessage ?? '');
    if (status === 429 || status >= 500) return { kind: 'again', waitMs: retryAfterMs(response), fault };
    throw fault;
  } catch (error) {
    if (options.signal?.aborted || !isFault(error, 'source-unreadable') || error.facts['transport'] !== true)
      throw error;
    return { kind: 'again', waitMs: 0, fault: error };
  }
}

async function follow(start: URL, { spec, credentials, remote, signal }: ClientOptions) {
  const home = parseHttpUrl(spec.url).origin;
  let at = start;
  for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
    const own = at.origin === home;
    const method = spec.method ?? 'GET';
    const body = method === 'POST' ? JSON.stringify(spec.body ?? {}) : undefined;
    const response = await guardedRequest(own ? credentials.signed(at) : at, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(own ? credentials.headers : {}),
      },
      ...(body === undefined ? {} : { body }),
      allowedHosts: remote.allowedHosts,
      timeoutMs: TIMEOUT_MS,
      ...(signal ? { signal } : {}),
    });
    const status = response.statusCode ?? 0;
    const target = status >= 300 && status < 400 ? response.headers.location : undefined;
    if (target === undefined) return { response, at };
    response.destroy();
    at = parseHttpUrl(new URL(target, at).href);
  }
  throw new Fault(
    'source-unreadable',
    say('{url} redirects more than {REDIRECTS_MAX} times', { url: shownUrl(start), REDIRECTS_MAX }),
    { file: shownUrl(start) },
  );
}

async function bodyOf(response: IncomingMessage, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > PAGE_BYTES_MAX)
        throw new Fault(
          'too-large',
          say('{url} answered more than 256 MB in one page; ask for smaller pages', { url: shownUrl(url) }),
          {
            file: shownUrl(url),
          },
        );
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(
      'source-unreadable',
      say('{url} broke off after {length} bytes; try again', { url: shownUrl(url), length }),
      { file: shownUrl(url), transport: true },
      { cause: error },
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refused(url: URL, status: number, message: string): Fault {
  const values = { url: shownUrl(url), status, message: message.trim() === '' ? '' : ` ${message.trim()}` };
  return new Fault('source-unreadable', refusalOf(status, values), { file: shownUrl(url), status });
}

function refusalOf(status: number, values: { url: string; status: number; message: string }): Said {
  if (status === 401 || status === 403)
    return say('{url} answered {status}{message}; check auth: and the secret it names', values);
  if (status === 429)
    return say('{url} answered {status}{message}; it limits how often it may be asked, try again later', values);
  if (status >= 500)
    return say('{url} answered {status}{message}; the other side has a problem, try again later', values);
  return say('{url} answered {status}{message}; check url: and params:', values);
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterMs(response: IncomingMessage): number {
  const text = response.headers['retry-after'];
  if (text === undefined) return 0;
  const ms = /^\d+$/.test(text) ? 1000 * Number(text) : Date.parse(text) - Date.parse(response.headers.date ?? '');
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
