/**
 * Arranging, publishing and showing dashboards. The two `/dashboards/{token}` calls are for anyone who has the link.
 *
 * I6  What they answer is built by `dashboard/view.ts` from an allow-list; their faults say no more than "not shared".
 */
import { createRoute, z } from '@hono/zod-openapi';
import type {
  CellId,
  DashboardData,
  DashboardDraft,
  DashboardLayout,
  DashboardView,
  Notebook,
  PublicationState,
} from '@datacraft/shared';
import { defaultLayout, Fault, LAYOUT_COLUMNS, LAYOUT_MAX_HEIGHT, layoutProblem, tileSize } from '@datacraft/shared';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { listStreams, tileReads } from '@datacraft/engine';
import { audit } from '../auth/audit.ts';
import { publicationChanges } from '../dashboard/changes.ts';
import type { Shown } from '../dashboard/dashboards.ts';
import { Dashboards } from '../dashboard/dashboards.ts';
import { createRate } from '../dashboard/rate.ts';
import { fed, tellNewer } from '../dashboard/tell-newer.ts';
import { createViewCounter } from '../dashboard/view-counter.ts';
import { wordsOf } from '../dashboard/view.ts';
import { paramsOfSearch } from '../dashboard/viewer-params.ts';
import type { AppEnv, Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { NotebookInvalid } from '../middleware/notebook-invalid.ts';
import type { Publication } from '../store/dashboards.ts';
import * as store from '../store/dashboards.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { paramsSchema } from './params.ts';

const tags = ['Dashboards'];
const layoutSchema = z
  .strictObject({
    title: z.string().max(300).optional(),
    description: z.string().max(2_000).optional(),
    tiles: z
      .array(
        z.strictObject({
          cellId: z.string().max(64),
          x: z
            .number()
            .int()
            .min(0)
            .max(LAYOUT_COLUMNS - 1),
          y: z.number().int().min(0).max(10_000),
          w: z.number().int().min(1).max(LAYOUT_COLUMNS),
          h: z.number().int().min(1).max(LAYOUT_MAX_HEIGHT),
          title: z.string().max(300).optional(),
        }),
      )
      .max(200),
  })
  .openapi('DashboardLayout');
const tokenParam = z.object({ token: z.string().max(200) });
const viewSchema = z.custom<DashboardView>().openapi('DashboardView', { type: 'object' });
const dataSchema = z.custom<DashboardData>().openapi('DashboardData', { type: 'object' });

const paths = {
  layout: createRoute({
    method: 'get',
    path: '/notebooks/{id}/layout',
    tags,
    summary: 'The arrangement being edited, or one made from charts, inputs and headed prose',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Layout', layoutSchema), ...problems },
  }),
  saveLayout: createRoute({
    method: 'put',
    path: '/notebooks/{id}/layout',
    tags,
    summary: 'Keep an arrangement; viewers see it after a publish (editor)',
    request: { params: idParam, body: jsonBody(layoutSchema) },
    responses: { ...nothing, ...problems },
  }),
  draft: createRoute({
    method: 'post',
    path: '/notebooks/{id}/dashboard/preview',
    tags,
    summary: 'What a publish of this arrangement would show (viewer)',
    request: {
      params: idParam,
      body: { ...jsonBody(z.strictObject({ layout: layoutSchema.optional() })), required: false },
    },
    responses: {
      200: jsonAnswer('Draft', z.custom<DashboardDraft>().openapi('DashboardDraft', { type: 'object' })),
      ...problems,
    },
  }),
  options: createRoute({
    method: 'get',
    path: '/notebooks/{id}/inputs/{name}/options',
    tags,
    summary: 'What an input offers now: its literal options, or the distinct values of a column',
    request: { params: idParam.extend({ name: z.string().max(100) }) },
    responses: {
      200: jsonAnswer('Options', z.array(z.object({ value: z.union([z.string(), z.number()]), label: z.string() }))),
      ...problems,
    },
  }),
  publish: createRoute({
    method: 'post',
    path: '/notebooks/{id}/publish',
    tags,
    summary: 'Freeze the notebook and its arrangement as a new version behind a link (editor)',
    request: {
      params: idParam,
      body: { ...jsonBody(z.strictObject({ layout: layoutSchema.optional() })), required: false },
    },
    responses: {
      200: jsonAnswer('Published', z.object({ url: z.string(), token: z.string(), version: z.number() })),
      ...problems,
    },
  }),
  state: createRoute({
    method: 'get',
    path: '/notebooks/{id}/publication',
    tags,
    summary: 'What is published, and what a publish now would change',
    request: { params: idParam },
    responses: {
      200: jsonAnswer('State', z.custom<PublicationState>().openapi('PublicationState', { type: 'object' })),
      ...problems,
    },
  }),
  unpublish: createRoute({
    method: 'delete',
    path: '/notebooks/{id}/publication',
    tags,
    summary: 'Revoke the link (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  view: createRoute({
    method: 'get',
    path: '/dashboards/{token}',
    tags,
    summary: 'A published dashboard with its data for `p.<input>=value`; needs no account',
    request: { params: tokenParam },
    responses: { 200: jsonAnswer('Dashboard', viewSchema), ...problems },
  }),
  events: createRoute({
    method: 'get',
    path: '/dashboards/{token}/events',
    tags,
    summary: 'Server-sent: `live` says whether streams feed it, `data` that there is newer data; needs no account',
    request: { params: tokenParam },
    responses: {
      200: { description: 'live, data, ping', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      ...problems,
    },
  }),
  data: createRoute({
    method: 'post',
    path: '/dashboards/{token}/data',
    tags,
    summary: 'Data of a published dashboard for other values of its inputs; needs no account',
    request: {
      params: tokenParam,
      body: { ...jsonBody(z.strictObject({ params: paramsSchema.optional() })), required: false },
    },
    responses: { 200: jsonAnswer('Data', dataSchema), ...problems },
  }),
};

export function dashboardRoutes(engine: ServerEngine) {
  return (deps: Deps) => {
    const { pool, rooms, log, config } = deps;
    const db = engine.run.db;
    const rate = createRate(deps.now);
    const views = createViewCounter(
      (token, count) => store.addViews(db, token, count),
      (error) => log.warn({ err: error }, 'views of a dashboard could not be counted'),
    );
    const dashboards = new Dashboards({
      reading: (notebookId) => engine.readingIn(notebookId),
      compile: (notebook) => engine.compile(notebook),
      failedCells: (notebookId) => store.failedCells(db, notebookId),
      log,
      now: engine.run.now,
      timeoutMs: config.previewTimeoutMs,
    });
    deps.metrics.gauge(
      'datacraft_dashboard_queries_total',
      'Queries for tiles that no kept answer served',
      () => dashboards.computed,
    );
    const layoutOf = async (id: string, notebook: Notebook, given?: DashboardLayout): Promise<DashboardLayout> => {
      const layout = given ?? (await store.savedLayout(db, id)) ?? defaultLayout(notebook);
      const present = new Set(notebook.cells.map((cell) => cell.id));
      return { ...layout, tiles: layout.tiles.filter((tile) => present.has(tile.cellId)) };
    };
    const urlOf = (c: Context<AppEnv>, token: string) => `${config.publicUrl ?? new URL(c.req.url).origin}/d/${token}`;

    return newRoutes()
      .openapi(paths.layout, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        return c.json((await layoutOf(id, await rooms.notebook(id))) as never, 200);
      })
      .openapi(paths.saveLayout, async (c) => {
        principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        await rooms.notebook(id);
        await store.saveLayout(db, id, checkedLayout(c.req.valid('json')));
        return c.body(null, 204);
      })
      .openapi(paths.draft, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        const notebook = await rooms.notebook(id);
        const layout = await layoutOf(id, notebook, givenLayout(c.req.valid('json')?.layout));
        const draft = { key: null, notebookId: id, version: 0, title: notebook.title, layout, document: notebook };
        const { view, tiles } = await dashboards.view({ ...draft, publishedAt: engine.run.now() }, {});
        const tileIds = Object.fromEntries(tiles.map(({ cellId, tile }) => [cellId, tile.id]));
        return c.json({ layout, view, tileIds, cells: placeable(notebook) }, 200);
      })
      .openapi(paths.options, async (c) => {
        principalOf(c);
        const { id, name } = c.req.valid('param');
        const notebook = await rooms.notebook(id);
        const cell = notebook.cells.find((each) => each.kind === 'input' && each.name === name);
        if (!cell) throw new Fault('not-found', `there is no input ${name} in this notebook`);
        const layout = { tiles: [{ cellId: cell.id, x: 0, y: 0, w: 1, h: 1 }] };
        const draft = { key: null, notebookId: id, version: 0, title: notebook.title, layout, document: notebook };
        const { view } = await dashboards.view({ ...draft, publishedAt: engine.run.now() }, {});
        return c.json(view.inputs[0]?.options ?? [], 200);
      })
      .openapi(paths.publish, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const notebook = await rooms.notebook(id);
        const layout = await layoutOf(id, notebook, givenLayout(c.req.valid('json')?.layout, notebook));
        await refuseBroken(engine, notebook, layout);
        const title = layout.title ?? notebook.title;
        await deps.versions.keep(id, 'publish', by.userId);
        const done = await store.publish(db, { notebookId: id, title, layout, document: notebook, by: by.userId });
        await audit(pool, by.userId, 'dashboard-publish', id);
        return c.json({ url: urlOf(c, done.token), token: done.token, version: done.version }, 200);
      })
      .openapi(paths.state, async (c) => {
        principalOf(c);
        const { id } = c.req.valid('param');
        const notebook = await rooms.notebook(id);
        const layout = await layoutOf(id, notebook);
        const token = await store.liveToken(db, id);
        const last = token === null ? null : await store.latestPublication(db, id);
        const changes = publicationChanges(last, { layout, document: notebook }, await engine.compile(notebook));
        const published =
          last === null || token === null
            ? null
            : {
                version: last.version,
                url: urlOf(c, token),
                token,
                publishedAt: last.publishedAt.toISOString(),
                publishedBy: last.publishedBy,
              };
        return c.json({ published, changes }, 200);
      })
      .openapi(paths.unpublish, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        if (!(await store.revokeLinks(db, id))) throw new Fault('not-found', 'this notebook is not published');
        await audit(pool, by.userId, 'dashboard-unpublish', id);
        return c.body(null, 204);
      })
      .openapi(paths.view, async (c) => {
        rate.take(c.env.remoteAddress);
        const shown = await shared(c.req.valid('param').token, engine);
        const given = paramsOfSearch(new URL(c.req.url).searchParams);
        const { view } = await dashboards.view(shown, given);
        views.count(c.req.valid('param').token);
        c.header('cache-control', 'private, no-cache');
        return c.json(view, 200);
      })
      .openapi(paths.events, async (c) => {
        rate.take(c.env.remoteAddress);
        const { token } = c.req.valid('param');
        const shown = await shared(token, engine);
        const reads = await dashboards.reads(shown);
        const isLive = async () => (await listStreams(db)).some((each) => each.state === 'live' && fed(each, reads));
        const isShared = async () => (await store.publicationOfLink(db, token))?.id === shown.key;
        c.header('x-accel-buffering', 'no');
        return streamSSE(c, (stream) => tellNewer(stream, { reads, isLive, isShared, bus: deps.bus, live: deps.live }));
      })
      .openapi(paths.data, async (c) => {
        rate.take(c.env.remoteAddress);
        const shown = await shared(c.req.valid('param').token, engine);
        const data = await dashboards.data(shown, c.req.valid('json')?.params ?? {});
        c.header('cache-control', 'private, no-cache');
        return c.json(data, 200);
      });
  };
}

