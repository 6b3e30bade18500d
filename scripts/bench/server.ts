import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { attachEngine } from '../../server/src/attach.ts';
import { loadConfig } from '../../server/src/config.ts';
import { startServer } from '../../server/src/main.ts';

/** A whole server in this process on a data directory of its own, with an owner who is logged in. */
export interface BenchServer {
  readonly url: string;
  readonly pool: pg.Pool;
  /** `name=value` of the session. */
  readonly cookie: string;
  /** Throws with the answer's text unless it is 2xx. */
  call(method: string, path: string, body?: string, contentType?: string): Promise<Response>;
  importNotebook(text: string): Promise<string>;
  /** Runs the notebook and waits for its end. */
  runNotebook(id: string, options?: object): Promise<void>;
  /** Stops it and starts it again in a process of its own, on the same data; resolves with where it is ready. */
  startAnew(): Promise<string>;
  close(): Promise<void>;
}

export async function openBenchServer(): Promise<BenchServer> {
  const dir = await mkdtemp(join(tmpdir(), 'datacraft-bench-'));
  const config = loadConfig({ DATACRAFT_DATA_DIR: dir, DATACRAFT_LOG_LEVEL: 'error' }, { port: '0' });
  const server = await startServer(config, { attach: attachEngine });
  const { url } = server;
  let cookie = '';
  let stop = () => server.stop();
  const call: BenchServer['call'] = async (method, path, body, contentType = 'application/json') => {
    const headers: Record<string, string> = {
      cookie,
      origin: url,
      ...(body === undefined ? {} : { 'content-type': contentType }),
    };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const person = { email: 'bench@example.com', password: 'bench bench bench', name: 'Bench' };
  const signup = await call('POST', '/api/v1/auth/signup', JSON.stringify(person));
  cookie = signup.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    url,
    pool: server.deps.pool,
    cookie,
    call,
    async importNotebook(text) {
      const answer = await call('POST', '/api/v1/notebooks/import', text, 'text/markdown');
      return ((await answer.json()) as { id: string }).id;
    },
    async runNotebook(id, options = {}) {
      const started = await call('POST', `/api/v1/notebooks/${id}/runs`, JSON.stringify(options));
      const { runId } = (await started.json()) as { runId: string };
      for (;;) {
        const run = (await (await call('GET', `/api/v1/runs/${runId}`)).json()) as { state: string };
        if (run.state === 'succeeded') return;
        if (run.state !== 'queued' && run.state !== 'running') throw new Error(`the run ${run.state}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async startAnew() {
      await stop();
      const anew = await startProcess(dir);
      stop = anew.stop;
      return anew.url;
    },
    async close() {
      await stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startProcess(dir: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const program = new URL('../../server/src/cli/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, 'start', '--port', '0', '--data-dir', dir], {
    env: { ...process.env, DATACRAFT_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^DataCraft is ready at (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    const stop = async () => {
      child.kill();
      await ended;
    };
    return { url, stop };
  }
  throw new Error('the server did not start again');
}
