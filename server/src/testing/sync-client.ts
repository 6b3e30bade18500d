import { WebsocketProvider } from 'y-websocket';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { TestServer, Visitor } from './test-server.ts';

/** An unmodified y-websocket client with the visitor's cookie. */
export function stockClient(
  test: Pick<TestServer, 'port'>,
  who: Pick<Visitor, 'cookie'> | null,
  notebookId: string,
  doc = new Y.Doc(),
) {
  class CookieSocket extends WebSocket {
    constructor(url: string) {
      super(url, { headers: who ? { cookie: who.cookie } : {} });
    }
  }
  const provider = new WebsocketProvider(`ws://127.0.0.1:${test.port}/sync`, notebookId, doc, {
    WebSocketPolyfill: CookieSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  return { doc, provider, text: doc.getText('probe'), synced: () => until(() => provider.synced) };
}

/** A bare socket, to say what no client would. */
export function rawSocket(
  test: Pick<TestServer, 'port'>,
  notebookId: string,
  headers: Record<string, string>,
  query = '',
) {
  const socket = new WebSocket(`ws://127.0.0.1:${test.port}/sync/${notebookId}${query}`, { headers });
  const frames: Uint8Array[] = [];
  socket.on('message', (data: Buffer) => frames.push(new Uint8Array(data)));
  const outcome = new Promise<string>((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_, response) => resolve(String(response.statusCode)));
    socket.on('error', () => resolve('error'));
  });
  const closed = new Promise<number>((resolve) => socket.on('close', (code: number) => resolve(code)));
  return { socket, frames, outcome, closed };
}

/** Waits for a condition; fails loudly with what it waited for. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
