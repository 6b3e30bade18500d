import { createHmac } from 'node:crypto';
import type { Message } from './message.ts';
import { post } from './post.ts';

export interface WebhookTarget {
  readonly url: string;
  readonly signingKey: string;
}

/** `X-DataCraft-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, so that receivers know who sent it, and when. */
export function signatureOf(key: string, atSeconds: number, body: string): string {
  return `t=${atSeconds},v1=${createHmac('sha256', key).update(`${atSeconds}.${body}`).digest('hex')}`;
}

export async function sendWebhook(
  { url, signingKey }: WebhookTarget,
  message: Message,
  { allowedHosts, nowMs }: { readonly allowedHosts: readonly string[]; readonly nowMs: number },
): Promise<void> {
  const body = JSON.stringify(message);
  const headers = {
    'idempotency-key': message.id,
    'x-datacraft-signature': signatureOf(signingKey, Math.floor(nowMs / 1_000), body),
  };
  await post(url, body, headers, allowedHosts);
}
