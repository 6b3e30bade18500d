import type { RunEvent } from '@datacraft/engine';
import { refitBranches, refitEnvironments } from '@datacraft/engine';
import type { Extension } from './app.ts';
import { tellPaused } from './comment/notifications.ts';
import { notebookReads } from './auth/table-access.ts';
import { openBranches } from './branch/store.ts';
import type { Deps } from './deps.ts';
import { createServerEngine } from './engine.ts';
import { startCompiler } from './live/compiler.ts';
import type { Attachment } from './main.ts';
import { AheadOfQuestions } from './model/ahead-of-questions.ts';
import { openOnline } from './model/online/open.ts';
import { PredictionLog } from './model/prediction-log.ts';
import { RolloutCounter } from './model/rollout-counter.ts';
import { Scorers } from './model/scorers.ts';
import { Shadow } from './model/shadow.ts';
import { startAlerts } from './alert/start.ts';
import { alertChannelRoutes } from './route/alert-channels.ts';
import { alertRoutes } from './route/alerts.ts';
import { alertRuleRoutes } from './route/alert-rules.ts';
import { auditRoutes } from './route/audit.ts';
import { tableCheckRoutes } from './route/table-checks.ts';
import { catalogDocRoutes } from './route/catalog-docs.ts';
import { catalogRoutes } from './route/catalog.ts';
import { environmentRoutes } from './route/environments.ts';
import { branchRoutes } from './route/branches.ts';
import { branchChartRoutes } from './route/branch-charts.ts';
import { branchUpdateRoutes } from './route/branch-updates.ts';
import { cellRoutes } from './route/cells.ts';
import { dashboardRoutes } from './route/dashboards.ts';
import { lineageRoutes } from './route/lineage.ts';
import { modelFileRoutes } from './route/model-files.ts';
import { modelDriftRoutes } from './route/model-drift.ts';
import { modelPredictionRoutes } from './route/model-predictions.ts';
import { modelRolloutRoutes } from './route/model-rollout.ts';
import { scoringRoutes, shortRoutes } from './route/model-scoring.ts';
import { modelRoutes } from './route/models.ts';
import { icebergRoutes } from './route/iceberg.ts';
import { importRoutes } from './route/imports.ts';
import { notebookExportRoutes } from './route/notebook-exports.ts';
import { fixtureRoutes } from './route/fixtures.ts';
import { producerRoutes } from './route/producers.ts';
import { planRoutes } from './route/plan.ts';
import { queryRoutes } from './route/query.ts';
import { lookAtTriggers } from './pipeline/look.ts';
import { moveBackfills } from './pipeline/backfills.ts';
import { backfillRoutes } from './route/backfills.ts';
import { runDetailRoutes } from './route/run-details.ts';
import { runRoutes } from './route/runs.ts';
import { queryResultRoutes } from './route/query-results.ts';
import { savedQueryRoutes } from './route/saved-queries.ts';
import { sqlRoomRoutes } from './route/sql-room.ts';
import { scheduleRoutes } from './route/schedules.ts';
import { tableRetentionRoutes } from './route/table-retention.ts';
import { tableTagRoutes } from './route/table-tags.ts';
import { registryRoutes } from './route/registry.ts';
import { streamControlRoutes } from './route/stream-control.ts';
import { streamSeekRoutes } from './route/stream-seek.ts';
import { streamLetterRoutes } from './route/stream-letters.ts';
import { triggerRoutes } from './route/triggers.ts';
import { superviseStreams } from './stream/supervise.ts';
import { runLines } from './trace/run-lines.ts';
import { startScheduler } from './worker/scheduler.ts';
import { startWorker } from './worker/worker.ts';

