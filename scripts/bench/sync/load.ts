import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { quantileOf } from '../pairs.ts';
import type { LoadedServer } from './server-process.ts';

export interface Load {
  readonly clients: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Outcome {
  readonly deliveredShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerEdit: number;
}

interface Client {
  readonly socket: WebSocket;
  readonly text: Y.Text;
  readonly send: (write: (encoder: encoding.Encoder) => void) => void;
  readonly take: () => Uint8Array;
}

const MARK = Buffer.from('@@');
const STAMP_CHARS = 12;
const QUIET_MS = 1_000;

/** People who type one mark each in turn; every mark carries its time, and is looked for in what the others receive. */
export async function putLoad(server: LoadedServer, document: number, load: Load): Promise<Outcome> {
  const latencies: number[] = [];
  const seen = Array.from({ length: load.clients }, () => new Set<string>());
  const clients: Client[] = [];
  const listen = (data: Buffer, n: number) => {
    const now = performance.now();
    for (let at = data.indexOf(MARK); at >= 0; at = data.indexOf(MARK, at + 2)) {
      const stamp = data.toString('latin1', at + 2, at + 2 + STAMP_CHARS);
      if (seen[n]?.has(stamp)) continue;
      seen[n]?.add(stamp);
      latencies.push(now - Number(stamp));
    }
  };
  for (let n = 0; n < load.clients; n++) clients.push(await join(server, document, (data) => listen(data, n)));
  await sleep(QUIET_MS);
  const cpuBefore = await server.cpuMs();
  const sent = await type(clients, load, seen);
  for (let last = -1; last !== latencies.length; await sleep(QUIET_MS)) last = latencies.length;
  const cpuMs = (await server.cpuMs()) - cpuBefore;
  for (const { socket } of clients) socket.terminate();
  latencies.sort((a, b) => a - b);
  return {
    deliveredShare: latencies.length / (sent * (load.clients - 1)),
    p50Ms: quantileOf(latencies, 0.5),
    p99Ms: quantileOf(latencies, 0.99),
    cpuMsPerEdit: cpuMs / sent,
  };
}

async function type(clients: readonly Client[], load: Load, seen: readonly Set<string>[]): Promise<number> {
  const startedAt = performance.now();
  const total = load.perSecond * load.seconds;
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) / 1_000) * load.perSecond));
    for (; sent < due; sent++) {
      const at = sent % clients.length;
      const client = clients[at];
      if (!client) continue;
      const stamp = (startedAt + (sent * 1_000) / load.perSecond)
        .toFixed(4)
        .padStart(STAMP_CHARS, '0')
        .slice(0, STAMP_CHARS);
      seen[at]?.add(stamp); // one's own does not count, though some servers echo it
      client.text.insert(client.text.length, `@@${stamp}`);
      client.send((encoder) => writeUpdate(encoder, client.take()));
    }
    await sleep(1);
  }
  return sent;
}

async function join(server: LoadedServer, document: number, listen: (data: Buffer) => void): Promise<Client> {
  const { url, name, headers } = server.address(document);
  const doc = new Y.Doc();
  let update: Uint8Array = new Uint8Array();
  doc.on('update', (made: Uint8Array) => (update = made));
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const say = (type: number, write: (encoder: encoding.Encoder) => void) => {
    const encoder = encoding.createEncoder();
    if (server.kind === 'hocuspocus') encoding.writeVarString(encoder, name);
    encoding.writeVarUint(encoder, type);
    write(encoder);
    socket.send(encoding.toUint8Array(encoder));
  };
  await once(socket, 'open');
  socket.on('message', listen);
  if (server.kind === 'hocuspocus')
    say(2, (encoder) => {
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarString(encoder, '');
      encoding.writeVarString(encoder, '4.7.0');
    });
  say(0, (encoder) => writeSyncStep1(encoder, doc));
  return { socket, text: doc.getText('t'), send: (write) => say(0, write), take: () => update };
}
