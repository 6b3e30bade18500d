import { readFile, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';
import { createLineageSink } from './lineage-sink.ts';

interface Received {
  eventType: string;
  job: { name: string };
  run: { runId: string; facets: Record<string, Record<string, unknown>> };
  inputs: { name: string }[];
  outputs: {
    name: string;
    facets: { schema: { fields: unknown[] }; columnLineage: { fields: object; dataset: object[] } };
  }[];
}

const received: Received[] = [];
let refusing = 1;
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    refusing -= 1;
    if (refusing >= 0) return response.writeHead(503).end();
    received.push(JSON.parse(body) as Received);
    response.writeHead(201).end();
  });
});

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  test = await startTestServer(
    { DATACRAFT_OPENLINEAGE_URL: `http://127.0.0.1:${port}/api/v1/lineage` },
    { attach: attachEngine },
  );
  owner = await test.owner();
});
afterAll(async () => {
  await test.close();
  receiver.close();
});

const text =
  "```sql orders\nselect range as id, range * 2.5 as amount, 'web' as channel from range(4)\n```\n\n```sql totals\nselect channel, sum(amount) as total from orders where id > 0 group by channel\n```\n\n```sql broken\nselect cast('no' || id as integer) as x from orders\n```\n";

async function run(): Promise<void> {
  const { id } = (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json;
  const { runId } = (await owner.call('POST', `/notebooks/${id}/runs`)).json;
  while ((await owner.call('GET', `/runs/${runId}`)).json.finishedAt === null) await sleep(50);
}

describe('OpenLineage events', () => {
  it('arrive at a receiver that was away at first: START, COMPLETE with columns, FAIL with the reason', async () => {
    await run();
    await expect
      .poll(() => received.map(({ eventType, job }) => [job.name, eventType]), { timeout: 10_000 })
      .toHaveLength(8);
    const ofRun = received.filter(({ job }) => !job.name.includes('.'));
    expect(ofRun.map(({ eventType }) => eventType)).toEqual(['START', 'FAIL']);
    const of = (cell: string) => received.filter(({ job }) => job.name.endsWith(`.${cell}`));
    expect(of('totals').map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE']);
    expect(of('broken').map(({ eventType }) => eventType)).toEqual(['START', 'FAIL']);
    expect(of('broken')[1]?.run.facets['errorMessage']?.['message']).toContain('no');
    const [start, complete] = of('totals');
    expect(start?.run.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(complete?.run.runId).toBe(start?.run.runId);
    expect(complete?.inputs.map(({ name }) => name)).toEqual(['silver.orders']);
    const [output] = complete?.outputs ?? [];
    expect(output?.name).toBe('silver.totals');
    expect(output?.facets.schema.fields).toHaveLength(2);
    expect(output?.facets.columnLineage.fields).toMatchObject({
      total: {
        inputFields: [
          { name: 'silver.orders', field: 'amount', transformations: [{ type: 'DIRECT', subtype: 'AGGREGATION' }] },
        ],
      },
    });
    expect(output?.facets.columnLineage.dataset).toMatchObject([
      { field: 'channel', transformations: [{ type: 'INDIRECT', subtype: 'GROUP_BY' }] },
      { field: 'id', transformations: [{ type: 'INDIRECT', subtype: 'FILTER' }] },
    ]);
  });
});

describe('a sink', () => {
  it('appends to a file, a line each, in order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'datacraft-lineage-'));
    const sink = createLineageSink(pathToFileURL(join(folder, 'events.ndjson')).href, {
      onLost: () => {},
      producer: test.origin,
    });
    for (const n of [1, 2, 3]) sink.send({ n });
    await sink.flush();
    expect(await readFile(join(folder, 'events.ndjson'), 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
    await rm(folder, { recursive: true });
  });

  it('tells what it could not deliver, and throws nothing', async () => {
    const lost: string[] = [];
    const sink = createLineageSink('http://127.0.0.1:9/', {
      onLost: (reason) => lost.push(reason),
      pauseMs: 1,
      producer: test.origin,
    });
    sink.send({ n: 1 });
    await sink.flush();
    expect(lost).toHaveLength(1);
  });
});
