import { checkedAddress } from '@datacraft/engine';
import { Fault } from '@datacraft/shared';
import { createTransport } from 'nodemailer';
import type { Message } from './message.ts';
import { bodyOf, subjectOf } from './message.ts';

export interface EmailTarget {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` or nothing sent, `none` in the open. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly from: string;
  readonly to: readonly string[];
  readonly username: string | undefined;
  readonly password: string | undefined;
}

const TIMEOUT_MS = 15_000;

/** The address that was checked is the one connected to. The Message-ID is that of the message: servers can drop a repetition. */
export async function sendEmail(target: EmailTarget, message: Message, allowedHosts: readonly string[]): Promise<void> {
  const shown = `smtp://${target.host}:${target.port}`;
  const { address } = await checkedAddress(target.host, String(target.port), allowedHosts, shown);
  const { username, password, security } = target;
  const transport = createTransport({
    host: address,
    port: target.port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { servername: target.host },
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: target.from,
      to: [...target.to],
      subject: subjectOf(message),
      text: bodyOf(message),
      messageId: `<${message.id}@datacraft>`,
      headers: { 'X-DataCraft-Incident': message.incident },
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'source-unreadable',
      `${shown} did not take the message: ${said}`,
      { file: shown },
      { cause: error },
    );
  } finally {
    transport.close();
  }
}
