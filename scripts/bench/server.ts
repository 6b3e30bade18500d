import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  close(): Promise<void>;
}

export async function openBenchServer(): Promise<BenchServer> {
  const dir = await mkdtemp(join(tmpdir(), 'datacraft-bench-'));
  const config = loadConfig({ DATACRAFT_DATA_DIR: dir, DATACRAFT_LOG_LEVEL: 'error' }, { port: '0' });
  const server = await startServer(config, { attach: attachEngine });
  const { url } = server;
  let cookie = '';
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
    async close() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
