import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

const deploy = (name: string) => readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8');
let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

async function scraped(): Promise<Set<string>> {
  const text =
    '---\ndatacraft: 1\ntitle: Measured\n---\n\n```sql measured\n---\nexpect:\n  - not_null: a\n---\nselect 1 as a\n```\n';
  const { json } = await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  const { json: run } = await owner.call('POST', `/notebooks/${json.id}/runs`);
  while (['queued', 'running'].includes((await owner.call('GET', `/runs/${run.runId}`)).json.state)) await sleep(50);
  const made = await owner.call('POST', '/tokens', { name: 'scrape' });
  const headers = { authorization: `Bearer ${String(made.json.token)}` };
  const answer = await (await fetch(`${test.origin}/metrics`, { headers })).text();
  const names = [...answer.matchAll(/^(?:# TYPE )?([a-z_]+)/gm)].map(([, name]) => name ?? '');
  return new Set(names);
}

describe('deploy/', () => {
  it('names only series that /metrics has: rules, their tests and the dashboard', async () => {
    const known = await scraped();
    expect(known.has('datacraft_table_freshness_seconds')).toBe(true);
    for (const file of ['prometheus/rules.yml', 'prometheus/rules.test.yml', 'grafana/datacraft.json']) {
      const named = new Set(
        [...(await deploy(file)).matchAll(/\b(?:datacraft|process)_[a-z_]+/g)].map(([name]) => name),
      );
      expect(named.size).toBeGreaterThan(5);
      expect([file, [...named].filter((name) => !known.has(name))]).toEqual([file, []]);
    }
  });

  it('has a dashboard whose panels have an expression each, and places of their own', async () => {
    const { panels } = JSON.parse(await deploy('grafana/datacraft.json')) as {
      panels: { id: number; gridPos: { x: number; y: number; w: number }; targets: { expr: string }[] }[];
    };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x},${y}`)).size).toBe(panels.length);
    for (const { gridPos, targets } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect(targets.every(({ expr }) => expr !== '')).toBe(true);
    }
  });
});
