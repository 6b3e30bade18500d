/**
 * Compiles a notebook whenever its document changes and tells everybody in it: the graph, what is stale and why, and
 * the findings about its text. One compile at a time per notebook; changes during it start the next, after a rest that
 * grows with what a compile takes: where many type in a long notebook, most of the time is left for their edits.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { gather, lostColumns, presentFingerprints, sourceProblems, statusOf } from '@datacraft/engine';
import type { Compiled } from '@datacraft/engine';
import type { Diagnostic, NotebookEvent } from '@datacraft/shared';
import type { Logger } from 'pino';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import type { Rooms } from '../room/rooms.ts';
import type { LiveHub } from './hub.ts';

export interface Compiler {
  /** Asks for a graph event: the document, a published table or a file may have changed. */
  touch(notebookId: string): void;
  stop(): void;
}

/** Times the last compile, at most so long. */
const REST = 2;
const REST_AT_MOST_MS = 600;

export function startCompiler(deps: { engine: ServerEngine; rooms: Rooms; live: LiveHub; log: Logger }): Compiler {
  const working = new Map<string, { again: boolean }>();
  let revision = 0;
  const touch = (notebookId: string) => {
    const current = working.get(notebookId);
    if (current) {
      current.again = true;
      return;
    }
    void compileUntilQuiet(notebookId);
  };
  const compileUntilQuiet = async (notebookId: string) => {
    const state = { again: false };
    working.set(notebookId, state);
    try {
      for (;;) {
        state.again = false;
        revision += 1;
        const startedAt = performance.now();
        await deps.live.publish(notebookId, await graphEvent(notebookId, revision, deps));
        if (!state.again) return;
        await sleep(Math.min(REST * (performance.now() - startedAt), REST_AT_MOST_MS), undefined, { ref: false });
      }
    } catch (error) {
      deps.log.warn({ err: error, notebookId }, 'the notebook could not be compiled; the next change tries again');
    } finally {
      working.delete(notebookId);
    }
  };
  const stops = [deps.rooms.onAnyChange(touch), deps.live.onFirstSubscriber(touch)];
  return { touch, stop: () => stops.forEach((stop) => stop()) };
}

async function graphEvent(
  notebookId: string,
  revision: number,
  deps: { engine: ServerEngine; rooms: Rooms },
): Promise<NotebookEvent> {
  const { engine, rooms } = deps;
  const notebook = await rooms.notebook(notebookId);
  const owner = ownerOf(notebookId, notebook.title);
  const compiled = await engine.compile(notebook);
  const reading = await engine.readingIn(notebookId);
  const known = await gather(compiled.graph, engine.resolveFor(owner), { ...reading, reading: 'status' });
  const lost = await lostColumns({ compiled, owner, notebook, known }, engine.run, reading.mayRead);
  const fingerprints = presentFingerprints(compiled.graph, known, {}, engine.run.now());
  return {
    type: 'graph',
    revision,
    cells: statusOf(compiled, known, fingerprints, owner.key),
    diagnostics: [...compiled.diagnostics, ...lost, ...unreadable(compiled, sourceProblems(known))],
  };
}

/** Sources that cannot be read are findings too: they stand by the cell before anybody runs it. */
function unreadable(compiled: Compiled, problems: ReadonlyMap<string, string>): Diagnostic[] {
  return [...problems].map(([cell, message]) => ({
    severity: 'warning',
    code: 'source-unreadable',
    message,
    cell,
    cellId: compiled.graph.cells.get(cell)?.id ?? null,
    part: 'config',
    path: ['path'],
    line: 1,
    column: 1,
  }));
}
