import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelServer } from '../testing/model-server.ts';
import { startModelServer } from '../testing/model-server.ts';

let models: ModelServer;
beforeAll(async () => {
  models = await startModelServer();
  await models.run({ fullRefresh: true });
});
afterAll(() => models.test.close());

const promote = (version: number) => models.owner.call('POST', '/models/risk/promote', { version });
const roll = (percent: number, mode = 'canary') =>
  models.owner.call('PUT', '/models/risk/rollout', { version: 2, mode, percent });
const end = () => models.owner.call('DELETE', '/models/risk/rollout');

async function standing() {
  const { json } = await models.owner.call('GET', '/models/risk');
  const { aliases, rollout, rollouts, promotions } = json;
  const running = rollout && { mode: rollout.mode, percent: rollout.percent };
  return { aliases, running, ended: rollouts.length, promotions: promotions.length };
}

async function told(): Promise<{ action: string; by: string | null; facts: object }[]> {
  const { json } = await models.owner.call('GET', '/audit?what=model-&limit=1000');
  type Line = { target: string; action: string; by: string; facts: object };
  return json
    .filter(({ target }: Line) => target === 'risk')
    .map(({ action, by, facts }: Line) => ({ action, by, facts }));
}

/** As if the process died, or the disk was full, between the deed and its line in the audit. */
async function withoutAudit(work: () => Promise<void>): Promise<void> {
  const { pool } = models.test.database;
  await pool.query(`alter table audit_entries add constraint no_models check (action not like 'model-%') not valid`);
  await work().finally(() => pool.query('alter table audit_entries drop constraint no_models'));
}

describe('what changes who answers', () => {
  it('is in the audit with who did it', async () => {
    await roll(5, 'shadow');
    await roll(10);
    await roll(20);
    await end();
    await promote(2);
    await promote(1);
    expect(await told()).toEqual(
      [
        { action: 'model-promote', facts: { version: 1, replaced: 2 } },
        { action: 'model-promote', facts: { version: 2, replaced: 1 } },
        { action: 'model-rollout-end', facts: { version: 2, mode: 'canary', percent: 20 } },
        { action: 'model-rollout', facts: { version: 2, mode: 'canary', percent: 20 } },
        { action: 'model-rollout', facts: { version: 2, mode: 'canary', percent: 10 } },
        { action: 'model-rollout', facts: { version: 2, mode: 'shadow', percent: 5 } },
      ].map((each) => ({ ...each, by: 'owner' })),
    );
  });

  it('does not happen where the audit cannot tell of it: promoted, rolled out, changed or ended', async () => {
    const before = await standing();
    const known = (await told()).length;
    await withoutAudit(async () => {
      for (const refused of [await promote(2), await roll(30), await roll(30, 'shadow')])
        expect(refused.status).toBe(500);
      expect(await standing()).toEqual(before);
    });
    await roll(40);
    const rolled = await standing();
    await withoutAudit(async () => {
      for (const refused of [await roll(50), await end(), await promote(2)]) expect(refused.status).toBe(500);
      expect(await standing()).toEqual(rolled);
    });
    expect((await told()).length).toBe(known + 1);
    expect((await promote(2)).status).toBe(200);
    expect(await standing()).toMatchObject({ aliases: { champion: 2, challenger: 1 }, running: null });
  });

  it('that changes nothing is told of by nobody: a champion promoted again', async () => {
    const known = await told();
    expect((await promote(2)).status).toBe(200);
    expect(await told()).toEqual(known);
  });
});
