import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Called {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that keeps what is posted to it, and answers with the status that `answer` says. */
export interface HookSink {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly Called[];
  answer: (path: string) => number;
  close(): Promise<void>;
}

export async function startHookSink(): Promise<HookSink> {
  const calls: Called[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const path = request.url ?? '';
      const status = sink.answer(path);
      if (status < 300) calls.push({ path, headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sink: HookSink = {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    answer: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return sink;
}