async function shared(token: string, engine: ServerEngine): Promise<Shown> {
  const found = await store.publicationOfLink(engine.run.db, token);
  if (!found) throw new Fault('not-found', 'this dashboard is no longer shared; ask whoever sent you the link');
  return shownOf(found);
}

function shownOf({ id, notebookId, version, title, layout, document, publishedAt }: Publication): Shown {
  return { key: id, notebookId, version, title, layout, document, publishedAt };
}

type LayoutBody = z.infer<typeof layoutSchema>;

function checkedLayout(body: LayoutBody): DashboardLayout {
  const problem = layoutProblem(body.tiles);
  if (problem !== null) throw new Fault('bad-request', `layout: ${problem}`);
  const { title, description } = body;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    tiles: body.tiles.map(({ title: own, cellId, ...rect }) => ({
      cellId: cellId as CellId,
      ...rect,
      ...(own === undefined ? {} : { title: own }),
    })),
  };
}

function givenLayout(body: LayoutBody | undefined, notebook?: Notebook): DashboardLayout | undefined {
  if (body === undefined) return undefined;
  const layout = checkedLayout(body);
  const missing = layout.tiles.find((tile) => notebook && !notebook.cells.some((cell) => cell.id === tile.cellId));
  if (missing) throw new Fault('bad-request', `layout: there is no cell ${missing.cellId} in this notebook`);
  return layout;
}

