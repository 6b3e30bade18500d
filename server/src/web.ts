import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppEnv } from './deps.ts';

/**
 * The web interface's build (adapter-node), mounted for every path that is not ours.
 *
 * Pages rendered on the server call the API without a socket: the request that the handler gets carries
 * `request.datacraft.fetch`, which `event.platform.req` shows to `handleFetch`. It takes a `Request` with the
 * visitor's cookie and answers what the API would.
 */
export interface WebRequest extends IncomingMessage {
  datacraft?: { fetch(request: Request): Promise<Response> };
}

export type WebHandler = (request: WebRequest, response: ServerResponse, next: () => void) => void;

interface Fetcher {
  fetch(request: Request, bindings: AppEnv['Bindings']): Response | Promise<Response>;
}

export async function loadWeb(webDir: string): Promise<WebHandler | null> {
  const entry = path.join(webDir, 'handler.js');
  if (!existsSync(entry)) return null;
  const built: unknown = await import(pathToFileURL(entry).href);
  if (typeof built === 'object' && built !== null && 'handler' in built && typeof built.handler === 'function') {
    return built.handler as WebHandler;
  }
  throw new Error(`${entry} exports no handler; build the web interface again with: npm run build`);
}

export function serveWeb(
  handler: WebHandler | null,
  app: Fetcher,
  request: WebRequest,
  response: ServerResponse,
): void {
  if (!handler) return answerUnbuilt(response);
  const remoteAddress = request.socket.remoteAddress ?? '';
  request.datacraft = { fetch: async (call) => app.fetch(call, { remoteAddress, inProcess: true }) };
  handler(request, response, () => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('there is nothing here');
  });
}

function answerUnbuilt(response: ServerResponse): void {
  response.writeHead(503, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(`<!doctype html><html lang="en"><title>DataCraft</title>
<body style="font: 16px/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>The web interface is not built yet</h1>
<p>The server runs, its pages are missing. Build them once and start again:</p>
<pre>npm run build</pre>
<p>The API is at <a href="/api/docs">/api/docs</a>.</p>`);
}
