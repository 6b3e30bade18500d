import type { Graph } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';

const last = new Map<string, Promise<unknown>>();

/** Streams of this process that write one table take turns: else each would find that the other was first. */
export async function inTurn<Result>(key: string | null, work: () => Promise<Result>): Promise<Result> {
  if (key === null) return work();
  const before = last.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  const settled = mine.catch(() => undefined); // whoever asked hears it
  last.set(key, settled);
  try {
    return await mine;
  } finally {
    if (last.get(key) === settled) last.delete(key);
  }
}

/** Whether a cell is made of this source and of another stream. */
export function isJoined({ cells }: Graph, source: string): boolean {
  return [...cells.values()].some((cell) => {
    const shape = isSelectCell(cell) ? cell.streaming : undefined;
    if (shape === undefined || shape.streams.length < 2 || shape.kind === 'rows') return false;
    return shape.streams.some(({ name }) => rootOf(cells, name) === source);
  });
}

function rootOf(cells: Graph['cells'], name: string): string {
  const cell = cells.get(name);
  const above = isSelectCell(cell) && cell.streaming?.kind === 'rows' ? cell.streaming.streams[0] : undefined;
  return above === undefined ? name : rootOf(cells, above);
}