function placeable(notebook: Notebook): DashboardDraft['cells'] {
  return notebook.cells.flatMap((cell) => {
    const size = tileSize(cell);
    if (size === null) return [];
    const { id: cellId, kind, name } = cell;
    const title = cell.config['title'] ?? cell.config['label'];
    const words =
      kind === 'markdown' ? (cell.source.trim().split('\n', 1)[0] ?? '').replace(/^#+\s*/, '') : wordsOf(name);
    return [{ cellId, kind, name, title: typeof title === 'string' ? title : words.slice(0, 120), ...size }];
  });
}

/** What viewers would only see fail is refused now, with the findings. Cells that the dashboard does not need may err. */
async function refuseBroken(engine: ServerEngine, notebook: Notebook, layout: DashboardLayout): Promise<void> {
  const { graph, diagnostics } = await engine.compile(notebook);
  const names = new Set<string>();
  for (const { cellId } of layout.tiles) {
    const cell = notebook.cells.find((each) => each.id === cellId);
    if (!cell || cell.kind === 'markdown') continue;
    names.add(cell.name);
    if (graph.cells.has(cell.name)) for (const each of tileReads(graph, cell.name).cells) names.add(each);
  }
  const findings = diagnostics.filter((finding) => finding.severity === 'error' && names.has(finding.cell ?? ''));
  if (findings.length > 0)
    throw new NotebookInvalid('the dashboard shows cells with errors; mend them, then publish', findings);
}
