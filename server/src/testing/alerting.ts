import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertIncident } from '@datacraft/shared';
import { afterAll, beforeAll, expect } from 'vitest';
import { attachEngine } from '../attach.ts';
import { type HookSink, startHookSink } from './hook-sink.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';
import { startTestServer, type TestServer, type Visitor } from './test-server.ts';

/** A notebook whose run fails with `{ v: 'abc' }`. */
export const breakable = (name: string) =>
  `\`\`\`input v\ntype: text\ndefault: '1'\n\`\`\`\n\n${cell(name, `select cast($v as int) as x`)}`;

export const cell = (name: string, text: string) => `\`\`\`sql ${name}\n${text}\n\`\`\`\n`;

/** Looks until there is something. */
export async function until<Value>(look: () => Promise<Value | null> | Value | null): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== null) return value;
    await sleep(50);
  }
}

/** A server that looks at its rules, whoever its alerts go to, and what tests ask of both. */
class AlertWorld {
  test!: TestServer;
  owner!: Visitor;
  smtp!: SmtpSink;
  hooks!: HookSink;

  async start(): Promise<void> {
    this.smtp = await startSmtpSink();
    this.hooks = await startHookSink();
    this.test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1' }, { attach: attachEngine });
    this.owner = await this.test.owner();
  }

  async close(): Promise<void> {
    await this.test.close();
    await this.hooks.close();
    await this.smtp.close();
  }

  readonly imported = async (title: string, body: string): Promise<string> => {
    const text = `---\ndatacraft: 1\ntitle: ${title}\n---\n\n${body}`;
    return (await this.owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
  };

  readonly ran = async (id: string, params: object = {}): Promise<{ state: string; runId: string }> => {
    const { json } = await this.owner.call('POST', `/notebooks/${id}/runs`, { params });
    return until(async () => {
      const run = (await this.owner.call('GET', `/runs/${json.runId}`)).json;
      return run.finishedAt === null ? null : run;
    });
  };

  readonly channel = async (target: object): Promise<string> => {
    const name = `channel ${Math.random()}`;
    const { json, text } = await this.owner.call('POST', '/alert-channels', { name, target });
    expect(json.id, text).toMatch(/^chn_/);
    return json.id;
  };

  readonly email = (): Promise<string> => {
    const people = { from: 'dc@example.com', to: ['ana@example.com'] };
    return this.channel({ kind: 'email', host: '127.0.0.1', port: this.smtp.port, security: 'none', ...people });
  };

  readonly webhook = (path: string, signingKey = 'a key to sign with'): Promise<string> =>
    this.channel({ kind: 'webhook', url: `${this.hooks.url}${path}`, signingKey });

  readonly rule = async (words: object): Promise<string> => {
    const { json, text } = await this.owner.call('POST', '/alert-rules', { everySeconds: 1, ...words });
    expect(json.id, text).toMatch(/^rul_/);
    return json.id;
  };

  readonly incidents = async (state = 'open'): Promise<AlertIncident[]> =>
    (await this.owner.call('GET', `/alerts?state=${state}`)).json;

  readonly incidentOf = (ruleId: string, state = 'open'): Promise<AlertIncident> => {
    const isOf = ({ alerts }: AlertIncident) => alerts.some((alert) => alert.rule.id === ruleId);
    return until(async () => (await this.incidents(state)).find(isOf) ?? null);
  };

  readonly called = (path: string, kind: string): Promise<HookSink['calls'][number]> => {
    const isIt = (call: HookSink['calls'][number]) => call.path === path && JSON.parse(call.body).kind === kind;
    return until(() => this.hooks.calls.find(isIt) ?? null);
  };

  readonly kinds = (path: string): string[] =>
    this.hooks.calls.filter((call) => call.path === path).map((call) => JSON.parse(call.body).kind as string);
}

/** For the tests of one file; the server is there when the first of them begins. */
export function useAlerts(): AlertWorld {
  const world = new AlertWorld();
  beforeAll(() => world.start());
  afterAll(() => world.close());
  return world;
}
