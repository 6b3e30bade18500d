/**
 * Sensors: looks at what a trigger watches and starts a run when it has happened.
 *
 * L1  What was seen, with how often it fired before, is its token: killed between the run and remembering it, the next
 *     look finds the run and starts no second one, and knows that something was seen.
 * L2  The first look at tables and files only remembers them; what is new since then fires.
 * L3  A sensor that found nothing within its time-out says so and stops, also when it could not look; until then it says why
 *     it cannot and goes on. Whoever set the notebook's schedule is told in the transaction that stops it.
 */
import { createHash } from 'node:crypto';
import { listRelations, spanMs, withQuery } from '@datacraft/engine';
import type { Said } from '@datacraft/shared';
import { asSaid, isFault, newId, relationName, say } from '@datacraft/shared';
import type { Logger } from 'pino';
import { tellOwner } from '../comment/notifications.ts';
import type { ServerEngine } from '../engine.ts';
import type { Scorers } from '../model/scorers.ts';
import type { Trigger } from '../store/triggers.ts';
import { dueTriggers, keepState, recordFiring, stopTrigger, takeTrigger } from '../store/triggers.ts';
import { driftFires, seeDrift } from './see-drift.ts';
import { startPublished } from './start-published.ts';

/** What a look saw: `seen` is remembered, `fires` says whether it is the event. */
interface Sight {
  readonly seen: Readonly<Record<string, unknown>>;
  readonly fires: boolean;
}

const LOOK_AGAIN = '5 seconds';
/** Ten thousand predictions are read for it. */
const DRIFT_AGAIN = '1 minute';
/** What the model could learn from may come later than the drift: while that goes on, it is started again. */
const DRIFT_GOES_ON = '1 day';
/** Taken for so long while it is looked at; a process that dies in the middle gives it back by then. */
const TAKEN_MS = 60_000;
const QUERY_MS = 30_000;

/** Looks at all that are due. Never throws for one of them. */
export async function lookAtTriggers(engine: ServerEngine, scorers: Scorers, log: Logger): Promise<void> {
  const { db } = engine.run;
  for (const id of await dueTriggers(db)) {
    const trigger = await takeTrigger(db, id, TAKEN_MS);
    if (trigger) await lookAt(trigger, engine, scorers, log);
  }
}

async function lookAt(trigger: Trigger, engine: ServerEngine, scorers: Scorers, log: Logger): Promise<void> {
  const { db, now } = engine.run;
  const everyMs = spanMs(trigger.config.every ?? (trigger.kind === 'drift' ? DRIFT_AGAIN : LOOK_AGAIN));
  const { timeout } = trigger.config;
  const since = Number(trigger.state['since'] ?? trigger.createdAt.getTime());
  const isOver = timeout !== undefined && now().getTime() - since > spanMs(timeout);
  try {
    const { seen, fires } = await see(trigger, engine, scorers, now().getTime() - since);
    const fired = Number(trigger.state['fired'] ?? 0);
    if (fires) await fire(trigger, JSON.stringify([fired, seen]), engine);
    const state = { seen, since: fires ? now().getTime() : since, fired: fired + (fires ? 1 : 0) };
    await keepState(db, trigger.id, state, everyMs, null);
    if (!fires && isOver)
      await stop(trigger, say('nothing was seen for {timeout}; look why, then add it again', { timeout }), engine);
  } catch (error) {
    const problem = asSaid(isFault(error) ? error.words : 'it could not be looked at; the log says why');
    if (!isFault(error)) log.warn({ err: error, trigger: trigger.id }, 'a trigger could not be looked at');
    await keepState(db, trigger.id, trigger.state, everyMs, problem);
    const because = 'nothing was seen for {timeout}, at last because {problem}; mend that, then add it again';
    if (isOver) await stop(trigger, say(because, { timeout, problem }), engine);
  }
}

async function stop({ id, notebookId }: Trigger, because: Said, engine: ServerEngine): Promise<void> {
  await engine.run.db.transaction(async (tx) => {
    if (await stopTrigger(tx, id, because)) await tellOwner(tx, 'sensor-stopped', notebookId, because);
  });
}

