import { connect } from 'node:net';

/** Sends bytes over TCP and gives the first answer; throws when nobody listens or nothing comes. */
export function askTcp(port: number, text: string, limitMs = 3_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(limitMs, () => socket.destroy(new Error(`port ${port} did not answer`)));
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1'));
      socket.destroy();
    });
    socket.once('error', reject);
    if (text !== '') socket.write(text);
  });
}

/** Resolves once somebody listens on the port. */
export function askPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

/** The body of a 2xx answer. */
export async function askHttp(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