/** Adds the engine to a server: its routes, the compiler of live notebooks, and, unless told otherwise, a worker. */
export async function attachEngine(deps: Deps, database?: { readonly url: string }): Promise<Attachment> {
  const { config, pool, rooms, live, log } = deps;
  let touch: (notebookId: string) => void = () => {};
  const say = runLines(log);
  const engine = await createServerEngine({
    config,
    pool,
    log,
    emit: (event) => {
      say(event);
      void tell(event);
    },
    onLost: (reason) => log.warn({ reason }, 'an OpenLineage event could not be delivered; the run goes on'),
    spans: deps.spans,
  });
  await refitBranches(engine.run.db, await openBranches(pool));
  await refitEnvironments(engine.run.db);
  const notebooksOfRuns = new Map<string, string>();
  const tell = async (event: RunEvent): Promise<void> => {
    const notebookId = event.type === 'run' ? event.run.notebookId : (notebooksOfRuns.get(event.runId) ?? null);
    if (notebookId === null) return;
    if (event.type === 'run') {
      notebooksOfRuns.set(event.run.runId, notebookId);
      if (event.run.finishedAt !== null) {
        notebooksOfRuns.delete(event.run.runId);
        touch(notebookId);
      }
    }
    await live
      .publish(notebookId, event)
      .catch((error: unknown) => log.warn({ err: error }, 'a run event could not be told'));
  };
  const compiler = startCompiler({ engine, rooms, live, log });
  touch = compiler.touch;
  const worker = config.worker
    ? await startWorker({
        pool,
        engine: { deps: engine.run, resolveFor: engine.resolveFor, mayReadFor: notebookReads(pool) },
        log,
      })
    : null;
  const scorers = new Scorers(engine.run.db);
  const scheduler = config.worker
    ? startScheduler({
        db: engine.run.db,
        log,
        onPaused: tellPaused,
        alsoEachLook: [() => lookAtTriggers(engine, scorers, log), () => moveBackfills(engine.run.db)],
      })
    : null;
  const onSchedules = deps.bus.subscribe('schedules', () => scheduler?.wake());
  const alerts = config.worker ? startAlerts(engine, scorers, deps) : null;
  const streams =
    config.worker && database ? superviseStreams({ db: engine.run.db, config, url: database.url, log }) : null;
  const onTables = deps.bus.subscribe('tables', ({ notebookId, tables }) => {
    if (live.tellHere(notebookId, { type: 'tables', tables })) touch(notebookId);
  });
  const onStreams = deps.bus.subscribe('streams', ({ notebookId }) => {
    live.tellHere(notebookId, { type: 'streams' });
  });
  const predictions = new PredictionLog(engine.run.db, log, config.predictionDays);
  const online = await openOnline(engine.run.db, deps);
  const ahead = new AheadOfQuestions({ deps, engine, scorers });
  const onModels = deps.bus.subscribe('model', ({ name, version }) => void ahead.open(name, version));
  const counter = new RolloutCounter(engine.run.db, log);
  const shadow = new Shadow({ db: engine.run.db, scorers, counter, log });
  const scoring = {
    scorers,
    online,
    log: predictions,
    counter,
    shadow,
    meter: deps.meter,
    metrics: deps.metrics,
    now: deps.now,
  };
  const extension: Extension = {
    api: [
      runRoutes(engine),
      planRoutes(engine),
      queryRoutes(engine),
      savedQueryRoutes(engine),
      queryResultRoutes(engine),
      sqlRoomRoutes,
      notebookExportRoutes(engine),
      importRoutes(engine),
      cellRoutes(engine),
      branchRoutes(engine),
      environmentRoutes(engine),
      branchChartRoutes(engine),
      branchUpdateRoutes,
      catalogRoutes(engine),
      catalogDocRoutes(engine),
      tableTagRoutes(engine),
      tableRetentionRoutes(engine),
      lineageRoutes(engine),
      dashboardRoutes(engine),
      scheduleRoutes(engine),
      triggerRoutes(engine),
      streamControlRoutes(engine),
      registryRoutes(engine),
      streamLetterRoutes(engine),
      streamSeekRoutes(engine),
      fixtureRoutes(engine),
      producerRoutes(engine),
      backfillRoutes(engine),
      runDetailRoutes(engine),
      modelRoutes(engine, scorers),
      scoringRoutes(engine, scoring),
      modelRolloutRoutes(engine, scorers),
      modelFileRoutes(engine, scorers),
      modelDriftRoutes(engine, scorers),
      modelPredictionRoutes(engine, scorers),
      auditRoutes,
      tableCheckRoutes(engine),
      alertRoutes,
      alertRuleRoutes(engine),
      alertChannelRoutes,
    ],
    publicPaths: [/^\/api\/v1\/triggers\/[^/]+$/],
    root: [
      { path: '/', routes: icebergRoutes(engine) },
      { path: '/v1', routes: shortRoutes(engine.run.db, scoring) },
    ],
    notes: () => ({ online: online.problem() === null ? online.kind : `database, for ${online.kind} is away` }),
  };
  return {
    extension,
    warm: ahead.openChampions(),
    stop: async () => {
      onTables();
      onStreams();
      onSchedules();
      onModels();
      await ahead.stop();
      await streams?.stop();
      compiler.stop();
      await alerts?.stop();
      await scheduler?.stop();
      await worker?.stop();
      await predictions.stop();
      await shadow.idle();
      await counter.stop();
      await online.stop();
      await engine.stop();
    },
  };
}
