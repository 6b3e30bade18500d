import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KinesisSource } from '@datacraft/shared';
import { asSaid, Fault, isFault, say } from '@datacraft/shared';
import { revealed } from '../http/credentials.ts';
import { guardedRequest, parseHttpUrl } from '../network/guarded-request.ts';
import type { Signer } from '../s3/sign.ts';
import { signed } from '../s3/sign.ts';
import type { RemoteAccess } from '../source.ts';

const TRIES = 6;
const PAUSE_MS = 200;
const QUIET_MS = 60_000;
const passing = /ProvisionedThroughputExceeded|LimitExceeded|KMSThrottling|InternalFailure/;

export interface KinesisClient {
  call<Answer>(action: string, body: object): Promise<Answer>;
}

/** An iterator is good for five minutes only; another one is asked for in its place. */
export const isExpired = (error: unknown): boolean =>
  isFault(error, 'source-unreadable') && error.facts['kinesis'] === 'ExpiredIteratorException';

export async function openKinesis(spec: KinesisSource, remote: RemoteAccess, signal?: AbortSignal) {
  const said = spec.connection === undefined ? spec : await storedPlace(spec.connection, remote);
  const region = said.region ?? 'us-east-1';
  const address = said.endpoint ?? `https://kinesis.${region}.amazonaws.com`;
  const url = new URL('/', parseHttpUrl(await revealed(address, remote, (value) => [parseHttpUrl(value).hostname])));
  const to = [url.hostname];
  const signer: Signer = {
    region,
    accessKey: await revealed(said.access_key ?? '', remote, to),
    secretKey: await revealed(said.secret_key ?? '', remote, to),
    sessionToken: said.session_token === undefined ? null : await revealed(said.session_token, remote, to),
  };
  const asking = { url, signer, shownAs: spec.stream, allowedHosts: remote.allowedHosts, signal };
  return { call: (action, body) => send(asking, action, body) } satisfies KinesisClient as KinesisClient;
}

type Place = Pick<KinesisSource, 'region' | 'endpoint' | 'access_key' | 'secret_key' | 'session_token'>;

/** A stored key goes to the stored endpoint alone. */
async function storedPlace(name: string, remote: RemoteAccess): Promise<Place> {
  const { type, config } = await remote.connection(name);
  if (type === 'kinesis') return config as Place;
  const message = say('the connection {name} is of type {type}; this source needs one of type kinesis', { name, type });
  throw new Fault('bad-request', message, { connection: name });
}

interface Asking {
  readonly url: URL;
  readonly signer: Signer;
  readonly shownAs: string;
  readonly allowedHosts: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** What may pass (too fast, 5xx, a broken line) is tried again. */
async function send<Answer>(asking: Asking, action: string, asked: object): Promise<Answer> {
  const waiting = asking.signal ? { signal: asking.signal } : {};
  for (let tried = 1; ; tried += 1) {
    try {
      const response = await once(asking, action, JSON.stringify(asked));
      const status = response.statusCode ?? 0;
      const text = await textOf(response);
      if (status === 200) return JSON.parse(text) as Answer;
      const kind = kindOf(text);
      if (tried >= TRIES || !(status >= 500 || passing.test(kind))) throw refused(asking, status, kind, text);
    } catch (error) {
      if (tried >= TRIES || !isFault(error, 'source-unreadable') || error.facts['transport'] !== true) throw error;
    }
    await sleep(PAUSE_MS * 2 ** (tried - 1), undefined, waiting);
  }
}

function once({ url, signer, allowedHosts, signal }: Asking, action: string, body: string): Promise<IncomingMessage> {
  const said = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Kinesis_20131202.${action}` };
  const headers = signed({ method: 'POST', url, headers: said, body }, signer, new Date(), 'kinesis');
  const until = signal ? { signal } : {};
  return guardedRequest(url, { method: 'POST', headers, body, allowedHosts, timeoutMs: QUIET_MS, ...until });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function kindOf(text: string): string {
  return /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1] ?? '';
}

function refused({ shownAs }: Asking, status: number, kind: string, text: string): Fault {
  const reason = /"[mM]essage"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? (kind || `status ${status}`);
  const advice = /ResourceNotFound/.test(kind)
    ? 'check stream: and region:'
    : status === 400 || status === 403
      ? 'check access_key, secret_key and what they may read'
      : 'try again later';
  const holes = { stream: shownAs, reason, status, advice: asSaid(advice) };
  const message = say('the stream {stream} cannot be read: {reason} ({status}); {advice}', holes);
  return new Fault('source-unreadable', message, { file: shownAs, kinesis: kind, status });
}
