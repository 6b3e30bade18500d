/** Schedules: what is due, and changing it. A schedule acts once a version that has it is published. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  clockNotes,
  databaseNow,
  nextDue,
  nextDues,
  pauseSchedule,
  readSchedule,
  resumeSchedule,
} from '@datacraft/engine';
import type { Json, Notebook, SchedulePreview, ScheduleSpec, ScheduleState, ScheduleSummary } from '@datacraft/shared';
import { defaultLayout, Fault } from '@datacraft/shared';
import { setMeta } from '@datacraft/shared/ydoc';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { startPublished } from '../pipeline/start-published.ts';
import { freeze, latestPublication, savedLayout } from '../store/dashboards.ts';
import { listNotebooks } from '../store/notebooks.ts';
import { listSchedules, listSlots } from '../store/schedule-list.ts';
import { listTriggers } from '../store/triggers.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Pipelines'];
const YEAR_MS = 366 * 86_400_000;
const NEXT_TIMES = 5;
const SLOTS_SHOWN = 50;
/** Judged by the notebook's own rules, so that the API and the text form refuse the same. */
const scheduleSchema = z.record(z.string(), z.json()).openapi('Schedule', { type: 'object' });
const summarySchema = z.custom<ScheduleSummary>().openapi('ScheduleSummary', { type: 'object' });
const stateSchema = z.custom<ScheduleState>().openapi('ScheduleState', { type: 'object' });

const paths = {
  all: createRoute({
    method: 'get',
    path: '/schedules',
    tags,
    summary: 'Schedules of published notebooks, soonest first',
    responses: { 200: jsonAnswer('Schedules', z.array(summarySchema)), ...problems },
  }),
  preview: createRoute({
    method: 'post',
    path: '/schedules/preview',
    tags,
    summary: 'The next times of a schedule, and what the clocks of the next year do to it',
    request: { body: jsonBody(z.strictObject({ schedule: scheduleSchema })) },
    responses: {
      200: jsonAnswer('Preview', z.custom<SchedulePreview>().openapi('SchedulePreview', { type: 'object' })),
      ...problems,
    },
  }),
  one: createRoute({
    method: 'get',
    path: '/notebooks/{id}/schedule',
    tags,
    summary: 'The schedule of a notebook, its triggers and its last due times',
    request: { params: idParam },
    responses: { 200: jsonAnswer('State', stateSchema), ...problems },
  }),
  put: createRoute({
    method: 'put',
    path: '/notebooks/{id}/schedule',
    tags,
    summary: 'Change the schedule of the published version, or publish the notebook with it (editor)',
    request: { params: idParam, body: jsonBody(z.strictObject({ schedule: scheduleSchema.nullable() })) },
    responses: { 200: jsonAnswer('State', stateSchema), ...problems },
  }),
  run: createRoute({
    method: 'post',
    path: '/notebooks/{id}/schedule/run',
    tags,
    summary: 'Run the published version now (runner)',
    request: { params: idParam },
    responses: { 202: jsonAnswer('Queued', z.object({ runId: z.string() })), ...problems },
  }),
  pause: createRoute({
    method: 'post',
    path: '/notebooks/{id}/schedule/pause',
    tags,
    summary: 'Stop starting runs (runner)',
    request: { params: idParam },
    responses: { 200: jsonAnswer('State', stateSchema), ...problems },
  }),
  resume: createRoute({
    method: 'post',
    path: '/notebooks/{id}/schedule/resume',
    tags,
    summary: 'Start runs again, from now on (runner)',
    request: { params: idParam },
    responses: { 200: jsonAnswer('State', stateSchema), ...problems },
  }),
};

