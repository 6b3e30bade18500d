import type { Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect } from 'vitest';
import { attachEngine } from '../../../server/src/attach.ts';
import type { Answer, TestServer, Visitor } from '../../../server/src/testing/test-server.ts';
import { startTestServer } from '../../../server/src/testing/test-server.ts';
import { kafkaAt } from './topic.ts';

interface Live {
  readonly test: TestServer;
  readonly brokers: string;
  kafka(): Kafka;
  call(...request: Parameters<Visitor['call']>): Promise<Answer>;
  /** What SQL finds, each row as its values. */
  rows(sql: string): Promise<unknown[][]>;
  /** Imports a Kafka source, with more cells below it, and reads it all the time. Default: the topic called like it. */
  goLive(
    cell: string,
    options: readonly string[],
    below?: string,
    topics?: string,
  ): Promise<{ notebook: string; stream: string }>;
}

/** A server of ours for the tests of a file, signed in as its owner, beside the broker that `env` names, with more `settings`. */
export function useLiveServer(env: Readonly<Record<string, string>>, settings: Record<string, string> = {}): Live {
  let test: TestServer;
  let owner: Visitor;
  beforeAll(async () => {
    test = await startTestServer(
      { DATACRAFT_ALLOWED_HOSTS: '127.0.0.1,localhost', ...settings },
      { attach: attachEngine },
    );
    owner = await test.owner();
  }, 240_000);
  afterAll(() => test.close());
  const live: Live = {
    get test() {
      return test;
    },
    get brokers() {
      return env['KAFKA_BROKERS'] ?? '';
    },
    kafka: () => kafkaAt(live.brokers),
    call: (...request) => owner.call(...request),
    async rows(sql) {
      const { json } = await owner.call('POST', '/query', { sql });
      return json.rows.map((row: object) => Object.values(row));
    },
    async goLive(cell, options, below = '', topics = `topic: ${cell}`) {
      const source = ['```source ' + cell, 'type: kafka', topics, ...options, '```'].join('\n');
      const text = `---\ndatacraft: 1\ntitle: ${cell}\n---\n\n${source}\n\n${below}\n`;
      const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
      const stream = await owner.call('POST', `/notebooks/${json.id}/streams`, { cell, commitMs: 250 });
      expect(stream.status).toBe(200);
      return { notebook: json.id, stream: stream.json.id };
    },
  };
  return live;
}
