import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { asSaid, Fault, isFault, say } from '@datacraft/shared';
import { guardedRequest } from '../network/guarded-request.ts';
import type { S3Place } from './place.ts';
import { escaped, signed } from './sign.ts';
import { childTexts, textIn, unescapeXml } from './xml.ts';

export interface S3Object {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

export interface S3Client {
  /** Page by page, in the order of the keys. */
  list(bucket: string, prefix: string, pageSize?: number): AsyncGenerator<readonly S3Object[]>;
  /** The bytes of the object as it was listed: one that changed meanwhile is a fault. */
  get(bucket: string, object: Pick<S3Object, 'key' | 'etag'>): Promise<IncomingMessage>;
  put(bucket: string, key: string, body: Buffer): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
}

interface Asking {
  readonly place: S3Place;
  readonly allowedHosts: readonly string[];
  readonly signal?: AbortSignal;
}

interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const TRIES = 4;
const PAUSE_MS = 200;
const QUIET_MS = 60_000;

export function createS3Client(asking: Asking): S3Client {
  return {
    async *list(bucket, prefix, pageSize = 1000) {
      let token: string | null = null;
      do {
        const query: Record<string, string> = { 'list-type': '2', 'max-keys': String(pageSize), prefix };
        if (token !== null) query['continuation-token'] = token;
        const body = await textOf(await send(asking, { method: 'GET', bucket, query }));
        yield objectsIn(body);
        token = textIn(body, 'IsTruncated') === 'true' ? textIn(body, 'NextContinuationToken') : null;
        if (token !== null) token = unescapeXml(token);
      } while (token !== null);
    },
    get: (bucket, { key, etag }) => send(asking, { method: 'GET', bucket, key, headers: { 'if-match': etag } }),
    async put(bucket, key, body) {
      (await send(asking, { method: 'PUT', bucket, key, body })).resume();
    },
    async remove(bucket, key) {
      (await send(asking, { method: 'DELETE', bucket, key })).resume();
    },
  };
}

function objectsIn(listing: string): S3Object[] {
  return childTexts(listing, 'Contents').map((entry) => ({
    key: unescapeXml(textIn(entry, 'Key') ?? ''),
    etag: unescapeXml(textIn(entry, 'ETag') ?? ''),
    sizeBytes: Number(textIn(entry, 'Size') ?? 0),
  }));
}

function urlOf({ place }: Asking, { bucket, key = '', query = {} }: S3Request): URL {
  const path = key.split('/').map(escaped).join('/');
  const base = place.endpoint
    ? `${place.endpoint.href.replace(/\/$/, '')}/${escaped(bucket)}/`
    : `https://${bucket}.s3.${place.region}.amazonaws.com/`;
  const url = new URL(`${base}${path}`);
  url.search = Object.entries(query)
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&');
  return url;
}

/** Sends until it is answered with success; what may pass (5xx, 429, a broken line) is tried again. */
async function send(asking: Asking, request: S3Request): Promise<IncomingMessage> {
  for (let tried = 1; ; tried += 1) {
    try {
      const response = await once(asking, request);
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return response;
      const refused = refusal(request, status, await textOf(response));
      if (tried >= TRIES || !(status === 429 || status >= 500)) throw refused;
    } catch (error) {
      if (tried >= TRIES || !isFault(error, 'source-unreadable') || error.facts['transport'] !== true) throw error;
    }
    await sleep(PAUSE_MS * 2 ** (tried - 1), undefined, asking.signal ? { signal: asking.signal } : {});
  }
}

function once(asking: Asking, request: S3Request): Promise<IncomingMessage> {
  const { method, body = Buffer.alloc(0) } = request;
  const url = urlOf(asking, request);
  const given = { ...request.headers, ...(method === 'PUT' ? { 'content-length': String(body.length) } : {}) };
  const { signer } = asking.place;
  const headers = signer ? signed({ method, url, headers: given, body }, signer, new Date()) : given;
  return guardedRequest(url, {
    method,
    headers,
    ...(method === 'PUT' ? { body } : {}),
    allowedHosts: asking.allowedHosts,
    timeoutMs: QUIET_MS,
    ...(asking.signal ? { signal: asking.signal } : {}),
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function refusal({ bucket, key }: S3Request, status: number, body: string): Fault {
  const file = `s3://${bucket}/${key ?? ''}`;
  if (status === 412)
    return new Fault('source-unreadable', say('{file} was changed while it was read; run it again', { file }), {
      file,
    });
  const reason = textIn(body, 'Message') ?? textIn(body, 'Code') ?? `status ${status}`;
  const message = say('{file} cannot be reached: {reason} ({status}); {advice}', {
    file,
    reason: unescapeXml(reason),
    status,
    advice: asSaid(adviceFor(status)),
  });
  return new Fault('source-unreadable', message, { file, status });
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return 'check access_key, secret_key and what they may read';
  if (status === 404) return 'check the bucket and the path';
  if (status >= 300 && status < 400) return 'check region: and endpoint:';
  return status >= 500 || status === 429 ? 'try again later' : 'check endpoint: and region:';
}
