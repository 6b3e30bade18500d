/**
 * Requests to addresses that people wrote into cells.
 *
 * N1  Only public addresses are connected to, unless the operator allowed the host.
 * N2  The address that was checked is the one connected to: DNS cannot answer otherwise in between.
 */
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { FaultFacts, Words } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { isPublicAddress } from './address.ts';

export interface GuardedRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly allowedHosts: readonly string[];
  /** Without a byte for so long, the request fails. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Certificates of one's own; the public CAs stay trusted. */
  readonly tls?: { readonly ca?: readonly string[]; readonly cert?: string; readonly key?: string };
}

export interface PinnedAddress {
  readonly address: string;
  readonly family: number;
}

/** Without query and fragment, which may hold a token. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Refuses what is no plain http(s) URL. */
export function parseHttpUrl(address: string): URL {
  const url = URL.parse(address);
  if (!url) throw new Fault('source-unreadable', say('{address} is not a URL', { address }), {});
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Fault('forbidden', say('{protocol} URLs are not fetched; use https://', { protocol: url.protocol }), {});
  }
  if (url.username !== '' || url.password !== '') {
    throw new Fault('forbidden', say('a URL with a password in it is not fetched: {url}', { url: shownUrl(url) }), {});
  }
  return url;
}

/** The address to connect to for `host`, as a name or an address; `shown` is how messages call it. */
export async function checkedAddress(
  host: string,
  port: string,
  allowedHosts: readonly string[],
  shown: string,
): Promise<PinnedAddress> {
  const bare = host.replace(/^\[|\]$/g, '');
  const found = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await resolveHost(bare, shown);
  const names = [host, bare, `${host}:${port}`];
  const trusted = allowedHosts.some((allowed) => names.includes(allowed.toLowerCase()));
  const usable = trusted ? found : found.filter(({ address }) => isPublicAddress(address));
  const [first] = usable;
  if (!first || usable.length < found.length) {
    throw new Fault(
      'forbidden',
      say(
        '{host} is an address of a private network and is not fetched; have the operator list it in DATACRAFT_ALLOWED_HOSTS',
        { host: port === '' ? host : `${host}:${port}` },
      ),
      { file: shown },
    );
  }
  return first;
}

async function resolveHost(host: string, shown: string): Promise<PinnedAddress[]> {
  try {
    return await lookup(host, { all: true });
  } catch (error) {
    throw unreadable(shown, say('{host} is not known (DNS); check the address', { host }), error);
  }
}

/** Sends one request and resolves with its answer, whatever its status; redirects are for the caller to follow. */
export async function guardedRequest(url: URL, options: GuardedRequest): Promise<IncomingMessage> {
  options.signal?.throwIfAborted();
  const pinned = await checkedAddress(url.hostname, url.port, options.allowedHosts, shownUrl(url));
  const pin: LookupFunction = (_host, asked, done) =>
    asked.all ? done(null, [pinned]) : done(null, pinned.address, pinned.family);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((settle, fail) => {
    const outgoing = send(url, {
      lookup: pin,
      method: options.method ?? 'GET',
      headers: { 'user-agent': 'datacraft', accept: '*/*', 'accept-encoding': 'identity', ...options.headers },
      timeout: options.timeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.tls ? { ...options.tls, ca: [...getCACertificates(), ...(options.tls.ca ?? [])] } : {}),
    });
    outgoing.on('timeout', () => outgoing.destroy(timedOut(url, options.timeoutMs)));
    outgoing.on('response', settle);
    outgoing.on('error', (error) => fail(translate(error, url)));
    outgoing.end(options.body);
  });
}

function timedOut(url: URL, timeoutMs: number): Fault {
  return new Fault(
    'timed-out',
    say('{url} sent nothing for {timeoutMs} s; try again later', { url: shownUrl(url), timeoutMs: timeoutMs / 1000 }),
    {
      file: shownUrl(url),
    },
  );
}

function translate(error: Error, url: URL): Error {
  if (error instanceof Fault) return error;
  return unreadable(
    shownUrl(url),
    say('{url} cannot be fetched: {message}', { url: shownUrl(url), message: error.message }),
    error,
    { transport: true },
  );
}

function unreadable(file: string, message: Words, cause?: unknown, facts: FaultFacts = {}): Fault {
  return new Fault('source-unreadable', message, { file, ...facts }, { cause });
}
