import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { runSpan } from '@datacraft/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { Answer, TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { createOtlpSink } from './otlp-sink.ts';

interface Received {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code: number; message?: string };
}

const spans: Received[] = [];
const services = new Set<unknown>();
const bodies: string[] = [];
const seen: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
let refusing = 1;
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    seen.push({ url: request.url, headers: request.headers });
    refusing -= 1;
    if (refusing >= 0) return response.writeHead(503).end();
    bodies.push(body);
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      services.add(resource.attributes[0].value.stringValue);
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    response.writeHead(200).end('{}');
  });
});

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  test = await startTestServer(
    { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=k' },
    { attach: attachEngine },
  );
  owner = await test.owner();
});
afterAll(async () => {
  await test.close();
  receiver.close();
});

const text =
  "```sql orders\nselect range as id, 'a canary' as word from range(4)\n```\n\n```sql broken\nselect cast('no' || id as integer) as x from orders\n```\n";

const attribute = (span: Received, key: string) => {
  const value = span.attributes.find((each) => each.key === key)?.value;
  return value?.['stringValue'] ?? value?.['intValue'];
};

describe('spans by OTLP', () => {
  it('tell run, tasks and queries as one tree at a receiver that was away at first, and no text of SQL', async () => {
    const { id } = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json;
    const { runId } = (await owner.call('POST', `/notebooks/${id}/runs`)).json;
    while ((await owner.call('GET', `/runs/${runId}`)).json.finishedAt === null) await sleep(50);
    await expect.poll(() => spans.some(({ name }) => name === 'run'), { timeout: 15_000 }).toBe(true);
    const { traceId, spanId } = runSpan(runId);
    const all = spans.filter((span) => span.kind === 1);
    expect(new Set(all.map((span) => span.traceId))).toEqual(new Set([traceId]));
    const run = spans.find(({ name }) => name === 'run');
    expect(run).toMatchObject({ spanId, status: { code: 2 } });
    expect(run?.parentSpanId).toBeUndefined();
    const tasks = spans.filter(({ name }) => name === 'task');
    expect(tasks.map((task) => [attribute(task, 'datacraft.cell'), task.parentSpanId, task.status])).toEqual([
      ['orders', spanId, { code: 1 }],
      ['broken', spanId, { code: 2, message: 'query-failed' }],
    ]);
    expect(tasks.map((task) => attribute(task, 'datacraft.rows'))).toEqual(['4', undefined]);
    const queries = spans.filter(({ name }) => name === 'query');
    const parents = new Set(tasks.map((task) => task.spanId));
    expect(queries.length).toBeGreaterThan(2);
    for (const { parentSpanId, startTimeUnixNano: from, endTimeUnixNano: to } of queries) {
      expect(parents.has(parentSpanId ?? '')).toBe(true);
      expect(BigInt(to)).toBeGreaterThanOrEqual(BigInt(from));
    }
    expect(queries.map((query) => attribute(query, 'db.operation.name'))).toContain('COPY');
    expect(spans.filter(({ name }) => name === 'publish')).toHaveLength(1);
    expect(new Set(spans.map((span) => span.spanId)).size).toBe(spans.length);
    expect(bodies.join()).not.toContain('canary');
    expect([...services]).toEqual(['datacraft']);
    expect(seen[0]).toMatchObject({ url: '/v1/traces', headers: { 'x-key': 'k', 'content-type': 'application/json' } });
  });

  it('tell each request by the template of its route, and its answer and its problem name the same trace', async () => {
    const missing = await owner.call('GET', '/runs/run_secret');
    const traceOf = ({ headers }: Answer) => headers.get('x-trace-id') ?? '';
    expect([missing.status, traceOf(missing)]).toEqual([404, expect.stringMatching(/^[0-9a-f]{32}$/)]);
    const caller = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const within = await owner.call('GET', '/runs/run_secret', undefined, caller);
    expect(traceOf(within)).toBe('0af7651916cd43dd8448eb211c80319c');
    const named = (traceId: string) => spans.filter((span) => span.traceId === traceId);
    await expect.poll(() => named(traceOf(within)).length, { timeout: 15_000 }).toBe(1);
    const [own] = named(traceOf(missing));
    expect(own).toMatchObject({ name: 'GET /api/v1/runs/:id', kind: 2, status: { code: 1 } });
    expect(own?.parentSpanId).toBeUndefined();
    expect(own && [attribute(own, 'http.route'), attribute(own, 'http.response.status_code')]).toEqual([
      '/api/v1/runs/:id',
      '404',
    ]);
    expect(named(traceOf(within))[0]?.parentSpanId).toBe('b7ad6b7169203331');
    expect(bodies.join()).not.toContain('run_secret');
    await fetch(`${test.server.url}/healthz`);
    expect(spans.some(({ name }) => name.includes('healthz'))).toBe(false);
  });

  it('are given up when nobody takes them, and that is said', async () => {
    const lost: string[] = [];
    const target = { url: 'http://127.0.0.1:9/v1/traces', headers: {}, service: 'x' };
    const sink = createOtlpSink(target, { onLost: (reason) => lost.push(reason), waitMs: 1 });
    const open = runSpan('run_x');
    sink.send({ ...open, parentId: null, name: 'run', startMs: 1, endMs: 2, error: null, attributes: {} });
    await sink.flush();
    expect(lost).toHaveLength(1);
  });
});
