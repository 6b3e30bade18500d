/** The engine's door: compile, plan, run, and what their callers bring and get. Nothing else is public. */
export { compile } from './compile/compile.ts';
export type { Compiled, CompiledCell, Graph } from './compile/graph.ts';
export { dbtProject } from './dbt/export/export.ts';
export type { ExportedProject, ExportNote } from './dbt/export/project.ts';
export type { ImportedDraft } from './interchange/draft.ts';
export type { OutputOf } from './interchange/ipynb.ts';
export { writeIpynb } from './interchange/ipynb.ts';
export { readImport } from './interchange/read-import.ts';
export { depsInEnvironment, depsInside } from './run/inside.ts';
export {
  dropEnvironment,
  enterEnvironment,
  environmentTables,
  forgetWritten,
  isEnvironment,
  listEnvironments,
  openEnvironment,
  refitEnvironments,
  refuseUnknown,
} from './store/environments.ts';
export { BRANCH_TABLES, dropBranchTables, forkTables, refitBranches } from './store/branch-tables.ts';
export { databaseOf } from './store/database.ts';
export type { Database, Queryable } from './store/database.ts';
export type { Report, ReportPart } from './pdf/report.ts';
export { reportPdf } from './pdf/report.ts';
export { createDuckPool } from './duckdb/pool.ts';
export type { DuckPool, DuckSession } from './duckdb/session.ts';
export { createLake } from './lake/lake.ts';
export type { Lake } from './lake/lake.ts';
export { forecastSeries } from './model/forecast.ts';
export { FEWEST_BESIDE, lastBeside, usualSteps } from './model/series-params.ts';
export { usualPast } from './model/usual-past.ts';
export type { Prediction, ScoredRow, Scorer } from './model/scorer.ts';
export { openScorer, openScorerInTurns } from './model/scorer.ts';
export { exportOnnx } from './onnx/export.ts';
export { ageLimitMs, entityKey } from './materialize/feature-table.ts';
export type { OnlineAnswer, OnlineFeatures, OnlineState } from './store/online-features.ts';
export { loadOnline, onlinePage, onlineRelations, onlineState } from './store/online-features.ts';
export { lineageOfCells } from './lineage/cells.ts';
export { plan } from './plan/plan.ts';
export type { Plan, Stage } from './plan/plan.ts';
export { readSelection } from './plan/selection.ts';
export { explainPlan } from './plan/explain.ts';
export type { OpenQuery, QueryDeps, QueryRequest } from './query/query.ts';
export { withQuery } from './query/query.ts';
export { explainQuery } from './query/explain.ts';
export { queryReads } from './query/query-reads.ts';
export type { CellRead, CellReading, OpenCell } from './query/cell.ts';
export { readingOf, withCell } from './query/cell.ts';
export type { OptionsOf, TileReads, TileRows } from './query/tile.ts';
export { neverRun, publishedNow, readOptions, tilePage, tileReads } from './query/tile.ts';
export type { TileAnswer } from './query/tiles.ts';
export { readTiles } from './query/tiles.ts';
export { diffTable } from './query/diff.ts';
export { revert } from './publish/revert.ts';
export { removeTag, tagSnapshot } from './publish/tag.ts';
export type { Promotable } from './publish/promote.ts';
export { promote } from './publish/promote.ts';
export type { PushedEvent } from './store/stream-events.ts';
export { appendEvents, countEventsAfter, readEvents } from './store/stream-events.ts';
export { sniffSource } from './query/sniff.ts';
export { unpublishedSource, withSourceRows } from './query/source-rows.ts';
export type { LineageSink, Limits, ResolveFiles, RunDeps, RunEvent, RunOptions } from './run/context.ts';
export { cutByIntervals, ledgerOf } from './run/ledger.ts';
export { gather, releaseSources } from './run/gather.ts';
export type { Known } from './run/gather.ts';
export type { Prepared, RunInput } from './run/prepare.ts';
export { refuseOtherThanCondition } from './compile/condition.ts';
export { checkRequest } from './run/check-request.ts';
export { lostColumns } from './run/lost-columns.ts';
export { outlineOf } from './run/outline.ts';
export { brokenCells, prepareRun, presentFingerprints } from './run/prepare.ts';
export { promotables, promotablesBut } from './run/promotable.ts';
export type { QueuedRunDeps, Submission } from './run/queued-run.ts';
export { executeQueued, submitRun } from './run/queued-run.ts';
export { PARKED } from './run/lease.ts';
export { execute } from './run/runner.ts';
export type { OpenSpan, Span, SpanSink } from './run/trace.ts';
export { runSpan } from './run/trace.ts';
export { sourceProblems, statusOf } from './run/status.ts';
export type { AsOf } from './run/warehouse.ts';
export { asOfText } from './run/warehouse.ts';
export { adoptSchedule, readSchedule } from './schedule/adopt.ts';
export type { ClockNote } from './schedule/clock-changes.ts';
export { clockNotes } from './schedule/clock-changes.ts';
export { boundParams as boundRunParams } from './schedule/bound-params.ts';
export { dueBetween, nextDue, nextDues } from './schedule/due.ts';
export { whyOldestFirst } from './schedule/newest-first.ts';
export { spanMs } from './schedule/span.ts';
export { limitsOf as scheduleLimits, tick } from './schedule/tick.ts';
export { databaseNow, pauseSchedule, resumeSchedule, untilNextDue } from './store/schedules.ts';
export { inspectDatabase } from './source/database/inspect.ts';
export { signed } from './source/s3/sign.ts';
export { checkedAddress, guardedRequest, parseHttpUrl } from './source/network/guarded-request.ts';
export { revealed } from './source/http/credentials.ts';
export type { Destination, Mail, RemoteAccess } from './source/source.ts';
export { createFileResolver, createUploadResolver } from './source/file/resolver.ts';
export type { MayRead, Owner, PublishedRelation } from './store/relations.ts';
export { listRelations, loadRelations, readsEverything } from './store/relations.ts';
export { abandonedRuns, failAbandonedCommands, leaseHolders } from './store/abandoned.ts';
export { claimRun } from './store/lease.ts';
export type { RegisteredModel } from './store/models.ts';
export {
  latestChampions,
  listChampions,
  listPromotions,
  loadModelBytes,
  loadModelVersions,
  promoteModel,
  versionOf,
} from './store/models.ts';
export type { StandingRollout } from './store/rollouts.ts';
export {
  addToRollout,
  endRollout,
  failRollout,
  listRollouts,
  loadRollout,
  setRollout,
  standingOf,
} from './store/rollouts.ts';
export { loadExports } from './store/exports.ts';
export { loadLineage } from './store/lineage.ts';
export { loadLog } from './store/run-logs.ts';
export { loadAttempts } from './store/attempts.ts';
export { loadRun, loadRunInput, requestCancel } from './store/runs.ts';
export { loadTable, snapshotsOf } from './iceberg/load-table.ts';
export { retentionOf } from './iceberg/retention.ts';
export type { Maintenance } from './maintain/maintain.ts';
export { maintain } from './maintain/maintain.ts';
export { setRetention } from './publish/retention.ts';
export { listTables } from './iceberg/catalog.ts';
export { answerRest, restText } from './iceberg/rest.ts';
export type { RestReads } from './iceberg/rest.ts';
export { anyToRun, claimStream, pauseStream, resumeStream, startStream, streamHolders } from './store/streams.ts';
export type { StreamClaimDeps } from './stream/run-claimed.ts';
export { runClaimed } from './stream/run-claimed.ts';
export type { Produced } from './source/kafka/sink/produce-file.ts';
export { produceFile } from './source/kafka/sink/produce-file.ts';
export { registerSchemaOf, schemaOf } from './source/kafka/format/encoder.ts';
export { countPartitions, listTopics, tailTopic } from './source/kafka/topics.ts';
export { checkTlsOfConnection } from './source/kafka/tls.ts';
export { withFixture } from './export/fixture.ts';
export { planSeek, seekStream } from './stream/seek.ts';
export type { TypedSchema } from './registry/compatibility.ts';
export {
  compatibilityOf,
  deleteSubject,
  deleteVersion,
  lookUpSchema,
  presentVersions,
  problemsOf,
  registerSchema,
  registryFault,
  schemaBook,
  versionAt,
} from './registry/registry.ts';
export type { SchemaVersion } from './store/schemas.ts';
export { listSubjects, ruleOf, schemaById, setRule, usesOfSchema } from './store/schemas.ts';
export { listStreamExports } from './store/stream-exports.ts';
export { listLanes } from './store/stream-lanes.ts';
export { listCommits, listStreams, loadStreamDocument } from './store/stream-list.ts';
export type { StreamStanding } from './store/stream-flows.ts';
export { streamStandings } from './store/stream-flows.ts';
export { askReplay, listReplays } from './store/stream-replays.ts';
export { listLetters, openLetter } from './query/letters.ts';
export { placeOf } from './run/place-of.ts';
export type { SourceCell } from './compile/graph.ts';
