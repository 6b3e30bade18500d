export * from './chart/chart-diagnostics.ts';
export * from './chart/chart-query.ts';
export * from './chart/points.ts';
export * from './dashboard/default-layout.ts';
export * from './dashboard/layout.ts';
export * from './diagnostic.ts';
export * from './document/cell.ts';
export * from './document/check-notebook.ts';
export * from './document/diff.ts';
export * from './document/merge.ts';
export * from './document/format/config-text.ts';
export { formatNotebook, formatVersion } from './document/format/format-notebook.ts';
export * from './document/format/locate.ts';
export {
  fileDiagnostics,
  type ParsedNotebook,
  type ParseOptions,
  parseNotebook,
} from './document/format/parse-notebook.ts';
export { writeYaml } from './document/format/yaml-block.ts';
export { readYaml, type YamlProblem } from './document/format/yaml-read.ts';
export * from './document/notebook.ts';
export * from './document/order-keys.ts';
export * from './document/param.ts';
export * from './document/text-diff.ts';
export * from './document/partition.ts';
export * from './document/spec/chart.ts';
export { type ExportSpec, exportTarget, readersOf } from './document/spec/export-schema.ts';
export * from './document/spec/input.ts';
export * from './document/spec/source.ts';
export { type ConfigIssue } from './document/spec/issue.ts';
export { lengthMs, SHORTEST_MS } from './document/spec/length.ts';
export { type LimitsSpec } from './document/spec/limits.ts';
export { type MetaSpec, type ScheduleSpec } from './document/spec/meta.ts';
export { algorithms, type ModelSpec, type ModelTask, modelTasks } from './document/spec/model.ts';
export * from './document/spec/sql.ts';
export * from './document/spec/step-schema.ts';
export { type TransformSpec } from './document/spec/transform.ts';
export * from './document/spec/validate.ts';
export * from './fault.ts';
export * from './id.ts';
export * from './json.ts';
export * from './lineage/graph.ts';
export * from './lineage/reach.ts';
export * from './model/algorithm.ts';
export * from './model/decision.ts';
export * from './model/promotion.ts';
export * from './model/params.ts';
export * from './model/report.ts';
export * from './model/rollout.ts';
export * from './nearest.ts';
export * from './protocol/alert.ts';
export * from './protocol/api.ts';
export * from './protocol/branch.ts';
export * from './protocol/pin.ts';
export * from './protocol/catalog.ts';
export * from './protocol/close.ts';
export * from './protocol/comment.ts';
export * from './protocol/dashboard.ts';
export * from './protocol/event.ts';
export * from './protocol/interchange.ts';
export * from './protocol/pipeline.ts';
export * from './protocol/plan.ts';
export * from './protocol/sql-room.ts';
export * from './protocol/schema-registry.ts';
export * from './protocol/stream.ts';
export * from './protocol/topic.ts';
export * from './protocol/version.ts';
export * from './relation/relation.ts';
export * from './run/environment.ts';
export * from './run/state.ts';
export * from './run/flow.ts';
export * from './run/stream-lag.ts';
export { figuresOf, type SaidFigure } from './said/figure.ts';
export {
  english,
  type HolesOf,
  type Said,
  type SaidList,
  type SaidValue,
  say,
  type Words,
  asSaid,
  worded,
} from './said/said.ts';
export * from './sql/bind.ts';
export * from './sql/position.ts';
export * from './sql/quote.ts';
export * from './sql/scan.ts';
export * from './sql/window-template.ts';
export { plainIdentifier } from './transform/identifier.ts';
export { pathAt, type Segment } from './transform/sql-writer.ts';
export { type DimensionFacts } from './star/fact.ts';
export {
  addedColumns,
  columnList,
  isModelKind,
  lookupColumns,
  type ModelKind,
  quotedList,
  surrogateKey,
} from './star/model-columns.ts';
export * from './star/model-table.ts';
export * from './transform/transform-sql.ts';
