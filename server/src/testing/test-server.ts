import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase } from '@datacraft/migrations/testing';
import type { Me, Role } from '@datacraft/shared';
import type { Config } from '../config.ts';
import { loadConfig } from '../config.ts';
import type { RunningServer, StartOptions } from '../main.ts';
import { startServer } from '../main.ts';

/** A whole server on a database of its own and a free port. */
export interface TestServer {
  readonly server: RunningServer;
  readonly origin: string;
  readonly port: number;
  readonly config: Config;
  readonly database: Awaited<ReturnType<typeof createTestDatabase>>;
  /** The first account. */
  owner(): Promise<Visitor>;
  /** An account of this role, invited by the owner. */
  member(role: Role): Promise<Visitor>;
  anonymous(): Visitor;
  close(): Promise<void>;
}

export interface Visitor {
  readonly cookie: string;
  readonly me: Me['user'] | null;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, for tests to look into. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what the wire says
  readonly json: any;
}

export const PASSWORD = 'correct horse battery';

export async function startTestServer(
  env: Record<string, string> = {},
  options: StartOptions = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'datacraft-server-'));
  const config = loadConfig(
    {
      DATABASE_URL: database.url,
      DATACRAFT_LOG_LEVEL: 'silent',
      DATACRAFT_WEB_DIR: path.join(dataDir, 'no-web'),
      ...env,
    },
    { dataDir, port: '0' },
  );
  const server = await startServer(config, options);
  const port = Number(new URL(server.url).port);
  const origin = `http://127.0.0.1:${port}`;
  let owner: Promise<Visitor> | null = null;
  let members = 0;
  const signUp = async (name: string, invitation?: string): Promise<Visitor> => {
    const answer = await call(origin, '', 'POST', '/auth/signup', {
      email: `${name}@example.com`,
      password: PASSWORD,
      name,
      invitation,
    });
    if (answer.status !== 201) throw new Error(`sign-up failed: ${answer.text}`);
    return visitor(origin, cookieOf(answer), (answer.json as Me).user);
  };
  const test: TestServer = {
    server,
    origin,
    port,
    config,
    database,
    owner: () => (owner ??= signUp('owner')),
    async member(role) {
      const name = `${role}${++members}`;
      const { json } = await (await test.owner()).call('POST', '/invitations', { email: `${name}@example.com`, role });
      return signUp(name, json.token);
    },
    anonymous: () => visitor(origin, '', null),
    async close() {
      await server.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return test;
}

export function cookieOf(answer: Answer): string {
  return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
}

function visitor(origin: string, cookie: string, me: Me['user'] | null): Visitor {
  return { cookie, me, call: (method, path, body, headers) => call(origin, cookie, method, path, body, headers) };
}

async function call(
  origin: string,
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const url =
    path.startsWith('/api') || /^\/(healthz|readyz|metrics|v1\/)/.test(path)
      ? origin + path
      : `${origin}/api/v1${path}`;
  const isRaw = typeof body === 'string' || body instanceof FormData;
  const response = await fetch(url, {
    method,
    headers: {
      ...(cookie ? { cookie } : {}),
      ...(body !== undefined && !isRaw ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: isJson(response) ? JSON.parse(text) : null };
}

function isJson(response: Response): boolean {
  return /json/.test(response.headers.get('content-type') ?? '');
}
