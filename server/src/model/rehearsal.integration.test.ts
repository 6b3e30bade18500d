import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerEngine } from '../engine.ts';
import { createServerEngine } from '../engine.ts';
import type { ModelServer } from '../testing/model-server.ts';
import { startModelServer } from '../testing/model-server.ts';
import { rehearse } from './rehearsal.ts';
import { Scorers } from './scorers.ts';

let models: ModelServer;
let engine: ServerEngine;
beforeAll(async () => {
  models = await startModelServer();
  const { config, server } = models.test;
  engine = await createServerEngine({ config, pool: server.deps.pool, emit: () => undefined });
});
afterAll(async () => {
  await engine.stop();
  await models.test.close();
});

describe('a rehearsal', () => {
  it('is answered by every kind of model, with and without look-ups', async () => {
    for (const name of ['risk', 'comes', 'sales_ahead']) await rehearsed(name, new AbortController().signal);
  });

  it('H1 leaves nothing behind: no prediction, no count, no session', async () => {
    const { server, origin, database } = models.test;
    const metrics = async () =>
      (await (await fetch(`${origin}/metrics`)).text())
        .split('\n')
        .filter((line) => /^datacraft_(online_reads|predictions|model_predictions|http_requests)_total/.test(line))
        .filter((line) => !line.includes('/metrics'));
    const before = await metrics();
    await rehearsed('comes', new AbortController().signal);
    expect(await metrics()).toEqual(before);
    const left = `select (select count(*) from model_predictions) + (select count(*) from api_token_use) as count`;
    expect((await database.pool.query(left)).rows).toEqual([{ count: '0' }]);
    expect(server.deps.notReady()).toBeNull();
  });

  it('H1 asks the database all that a request does, and gives it nothing to keep', async () => {
    const asked: [string, readonly unknown[]][] = [];
    const { db } = engine.run;
    const query: typeof db.query = (text, values = []) => {
      asked.push([text, values]);
      return db.query(text, values);
    };
    const heard = { ...engine, run: { ...engine.run, db: { ...db, query } } };
    await rehearsed('comes', new AbortController().signal, heard);
    const writes = asked.filter(([text]) => /insert|update|delete/.test(text));
    expect(new Set(writes.map(([text]) => text.split(' ', 3).join(' ')))).toEqual(
      new Set(['insert into model_predictions']),
    );
    for (const [, values] of writes) expect(values).toEqual(['[]']);
    for (const table of ['model_aliases', 'online_tables', 'online_features'])
      expect(asked.some(([text]) => text.includes(table))).toBe(true);
  });

  it('H2 opens no way in: its token means nobody at the door', async () => {
    const asked = rehearsed('risk', new AbortController().signal);
    const { status } = await models.test
      .anonymous()
      .call('POST', '/models/risk/predict', {}, { authorization: 'Bearer rehearsal' });
    await asked;
    expect(status).toBe(401);
  });

  it('ends when it is told to', async () => {
    await rehearsed('there_is_no_such_model', AbortSignal.abort());
    await expect(rehearsed('there_is_no_such_model', new AbortController().signal)).rejects.toThrow('404');
  });
});

async function rehearsed(name: string, signal: AbortSignal, by = engine): Promise<void> {
  const { deps } = models.test.server;
  const scorers = new Scorers(by.run.db);
  const { scorer } = await scorers.open(name.startsWith('there') ? 'risk' : name, 'champion');
  await rehearse({ deps, engine: by, scorers }, { name, scorer }, signal);
}
