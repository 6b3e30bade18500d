/**
 * Messages between the server processes of one database, by LISTEN/NOTIFY.
 *
 * B1  A message reaches this process's own subscribers at once and others' after the database took it.
 * B2  It is best effort: whoever cannot do without a message reads the database again on `onGap`, which is called
 *     whenever the listening connection was lost and is back.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface BusTopics {
  users: { userId: string };
  room: { notebookId: string; from: string; to: string };
  /** Who may do what changed, in one notebook or anywhere. */
  access: { notebookId: string | null };
  notebook: { notebookId: string; change: 'deleted' | 'restored' };
  event: { notebookId: string; event: unknown };
  /** A stream of the notebook committed: `layer.name` of each table that is another now. */
  tables: { notebookId: string; tables: string[] };
  /** A stream of the notebook does something else now; the database itself says so (migration 0455). */
  streams: { notebookId: string };
  /** Another time may be due next. */
  schedules: { notebookId: string };
  /** The online features of a table are of another publish now; the database itself says so (migration 0380). */
  online: { relation: string };
  /** An alias of a model means this version now; the database itself says so (migration 0381). */
  model: { name: string; version: number };
}
export type Topic = keyof BusTopics;

export interface Bus {
  readonly processId: string;
  publish<T extends Topic>(topic: T, message: BusTopics[T]): Promise<void>;
  /** The NOTIFY statement's arguments, to be sent inside a transaction of the caller. */
  payloads<T extends Topic>(topic: T, message: BusTopics[T]): string[];
  subscribe<T extends Topic>(topic: T, listener: (message: BusTopics[T], own: boolean) => void): () => void;
  onGap(listener: () => void): () => void;
  stop(): Promise<void>;
}

export const CHANNEL = 'datacraft';
/** PostgreSQL refuses payloads of 8000 bytes. */
const CHUNK_CHARS = 2_400;

interface Envelope {
  readonly p: string;
  readonly t: Topic;
  readonly id: string;
  readonly n: number;
  readonly of: number;
  readonly d: string;
}

export async function startBus(deps: { pool: pg.Pool; url: string }): Promise<Bus> {
  const processId = randomBytes(6).toString('hex');
  const listeners = new Map<Topic, Set<(message: never, own: boolean) => void>>();
  const gapListeners = new Set<() => void>();
  const parts = new Map<string, string[]>();
  let stopped = false;
  let client: pg.Client | null = null;

  const deliver = (topic: Topic, message: unknown, own: boolean) => {
    for (const listener of listeners.get(topic) ?? []) listener(message as never, own);
  };
  const receive = (text: string) => {
    const envelope = JSON.parse(text) as Envelope;
    if (envelope.p === processId) return;
    const whole = assemble(parts, envelope);
    if (whole !== null) deliver(envelope.t, JSON.parse(whole), false);
  };
  const connect = async () => {
    const next = new pg.Client({ connectionString: deps.url, application_name: 'datacraft bus', keepAlive: true });
    next.on('error', () => undefined); // 'end' follows
    next.on('notification', (notification) => receive(notification.payload ?? ''));
    await next.connect();
    await next.query(`listen ${CHANNEL}`);
    next.once('end', () => {
      if (!stopped) void reconnect();
    });
    client = next;
  };
  const reconnect = async () => {
    parts.clear();
    for (let waitMs = 100; !stopped; waitMs = Math.min(waitMs * 2, 5_000)) {
      try {
        await connect();
        for (const listener of gapListeners) listener();
        return;
      } catch {
        await sleep(waitMs); // the database is away; the pool's users report it
      }
    }
  };
  const payloads: Bus['payloads'] = (topic, message) => chunk(processId, topic, JSON.stringify(message));

  await connect();
  return {
    processId,
    payloads,
    async publish(topic, message) {
      deliver(topic, message, true);
      await deps.pool.query(`select pg_notify('${CHANNEL}', payload) from unnest($1::text[]) as payload`, [
        payloads(topic, message),
      ]);
    },
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => set.delete(listener);
    },
    onGap(listener) {
      gapListeners.add(listener);
      return () => gapListeners.delete(listener);
    },
    async stop() {
      stopped = true;
      await client?.end().catch(() => undefined);
    },
  };
}

function chunk(processId: string, topic: Topic, text: string): string[] {
  const id = randomBytes(6).toString('hex');
  const of = Math.max(1, Math.ceil(text.length / CHUNK_CHARS));
  return Array.from({ length: of }, (_, n) => {
    const envelope: Envelope = {
      p: processId,
      t: topic,
      id,
      n,
      of,
      d: text.slice(n * CHUNK_CHARS, (n + 1) * CHUNK_CHARS),
    };
    return JSON.stringify(envelope);
  });
}

function assemble(parts: Map<string, string[]>, envelope: Envelope): string | null {
  if (envelope.of === 1) return envelope.d;
  const known = parts.get(envelope.id) ?? [];
  known[envelope.n] = envelope.d;
  if (envelope.n < envelope.of - 1) {
    parts.set(envelope.id, known);
    return null;
  }
  parts.delete(envelope.id);
  return known.length === envelope.of && !known.includes('') ? known.join('') : null;
}
