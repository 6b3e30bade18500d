/** What the streams behind a dashboard do. Pure; it names no table, cell or stream, and no reason (I6). */
import type { StreamStanding } from '@datacraft/engine';
import type { DashboardEvent, Flow } from '@datacraft/shared';
import { flowOf, worstFlow } from '@datacraft/shared';

/** What each thing that is shown is made of. */
export interface Feeds {
  readonly notebookId: string;
  /** `layer.name` of every table that anything shown is computed from. */
  readonly reads: ReadonlySet<string>;
  /** Of each tile with data, by its id: those tables, and the cells of the notebook. */
  readonly tiles: ReadonlyMap<string, FedTile>;
}

interface FedTile {
  readonly reads: ReadonlySet<string>;
  readonly cells: ReadonlySet<string>;
}

export function flowsOf(
  { notebookId, reads, tiles }: Feeds,
  standings: readonly StreamStanding[],
  nowMs: number,
): Extract<DashboardEvent, { type: 'live' }> {
  const feeding = standings
    .filter((standing) => feedsAny(standing, reads))
    .map((standing) => ({ standing, flow: withTold(flowOf(standing, nowMs), standing) }));
  const perTile = [...tiles].flatMap(([id, tile]) => {
    const flow = worstFlow(
      feeding
        .filter(({ standing }) => feedsAny(standing, tile.reads))
        .map(({ standing, flow }) => withBroken(flow, isBroken(standing, notebookId, tile))),
    );
    return flow === null ? [] : [[id, flow] as const];
  });
  const flow = worstFlow([...feeding.map((each) => each.flow), ...perTile.map(([, each]) => each)]);
  return { type: 'live', live: flow !== null, flow, tiles: Object.fromEntries(perTile) };
}

/** Whether a stream's last commit wrote what is shown or should have, or its own table is. */
function feedsAny({ relation, progress }: StreamStanding, reads: ReadonlySet<string>): boolean {
  return [relation, ...(progress.tables ?? []), ...(progress.failedTables ?? [])].some((table) => reads.has(table));
}

/** Of the streams of another notebook the tables are known; of its own also cells that make none. */
function isBroken({ progress, ...standing }: StreamStanding, notebookId: string, { reads, cells }: FedTile): boolean {
  if ((progress.failedTables ?? []).some((table) => reads.has(table))) return true;
  return standing.notebookId === notebookId && Object.keys(progress.failedCells ?? {}).some((cell) => cells.has(cell));
}

function withBroken(flow: Flow, broken: boolean): Flow {
  return broken ? (worstFlow([flow, { state: 'broken', since: null }]) ?? flow) : flow;
}

function withTold(flow: Flow, { told }: StreamStanding): Flow {
  return flow.state === 'stopped' ? { ...flow, told } : flow;
}
