import { sendAlertmanager } from './alertmanager.ts';
import type { Target } from './channels.ts';
import { sendEmail } from './email.ts';
import type { Telling } from './message.ts';
import { messageIn } from './message.ts';
import { sendSlack } from './slack.ts';
import { sendWebhook } from './webhook.ts';

export interface SendOptions {
  readonly allowedHosts: readonly string[];
  readonly nowMs: number;
}

/** Resolves when the other side has taken the message. */
export function send(target: Target, telling: Telling, options: SendOptions): Promise<void> {
  const { allowedHosts } = options;
  const message = messageIn(target.language ?? 'en', telling);
  switch (target.kind) {
    case 'email':
      return sendEmail({ ...target, username: target.username, password: target.password }, message, allowedHosts);
    case 'webhook':
      return sendWebhook({ url: target.url, signingKey: target.signingKey ?? '' }, message, options);
    case 'slack':
      return sendSlack(target.url, message, allowedHosts);
    case 'alertmanager':
      return sendAlertmanager({ url: target.url, token: target.token }, message, options);
  }
}
