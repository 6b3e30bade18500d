import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** User and password of who gave it, where they said so. */
  readonly login: string | null;
  /** Headers and body as they came. */
  readonly text: string;
}

/** A server that speaks SMTP and keeps what it is given. */
export interface SmtpSink {
  readonly port: number;
  readonly mails: readonly Mail[];
  close(): Promise<void>;
}

export async function startSmtpSink(): Promise<SmtpSink> {
  const mails: Mail[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, (mail) => mails.push(mail));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, mails, close: () => closed(server, open) };
}

function closed(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  for (const socket of open) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

function converse(socket: Socket, keep: (mail: Mail) => void): void {
  let buffer = '';
  let from = '';
  let to: string[] = [];
  let isData = false;
  let login: string | null = null;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const command = (line: string) => {
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (/^EHLO/i.test(line)) return say('250-sink\r\n250 AUTH PLAIN');
    const [, plain] = /^AUTH PLAIN (\S+)/i.exec(line) ?? [];
    if (plain !== undefined) {
      login = Buffer.from(plain, 'base64').toString('utf8').slice(1).replace('\0', ' ');
      return login.endsWith(' wrong') ? say('535 no such login') : say('235 ok');
    }
    if (/^MAIL FROM/i.test(line)) from = address;
    else if (/^RCPT TO/i.test(line)) to = [...to, address];
    else if (/^DATA/i.test(line)) {
      isData = true;
      return say('354 go on');
    } else if (/^QUIT/i.test(line)) return socket.end('221 bye\r\n');
    return say('250 ok');
  };
  say('220 sink');
  socket.on('data', (chunk) => {
    buffer += chunk.toString('utf8');
    for (;;) {
      const end = isData ? '\r\n.\r\n' : '\r\n';
      const at = buffer.indexOf(end);
      if (at < 0) return;
      const part = buffer.slice(0, at);
      buffer = buffer.slice(at + end.length);
      if (!isData) command(part);
      else {
        isData = false;
        keep({ from, to, login, text: part });
        to = [];
        say('250 kept');
      }
    }
  });
}
