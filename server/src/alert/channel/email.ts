import type { MailServer } from '../../mail/transport.ts';
import { sendBy } from '../../mail/transport.ts';
import type { Message } from './message.ts';
import { bodyOf, subjectOf } from './message.ts';

export interface EmailTarget extends MailServer {
  readonly to: readonly string[];
}

/** The Message-ID is that of the message: servers can drop a repetition. */
export function sendEmail(target: EmailTarget, message: Message, allowedHosts: readonly string[]): Promise<void> {
  const outgoing = {
    to: target.to,
    subject: subjectOf(message),
    text: bodyOf(message),
    messageId: `<${message.id}@datacraft>`,
    headers: { 'X-DataCraft-Incident': message.incident },
  };
  return sendBy(target, outgoing, allowedHosts);
}