/** Starts a run, unless this very thing has started one before. */
async function fire(trigger: Trigger, token: string, engine: ServerEngine): Promise<void> {
  const runId = newId<string>('run');
  await engine.run.db.transaction(async (tx) => {
    const dedupeToken = createHash('sha256').update(token).digest('hex');
    if ((await recordFiring(tx, { triggerId: trigger.id, dedupeToken, runId })) !== null) return;
    const kind = trigger.kind === 'update' || trigger.kind === 'drift' ? trigger.kind : 'sensor';
    await startPublished(tx, { notebookId: trigger.notebookId, trigger: kind, runId });
  });
}

/** `sinceMs`: since it fired last. */
async function see(trigger: Trigger, engine: ServerEngine, scorers: Scorers, sinceMs: number): Promise<Sight> {
  switch (trigger.kind) {
    case 'update':
      return seeTables(trigger, engine);
    case 'freshness':
      return seeAge(trigger, engine);
    case 'drift': {
      const seen = await seeDrift(engine, scorers, trigger.notebookId, trigger.config);
      const goesOn = { sinceMs, againMs: spanMs(trigger.config.again ?? DRIFT_GOES_ON) };
      return { seen: { ...seen }, fires: driftFires(trigger.state['seen'], seen, goesOn) };
    }
    case 'sql':
      return seeQuery(trigger, engine);
    default:
      return seeFiles(trigger, engine);
  }
}

/** A sensor sees what the cells of its notebook may read. */
async function readable(notebookId: string, engine: ServerEngine) {
  const { db, mayRead } = await engine.readingIn(notebookId);
  return (await listRelations(db)).filter(mayRead);
}

async function seeTables({ notebookId, config, state }: Trigger, engine: ServerEngine): Promise<Sight> {
  const tables = config.tables ?? [];
  const relations = await readable(notebookId, engine);
  const now = Object.fromEntries(
    relations
      .filter((each) => tables.includes(relationName(each.ref)))
      .map((each) => [relationName(each.ref), each.snapshotId ?? each.publishedAt.toISOString()]),
  );
  const before = state['seen'] as Readonly<Record<string, unknown>> | undefined;
  if (before === undefined) return { seen: now, fires: false };
  const isNew = (name: string) => now[name] !== undefined && now[name] !== before[name];
  const fires = config.mode === 'all' ? tables.every(isNew) : tables.some(isNew);
  return { seen: fires ? now : before, fires };
}

/** Once for each state of the table that grew too old. */
async function seeAge({ notebookId, config, state }: Trigger, engine: ServerEngine): Promise<Sight> {
  const relations = await readable(notebookId, engine);
  const table = relations.find((each) => relationName(each.ref) === config.table);
  const publishedMs = table?.publishedAt.getTime() ?? 0;
  const isOld = engine.run.now().getTime() - publishedMs > spanMs(config.max_age ?? '1 day');
  const before = state['seen'] as { readonly publishedMs: number; readonly isOld: boolean } | undefined;
  const isKnown = before?.isOld === true && before.publishedMs === publishedMs;
  return { seen: { publishedMs, isOld }, fires: isOld && !isKnown };
}

async function seeQuery({ notebookId, config, state }: Trigger, engine: ServerEngine): Promise<Sight> {
  const reading = await engine.readingIn(notebookId);
  const value = await withQuery({ sql: config.sql ?? '', timeoutMs: QUERY_MS }, reading, async (query) => {
    const { rows } = await query.session.rows(`select * from (${query.select}) limit 1`);
    return rows[0]?.[0] ?? null;
  });
  const before = state['seen'] as { readonly value?: unknown } | undefined;
  const isTrue = value !== null && value !== false && value !== 0 && value !== '';
  const changed = before?.value !== value;
  return { seen: { value }, fires: isTrue && changed };
}

/** Files and answers of URLs, by the hash of what is in them. */
async function seeFiles({ notebookId, kind, config, state }: Trigger, engine: ServerEngine): Promise<Sight> {
  const resolve = engine.resolveFor({ notebookId });
  const files = await found(resolve((kind === 'http' ? config.url : config.path) ?? ''));
  const seen = { files: files.map(({ shownAs, sha256 }) => `${shownAs} ${sha256}`) };
  const before = state['seen'];
  const fires = before !== undefined && files.length > 0 && JSON.stringify(before) !== JSON.stringify(seen);
  return { seen, fires };
}

/** No file yet is not a failure: that is what the sensor waits for. */
async function found<File>(files: Promise<readonly File[]>): Promise<readonly File[]> {
  try {
    return await files;
  } catch (error) {
    if (isFault(error, 'source-unreadable') || isFault(error, 'not-found')) return [];
    throw error;
  }
}
