/**
 * Arranging, publishing and showing dashboards. The `/dashboards/{token}` calls are for anyone who has the link.
 *
 * I6  What they answer is built by `dashboard/view.ts` from an allow-list; their faults say no more than "not shared".
 */
import type { DashboardLayout, Notebook } from '@datacraft/shared';
import { defaultLayout, Fault, say } from '@datacraft/shared';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { reportPdf, streamStandings } from '@datacraft/engine';
import { audit } from '../auth/audit.ts';
import { publicationChanges } from '../dashboard/changes.ts';
import type { Shown } from '../dashboard/dashboards.ts';
import { Dashboards } from '../dashboard/dashboards.ts';
import { createRate } from '../dashboard/rate.ts';
import { watchStandings } from '../dashboard/standings.ts';
import { tellNewer } from '../dashboard/tell-newer.ts';
import { createViewCounter } from '../dashboard/view-counter.ts';
import { paramsOfSearch } from '../dashboard/viewer-params.ts';
import type { AppEnv, Deps } from '../deps.ts';
import { dashboardReport } from '../interchange/report.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import type { Publication } from '../store/dashboards.ts';
import * as store from '../store/dashboards.ts';
import { newRoutes } from './answer.ts';
import { checkedLayout, givenLayout, placeable, refuseBroken } from './dashboard-layout.ts';
import { paths } from './dashboard-paths.ts';

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
    const standings = watchStandings({
      read: () => streamStandings(db),
      bus: deps.bus,
      onError: (error) => log.warn({ err: error }, 'what streams do could not be read; again soon'),
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
        if (!cell) throw new Fault('not-found', say('there is no input {name} in this notebook', { name }));
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
        await deps.bus.publish('schedules', { notebookId: id });
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
      .openapi(paths.pdf, async (c) => {
        rate.take(c.env.remoteAddress);
        const shown = await shared(c.req.valid('param').token, engine);
        const { view } = await dashboards.view(shown, paramsOfSearch(new URL(c.req.url).searchParams));
        const bytes = reportPdf(dashboardReport(view, c.req.valid('query').language));
        const file = encodeURIComponent(`${view.title} v${view.version}.pdf`);
        return c.body(Uint8Array.from(bytes), 200, {
          'content-type': 'application/pdf',
          'content-disposition': `attachment; filename*=UTF-8''${file}`,
          'cache-control': 'private, no-cache',
        });
      })
      .openapi(paths.events, async (c) => {
        rate.take(c.env.remoteAddress);
        const { token } = c.req.valid('param');
        const shown = await shared(token, engine);
        const feeds = await dashboards.feeds(shown);
        const isShared = async () => (await store.publicationOfLink(db, token))?.id === shown.key;
        c.header('x-accel-buffering', 'no');
        const { bus, live } = deps;
        const now = () => engine.run.now().getTime();
        return streamSSE(c, (stream) => tellNewer(stream, { feeds, standings, now, isShared, bus, live }));
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
