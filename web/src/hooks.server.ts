import type { Handle, HandleFetch, HandleServerError } from '@sveltejs/kit/hooks';
import { pickLocale } from '#lib/i18n/locale.ts';

const api = process.env.DATACRAFT_API ?? 'http://127.0.0.1:4321';

export const handle: Handle = async ({ event, resolve }) => {
  event.locals.locale = pickLocale(event.cookies.get('locale'), event.request.headers.get('accept-language'));
  return resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%datacraft.lang%', event.locals.locale),
  });
};

/** A page that failed is drawn in the reader's language too. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  if (kind === 'unknown') console.error(error);
  return { locale: event.locals.locale };
};

/** API calls of the server side go to the process that mounted us, or to `DATACRAFT_API` in development. */
export const handleFetch: HandleFetch = async ({ event, request, fetch }) => {
  const url = new URL(request.url);
  if (url.origin !== event.url.origin || !url.pathname.startsWith('/api/')) return fetch(request);
  const headers = new Headers(request.headers);
  const cookie = event.request.headers.get('cookie');
  if (cookie) headers.set('cookie', cookie);
  const inProcess = event.platform?.req?.datacraft?.fetch;
  if (inProcess) return inProcess(new Request(request, { headers }));
  return fetch(new Request(new URL(url.pathname + url.search, api), { ...request, headers, method: request.method }));
};
