import { checkedAddress } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';
import { createTransport } from 'nodemailer';

/** A server that takes mails, and who sends by it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` or nothing sent, `none` in the open. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly from: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export interface Outgoing {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly messageId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly content: Buffer;
  }[];
}

const TIMEOUT_MS = 15_000;

/** Null only connects and logs in. The address that was checked is the one connected to. */
export async function sendBy(
  server: MailServer,
  outgoing: Outgoing | null,
  allowedHosts: readonly string[],
): Promise<void> {
  const { host, port, from, username, password, security } = server;
  const shown = `smtp://${host}:${port}`;
  const { address } = await checkedAddress(host, String(port), allowedHosts, shown);
  const transport = createTransport({
    host: address,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { servername: host },
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    if (outgoing === null) return void (await transport.verify());
    const { to, headers, attachments, ...rest } = outgoing;
    await transport.sendMail({
      ...rest,
      from,
      to: [...to],
      ...(headers ? { headers: { ...headers } } : {}),
      ...(attachments ? { attachments: [...attachments] } : {}),
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const message = say('{shown} did not take the message: {said}', { shown, said });
    throw new Fault('source-unreadable', message, { file: shown }, { cause: error });
  } finally {
    transport.close();
  }
}
