import type { Mail, RemoteAccess } from '@datacraft/engine';
import { revealed } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';
import { z } from 'zod';
import type { Connection } from '../secret/connections.ts';
import type { MailServer } from './transport.ts';
import { sendBy } from './transport.ts';

const secret = z.string().regex(/^secret:\/\/[A-Za-z0-9_.-]{1,100}$/, 'expected a stored secret, as secret://name');
/** A line break would add headers to a mail. */
const mailbox = z
  .string()
  .max(320)
  .regex(/^[^\s@,;<>"]+@[^\s@,;<>"]+$/, 'expected an address such as reports@example.com');

/** What a connection of type `smtp` holds. */
export const smtpConfig = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535).exactOptional(),
  security: z.enum(['starttls', 'tls', 'none']).exactOptional(),
  from: mailbox,
  user: z.string().min(1).max(255).exactOptional(),
  password: secret.exactOptional(),
});

const SUBMISSION = 587;

type Secrets = Pick<RemoteAccess, 'secret' | 'allowedHosts'>;

/** The password goes to the connection's host alone. */
async function serverOf({ name, type, config }: Connection, remote: Secrets): Promise<MailServer> {
  if (type !== 'smtp')
    throw new Fault(
      'bad-request',
      say('the connection {name} is of type {type}; mails need one of type smtp', { name, type }),
      {
        connection: name,
      },
    );
  const { host, port = SUBMISSION, security = 'starttls', from, user, password } = smtpConfig.parse(config);
  const word = password === undefined ? undefined : await revealed(password, remote, [host]);
  return { host, port, security, from, username: user, password: word };
}

export async function mailBy(connection: Connection, mail: Mail, remote: Secrets): Promise<void> {
  const { to, subject, text, html, id, attachments } = mail;
  const attached = attachments.map(({ name, type, content }) => ({ filename: name, contentType: type, content }));
  const outgoing = { to, subject, text, html, messageId: `<${id}@datacraft>`, attachments: attached };
  await sendBy(await serverOf(connection, remote), outgoing, remote.allowedHosts);
}

/** Connects and logs in; sends nothing. */
export async function checkMailServer(connection: Connection, remote: Secrets): Promise<void> {
  await sendBy(await serverOf(connection, remote), null, remote.allowedHosts);
}
