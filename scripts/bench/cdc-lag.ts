import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FollowedSource } from './followed.ts';
import { quantileOf } from './pairs.ts';

const SECONDS = Number(process.env['DATACRAFT_BENCH_SECONDS'] ?? 20);
const EVERY_MS = 10;

/** Milliseconds from the answer to a commit until its row could be read, by the id of the row. */
type Seen = ReadonlyMap<number, number>;

/** One row a transaction, a hundred a second, while `read` brings what came to where it is read, again and again. */
export async function measureLag(
  source: FollowedSource,
  from: number,
  read: () => Promise<number>,
): Promise<Record<string, number>> {
  const committed = new Map<number, number>();
  const peer = await watchPeer(source.url);
  const until = performance.now() + SECONDS * 1_000;
  const writing = (async () => {
    for (let id = from, due = performance.now(); performance.now() < until; id += 1) {
      await source.write(id, 2);
      committed.set(id, performance.now());
      due += EVERY_MS;
      await sleep(Math.max(0, due - performance.now()));
    }
  })();
  const published = new Map<number, number>();
  let runs = 0;
  for (let last = from - 1; performance.now() < until; runs += 1) {
    const max = await read();
    const now = performance.now();
    for (let id = last + 1; id <= max; id += 1) published.set(id, now);
    last = Math.max(last, max);
  }
  await writing;
  const streamed = await peer.stop();
  return {
    'transactions a second': committed.size / SECONDS,
    'runs one after another': runs,
    ...figures('commit to published row', committed, published),
    ...(streamed.size > 0 ? figures('commit to a line of pg_recvlogical', committed, streamed) : {}),
  };
}

function figures(what: string, committed: Seen, seen: Seen): Record<string, number> {
  const lags = [...committed].flatMap(([id, at]) => {
    const then = seen.get(id);
    return then === undefined ? [] : [Math.max(0, then - at)];
  });
  const sorted = lags.toSorted((a, b) => a - b);
  return { [`${what}, p50`]: quantileOf(sorted, 0.5), [`${what}, p99`]: quantileOf(sorted, 0.99) };
}

/** PostgreSQL's own client, which writes each change as it comes. Sees nothing where it is not installed. */
async function watchPeer(url: string): Promise<{ stop(): Promise<Seen> }> {
  const seen = new Map<number, number>();
  const options = ['-o', 'proto_version=1', '-o', 'publication_names=bench_peer', '--no-loop', '-f', '-'];
  const child = spawn('pg_recvlogical', ['-d', url, '--slot', 'bench_peer', '--start', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((end) => child.once('close', () => end()).once('error', () => end()));
  child.stdout.on('data', (chunk: Buffer) => {
    const now = performance.now();
    for (const [, id] of chunk.toString('latin1').matchAll(/mark-(\d+)-/g))
      if (!seen.has(Number(id))) seen.set(Number(id), now);
  });
  await sleep(500);
  return {
    async stop() {
      child.kill('SIGINT');
      await ended;
      return seen;
    },
  };
}