export function scheduleRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ rooms, pool, versions, bus }: Deps) => {
    const stateOf = async (id: string): Promise<ScheduleState> => {
      const notebook = await rooms.notebook(id);
      const [published = null] = await listSchedules(db, id);
      const { schedule } = notebook.meta;
      return {
        draft: (schedule as ScheduleSpec | undefined) ?? null,
        published,
        version: (await latestPublication(db, id))?.version ?? null,
        triggers: await listTriggers(db, id),
        slots: await listSlots(db, id, SLOTS_SHOWN),
      };
    };
    return newRoutes()
      .openapi(paths.all, async (c) => {
        const { userId } = principalOf(c);
        const seen = new Set<string>((await listNotebooks(pool, false, userId)).map((notebook) => notebook.id));
        return c.json(
          (await listSchedules(db)).filter((schedule) => seen.has(schedule.notebookId)),
          200,
        );
      })
      .openapi(paths.preview, async (c) => {
        principalOf(c);
        const spec = readSchedule({ meta: { schedule: c.req.valid('json').schedule as Json } });
        const nowMs = engine.run.now().getTime();
        const next = spec === null ? [] : nextDues(spec, nowMs, NEXT_TIMES);
        if (next.length === 0) throw new Fault('bad-request', 'this schedule is never due; correct its day and month');
        const clocks = spec === null ? [] : clockNotes(spec, nowMs, nowMs + YEAR_MS);
        return c.json({ next: next.map((at) => new Date(at).toISOString()), clocks }, 200);
      })
      .openapi(paths.one, async (c) => {
        principalOf(c);
        return c.json(await stateOf(c.req.valid('param').id), 200);
      })
      .openapi(paths.put, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const { schedule } = c.req.valid('json');
        const notebook = await rooms.notebook(id);
        const last = await latestPublication(db, id);
        const document = withSchedule(last?.document ?? notebook, schedule as Json);
        const spec = readSchedule(document);
        if (spec !== null && nextDue(spec, engine.run.now().getTime()) === null)
          throw new Fault('bad-request', 'this schedule is never due; correct its day and month');
        const layout = last?.layout ?? (await savedLayout(db, id)) ?? defaultLayout(notebook);
        const next = { notebookId: id, title: last?.title ?? notebook.title, layout, document, by: by.userId };
        await versions.keep(id, 'schedule', by.userId);
        await db.transaction((tx) => freeze(tx, next));
        await bus.publish('schedules', { notebookId: id });
        await rooms.change(id, (doc) => setMeta(doc, 'schedule', (schedule as Json) ?? undefined, 'server'), by.userId);
        await audit(pool, by.userId, 'schedule-change', id);
        return c.json(await stateOf(id), 200);
      })
      .openapi(paths.run, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        await rooms.notebook(id);
        const trigger = by.via === 'token' ? 'api' : 'manual';
        const start = { notebookId: id, trigger, createdBy: by.userId } as const;
        const runId = await db.transaction((tx) => startPublished(tx, start));
        await audit(pool, by.userId, 'run-start', runId);
        return c.json({ runId }, 202);
      })
      .openapi(paths.pause, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        const state = await stateOf(id);
        if (state.published === null) throw noSchedule();
        await pauseSchedule(db, id, null);
        await audit(pool, by.userId, 'schedule-pause', id);
        return c.json(await stateOf(id), 200);
      })
      .openapi(paths.resume, async (c) => {
        const by = principalOf(c, 'runner');
        const { id } = c.req.valid('param');
        const { published } = await stateOf(id);
        if (published === null) throw noSchedule();
        const now = await databaseNow(db);
        const next = nextDue(published.spec, now.getTime());
        await resumeSchedule(db, id, now, next === null ? null : new Date(next));
        await bus.publish('schedules', { notebookId: id });
        await audit(pool, by.userId, 'schedule-resume', id);
        return c.json(await stateOf(id), 200);
      });
  };
}

function withSchedule(notebook: Notebook, schedule: Json): Notebook {
  const meta = { ...notebook.meta };
  if (schedule === null) delete meta['schedule'];
  else meta['schedule'] = schedule;
  return { ...notebook, meta };
}

function noSchedule(): Fault {
  return new Fault('not-found', 'no published version of this notebook has a schedule; set one first');
}
