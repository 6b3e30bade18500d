import { join } from 'node:path';
import { parseNotebook, relationName } from '@datacraft/shared';
import type { Workshop } from '../../run/testing/workshop.ts';
import type { RunReport } from '@datacraft/shared';
import { execute } from '../../run/runner.ts';
import type { Graph } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import type { RunInput } from '../../run/prepare.ts';
import { compile } from '../../compile/compile.ts';
import { createFileResolver } from '../../source/file/resolver.ts';
import { readsEverything } from '../../store/relations.ts';
import type { StreamLease } from '../../store/streams.ts';
import { appendEvents, readEvents } from '../../store/stream-events.ts';
import type { Outcome } from '../commit.ts';
import { commitOnce } from '../commit.ts';
import { createLook } from '../look.ts';
import { createStreamOf } from './stream-row.ts';

/** Streams of one notebook, committed when the test says so, at the time the test says. */
export interface StreamBench {
  /** By source. */
  readonly leases: Map<string, StreamLease>;
  push(source: string, events: readonly object[]): Promise<void>;
  /** Takes what was pushed. Null when nothing was. */
  commit(source: string, at: Date): Promise<Outcome | null>;
  /** An ordinary run of all cells, as if the tables were never made. */
  run(at: Date): Promise<RunReport>;
}

/** `leases`: of a bench before, whose streams it goes on with. */
export async function createStreamBench(
  shop: Workshop,
  id: string,
  text: string,
  leases = new Map<string, StreamLease>(),
): Promise<StreamBench> {
  const { db, duck } = shop.deps;
  const { notebook } = parseNotebook(text);
  const compiled = await compile(notebook, duck);
  const input: RunInput = {
    compiled,
    notebook,
    owner: { key: `notebook:${id}`, title: id, notebookId: id },
    options: { params: {}, fullRefresh: false },
    resolve: createFileResolver({ root: join(shop.root, 'files'), cacheDir: join(shop.root, 'cache') }),
    mayRead: readsEverything,
  };
  const relation = (cell: string) => {
    const ref = compiled.graph.cells.get(cell)?.relation;
    if (!ref) throw new Error(`${cell} makes no table`);
    return relationName(ref);
  };
  const leaseOf = async (cell: string): Promise<StreamLease> => {
    const lease = leases.get(cell) ?? (await createStreamOf(db, { notebookId: id, cell, relation: relation(cell) }));
    leases.set(cell, lease);
    return lease;
  };
  const remote = {
    secret: () => Promise.reject(new Error('no secrets here')),
    connection: () => Promise.reject(new Error('no connections here')),
    events: (of: string, after: string, limit: number) => readEvents(db, of, after, limit),
    allowedHosts: [],
  };
  return {
    leases,
    run: async (at) => {
      const options = { ...input.options, fullRefresh: true, select: onlySelects(compiled.graph) };
      const lease = await shop.begin({ ...input, options });
      const deps = { ...shop.deps, remote, now: () => at };
      return execute({ input: { ...input, options }, lease, deps, signal: new AbortController().signal });
    },
    push: async (source, events) => {
      const bodies = events.map((event) => ({ key: null, body: JSON.stringify(event) }));
      await appendEvents(db, relation(source), bodies, null);
    },
    commit: async (cell, at) => {
      const deps = { ...shop.deps, remote, now: () => at };
      const lease = await leaseOf(cell);
      const signal = new AbortController().signal;
      const look = createLook(input, cell, deps);
      const live = {
        nowMs: at.getTime(),
        limit: 100_000,
        keep: <Held>(open: () => Promise<Held>) => open(),
        tell: () => undefined,
      };
      const looked = await look(live, signal);
      if (looked === null) return null;
      try {
        return await commitOnce({ input, cell, lease, deps, signal }, looked, {});
      } finally {
        await looked.source.release?.();
      }
    },
  };
}

function onlySelects({ cells }: Graph): string[] {
  return [...cells.values()].filter(isSelectCell).map(({ name }) => name);
}
