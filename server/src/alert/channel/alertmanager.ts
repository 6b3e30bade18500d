import type { Message } from './message.ts';
import { bodyOf } from './message.ts';
import { post } from './post.ts';

/** It forgets what is not told again; a firing message says for how long it holds. */
const HOLDS_MS = 7 * 24 * 3_600_000;

/** `POST /api/v2/alerts` of an Alertmanager. An incident is one alert there: its labels never change. */
export async function sendAlertmanager(
  { url, token }: { readonly url: string; readonly token: string | undefined },
  message: Message,
  { allowedHosts, nowMs }: { readonly allowedHosts: readonly string[]; readonly nowMs: number },
): Promise<void> {
  const endsAt = message.closedAt ?? new Date(nowMs + (message.kind === 'test' ? 60_000 : HOLDS_MS)).toISOString();
  const alert = {
    labels: { alertname: 'DataCraft', incident: message.incident, title: message.title },
    annotations: { summary: message.title, description: bodyOf(message), severity: message.severity },
    startsAt: message.openedAt,
    endsAt,
    generatorURL: message.url,
  };
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await post(`${url.replace(/\/+$/, '')}/api/v2/alerts`, JSON.stringify([alert]), headers, allowedHosts);
}
