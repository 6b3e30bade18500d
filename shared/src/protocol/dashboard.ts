import type { CellKind } from '../document/cell.ts';
import type { ChartSpec } from '../document/spec/chart.ts';
import type { InputSpec, Params, ParamValue } from '../document/spec/input.ts';
import type { CellId } from '../id.ts';
import type { ResultPage } from '../relation/relation.ts';
import type { Flow } from '../run/flow.ts';

/** A dashboard's arrangement: 12 columns, rows of 64 px; tiles do not overlap. PUT /notebooks/{id}/layout */
export interface DashboardLayout {
  title?: string;
  description?: string;
  tiles: LayoutTile[];
}
export interface LayoutTile {
  /** A chart, input, sql, source or markdown cell. */
  cellId: CellId;
  x: number;
  y: number;
  w: number;
  h: number;
  title?: string;
}

/** GET /notebooks/{id}/publication */
export interface PublicationState {
  published: { version: number; url: string; token: string; publishedAt: string; publishedBy: string | null } | null;
  /** What a publish now would change against the published version. */
  changes: PublicationChange[];
}
export interface PublicationChange {
  kind: 'added' | 'removed' | 'changed' | 'moved';
  cellId: CellId;
  name: string;
  what: string;
}

/**
 * POST /notebooks/{id}/dashboard/preview { layout }: what a publish of this layout would show, and what can be on it.
 */
export interface DashboardDraft {
  layout: DashboardLayout;
  view: DashboardView;
  /** Tile ids of `view` by cell. */
  tileIds: Record<string, string>;
  cells: { cellId: CellId; kind: CellKind; name: string; title: string; w: number; h: number }[];
}

/** GET /dashboards/{token}: all that a viewer gets. No SQL, no hidden cells, no sources. */
export interface DashboardView {
  title: string;
  description: string | null;
  version: number;
  publishedAt: string;
  inputs: DashboardInput[];
  tiles: DashboardTile[];
  /** Data for the parameters in the query string (`?p.<input>=value`), or the defaults. */
  data: DashboardData;
}
export interface DashboardInput {
  name: string;
  spec: Omit<InputSpec, 'options'>;
  options: { value: string | number; label: string }[] | null;
  value: ParamValue;
}
export type DashboardTile = { id: string; x: number; y: number; w: number; h: number; title: string | null } & (
  | { kind: 'markdown'; html: string }
  | { kind: 'chart'; chart: Omit<ChartSpec, 'from'> }
  | { kind: 'table' }
  | { kind: 'input'; input: string }
);
/** POST /dashboards/{token}/data { params } */
export interface DashboardData {
  params: Params;
  /** By tile id. */
  tiles: Record<string, TileData>;
  /** Age of the oldest data shown. */
  oldestDataAt: string | null;
  /** Values that came with the request and were not taken; the defaults stand in. */
  ignored?: { input: string; reason: 'unknown' | 'invalid' }[];
}

/** GET /dashboards/{token}/events, server-sent. */
export type DashboardEvent =
  /** Whether streams feed it, what the worst of them does, and what those of each tile do, by tile id. */
  | { type: 'live'; live: boolean; flow: Flow | null; tiles: Record<string, Flow> }
  /** There is newer data. */
  | { type: 'data' }
  | { type: 'ping' };

export type TileData =
  /** `stale`: the last run of what it shows failed, or what that is computed from was published later. */
  | { state: 'ok'; page: ResultPage; dataAt: string | null; stale?: 'run-failed' | 'outdated' }
  | { state: 'failed'; message: string; reason?: 'failed' | 'too-long' | 'too-large' | 'busy' }
  | { state: 'never-run' };
