/**
 * Schemas of a registry that speaks Confluent's API, by the id that a message carries. An id means one schema for ever, so
 * each is asked for once.
 */
import type { KafkaTls, Said } from '@datacraft/shared';
import { asSaid, Fault, say } from '@datacraft/shared';
import { revealed } from '../../http/credentials.ts';
import { guardedRequest, parseHttpUrl, shownUrl } from '../../network/guarded-request.ts';
import type { Destination, MessageSchema, RemoteAccess } from '../../source.ts';
import type { TlsMaterial } from '../tls.ts';
import { openTls } from '../tls.ts';
import { Undecodable } from './undecodable.ts';

export interface RegistryPlace {
  readonly registry: string;
  readonly username?: string;
  readonly password?: string;
  /** Certificates of the brokers, which the registry has too where one CA signs both. */
  readonly tls?: { readonly given: KafkaTls; readonly to: Destination };
}

export interface Registry {
  /** Throws `Undecodable` when there is no such schema. */
  byId(id: number): Promise<MessageSchema>;
  /** The id of a schema under a subject. Throws `export-failed` when the registry refuses it. */
  register(subject: string, schema: string, schemaType?: 'AVRO' | 'JSON'): Promise<number>;
}

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 8 * 1024 ** 2;

export function openRegistry(place: RegistryPlace, remote: RemoteAccess): Registry {
  const asked = new Map<number, Promise<MessageSchema>>();
  const client = new Client(place, remote);
  return {
    byId(id) {
      const before = asked.get(id);
      if (before) return before;
      const answer = client.schema(`schemas/ids/${id}`, id);
      asked.set(id, answer);
      // What could not be had is asked for again.
      answer.catch(() => asked.delete(id));
      return answer;
    },
    register: (subject, schema, schemaType) => client.register(subject, schema, schemaType),
  };
}

interface Answer {
  readonly id?: unknown;
  readonly message?: unknown;
  readonly schema?: unknown;
  readonly schemaType?: unknown;
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
}

class Client {
  readonly #place: RegistryPlace;
  readonly #remote: RemoteAccess;

  constructor(place: RegistryPlace, remote: RemoteAccess) {
    this.#place = place;
    this.#remote = remote;
  }

  async schema(path: string, id: number): Promise<MessageSchema> {
    const { schema, schemaType, references = [] } = await this.#schemaAt(path, id);
    if (typeof schema !== 'string')
      throw new Undecodable(say('its schema {id} has no text in the registry', { id: String(id) }));
    const imported = [];
    for (const { name, subject, version } of references) {
      const found = await this.schema(`subjects/${encodeURIComponent(subject)}/versions/${version}`, id);
      imported.push(...found.references, { name, schema: found.schema });
    }
    return { schema, schemaType: typeof schemaType === 'string' ? schemaType : 'AVRO', references: imported };
  }

  async register(subject: string, schema: string, schemaType: 'AVRO' | 'JSON' = 'AVRO'): Promise<number> {
    const path = `subjects/${encodeURIComponent(subject)}/versions`;
    const body = schemaType === 'AVRO' ? { schema } : { schema, schemaType };
    const { status, answer, url } = await this.#ask(path, JSON.stringify(body));
    if (status === 200 && typeof answer.id === 'number') return answer.id;
    const words = typeof answer.message === 'string' ? `: ${answer.message}` : '';
    throw new Fault(
      'export-failed',
      say(
        'the schema registry {host} refused the schema of {subject} (status {status}){words}; change the columns so that they fit, or what the subject allows',
        { host: url.host, subject, status: String(status), words },
      ),
      { file: shownUrl(url) },
    );
  }

  async #schemaAt(path: string, id: number): Promise<Answer> {
    const { status, answer, url } = await this.#ask(path);
    if (status === 404) throw new Undecodable(say('its schema {id} is not in the registry', { id: String(id) }));
    if (status !== 200) throw refused(url, say('status {status}', { status: String(status) }), false);
    return answer;
  }

  async #ask(path: string, body?: string): Promise<{ status: number; answer: Answer; url: URL }> {
    const url = parseHttpUrl(`${this.#place.registry.replace(/\/$/, '')}/${path}`);
    const sent = body === undefined ? {} : { method: 'POST', body };
    const type = 'application/vnd.schemaregistry.v1+json';
    const accept = { accept: `${type}, application/json`, ...(body === undefined ? {} : { 'content-type': type }) };
    const response = await guardedRequest(url, {
      ...sent,
      headers: { ...accept, ...(await this.#login()) },
      allowedHosts: this.#remote.allowedHosts,
      timeoutMs: TIMEOUT_MS,
      ...(await this.#certificates(url)),
    }).catch((error: unknown) => {
      throw awayOr(error, url);
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > ANSWER_BYTES_MAX) throw refused(url, asSaid('an answer of over 8 MB'), false);
      chunks.push(chunk);
    }
    const status = response.statusCode ?? 0;
    if (status >= 500 || status === 429) throw refused(url, say('status {status}', { status: String(status) }), true);
    try {
      return { status, answer: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer, url };
    } catch (error) {
      if (status !== 200) return { status, answer: {}, url };
      throw refused(url, asSaid('no JSON'), false, error);
    }
  }

  async #certificates({ protocol }: URL): Promise<{ tls?: TlsMaterial }> {
    const { tls } = this.#place;
    if (tls === undefined || protocol !== 'https:') return {};
    return { tls: await openTls(tls.given, this.#remote, tls.to) };
  }

  async #login(): Promise<Record<string, string>> {
    const { username, password, registry } = this.#place;
    if (username === undefined || password === undefined) return {};
    const to = [parseHttpUrl(registry).hostname];
    const pair = `${await revealed(username, this.#remote, to)}:${await revealed(password, this.#remote, to)}`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  }
}

/** A registry that does not answer may come back. */
function awayOr(error: unknown, url: URL): unknown {
  if (!(error instanceof Fault) || error.code !== 'source-unreadable') return error;
  return new Fault(error.code, error.words, { ...error.facts, file: shownUrl(url), away: true }, { cause: error });
}

function refused(url: URL, what: Said, away: boolean, cause?: unknown): Fault {
  return new Fault(
    'source-unreadable',
    say('the schema registry {host} gave {what}; check registry, username and password of format:', {
      host: url.host,
      what,
    }),
    { file: shownUrl(url), ...(away ? { away } : {}) },
    { cause },
  );
}
