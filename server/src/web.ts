import { createReadStream, existsSync, statSync } from 'node:fs';
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
  webDir: string,
  handler: WebHandler | null,
  app: Fetcher,
  request: WebRequest,
  response: ServerResponse,
): void {
  if (!handler) return answerUnbuilt(response);
  if (serveCompressed(webDir, request, response)) return;
  const remoteAddress = request.socket.remoteAddress ?? '';
  request.datacraft = { fetch: async (call) => app.fetch(call, { remoteAddress, inProcess: true }) };
  handler(request, response, () => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('there is nothing here');
  });
}

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
/** Names hold a hash of the content: nothing but these characters, so no way out of the folder. */
const immutableAsset = /^\/_app\/immutable\/[A-Za-z0-9_./-]+$/;

/** Answers an asset of the build from the `.br` file beside it, if the build made one and the browser takes it. */
function serveCompressed(webDir: string, request: IncomingMessage, response: ServerResponse): boolean {
  const pathname = (request.url ?? '').split('?', 1)[0] ?? '';
  const type = contentTypes[path.extname(pathname)];
  const takesBrotli = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (request.method !== 'GET' || type === undefined || !takesBrotli) return false;
  if (!immutableAsset.test(pathname) || pathname.includes('..')) return false;
  const file = path.join(webDir, 'client', `${pathname}.br`);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) return false;
  response.writeHead(200, {
    'content-type': type,
    'content-encoding': 'br',
    'content-length': found.size,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
  return true;
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
