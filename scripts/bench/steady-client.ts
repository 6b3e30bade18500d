/**
 * `node steady-client.ts`: a client in a process of its own, which has practised. Reads what to ask as JSON from standard
 * input, asks at a steady rate, whether the requests before have ended or not, and prints what came of it as JSON.
 */
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Steady {
  readonly url: string;
  readonly cookie: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Sent in turn. */
  readonly bodies: readonly string[];
}

export interface SteadyAnswers {
  /** Of answers with 200, from when they were due, in the order they were due. */
  readonly latencies: readonly number[];
  /** What else came, and how often. */
  readonly failed: Readonly<Record<string, number>>;
}

/** Kept open, as a service that asks another has them. */
const CONNECTIONS = 128;

async function steadily({ url, cookie, perSecond, seconds, bodies }: Steady): Promise<SteadyAnswers> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const latencies: (number | null)[] = [];
  const failed: Record<string, number> = {};
  const startMs = performance.now();
  const ask = async (at: number, dueMs: number) => {
    const outcome = await post(agent, url, cookie, bodies[at % bodies.length] ?? '');
    latencies[at] = outcome === '200' ? performance.now() - dueMs : null;
    if (outcome !== '200') failed[outcome] = (failed[outcome] ?? 0) + 1;
  };
  const asking: Promise<void>[] = [];
  for (let at = 0; at < perSecond * seconds; at += 1) {
    const dueMs = startMs + (at * 1000) / perSecond;
    while (performance.now() < dueMs)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    asking.push(ask(at, dueMs));
  }
  await Promise.all(asking);
  agent.destroy();
  return { latencies: latencies.filter((each) => each !== null), failed };
}

/** Asks a server of its own, so that its own code is compiled by the time it measures another. */
async function practise(asked: Steady): Promise<void> {
  const server = createServer((question, answer) => void text(question).then(() => answer.end('{}')));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await steadily({ ...asked, url: `http://127.0.0.1:${port}`, seconds: 1 });
  server.close();
}

/** The status, or what went wrong. */
function post(agent: Agent, url: string, cookie: string, body: string): Promise<string> {
  return new Promise((resolve) => {
    const headers = { cookie, origin: new URL(url).origin, 'content-type': 'application/json' };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      text(answer).then(
        (said) => resolve(answer.statusCode === 200 ? '200' : `${answer.statusCode} ${said.slice(0, 120)}`),
        (error: unknown) => resolve(String(error)),
      );
    });
    sent.on('error', (error) => resolve(error.message));
    sent.end(body);
  });
}

if (import.meta.main) {
  const asked = JSON.parse(await text(process.stdin)) as Steady;
  await practise(asked);
  console.log(JSON.stringify(await steadily(asked)));
}
