import { getRequestListener } from '@hono/node-server';
import type { createApp } from './app.ts';

/** The app as what answers requests of Node's HTTP server. */
export function apiListener(app: ReturnType<typeof createApp>) {
  return getRequestListener(
    (request, env) =>
      app.fetch(request, {
        remoteAddress: 'incoming' in env ? (env.incoming.socket.remoteAddress ?? '') : '',
        inProcess: false,
      }),
    { overrideGlobalObjects: false },
  );
}
