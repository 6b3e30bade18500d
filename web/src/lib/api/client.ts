/** Typed calls of `/api/v1`. A call answers the body or throws `ApiError`; nothing is swallowed. */
import { m } from '#lib/i18n/index.svelte.ts';
import { ApiError, errorOf } from './problem.ts';

export const base = '/api/v1';

export async function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(base + path, { method, credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'offline', m().common.offline);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function json<Body>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Body> {
  const init: RequestInit =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  if (signal) init.signal = signal;
  const response = await request(method, path, init);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

export const http = {
  get: <Body>(path: string, signal?: AbortSignal) => json<Body>('GET', path, undefined, signal),
  post: <Body>(path: string, body?: unknown, signal?: AbortSignal) => json<Body>('POST', path, body ?? {}, signal),
  put: <Body>(path: string, body: unknown) => json<Body>('PUT', path, body),
  patch: <Body>(path: string, body: unknown) => json<Body>('PATCH', path, body),
  delete: <Body>(path: string) => json<Body>('DELETE', path),
};
