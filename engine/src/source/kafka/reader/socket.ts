import { connect, isIP } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { createFrames } from './frames.ts';

const KEEP_ALIVE_MS = 60_000;
const READ_BYTES = 512 * 1024;

/**
 * Sockets as kafkajs makes them, but for what they read: it all goes through one buffer and is given answer by answer, so
 * that kafkajs has nothing to put together.
 */
export const readingSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  if (Boolean(ssl)) {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const secured = connectSecurely({ host, port, ...name, ...ssl }, onConnect);
    secured.setKeepAlive(true, KEEP_ALIVE_MS);
    return secured;
  }
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const take = createFrames((frame) => socket.emit('data', frame));
  const callback = (bytes: number) => {
    take(buffer.subarray(0, bytes));
    return true;
  };
  const socket = connect({ host, port, onread: { buffer, callback } }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
};
