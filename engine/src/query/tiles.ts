/**
 * The tiles of one page, read in one session: what they share is opened once, and the first scan warms the next.
 *
 * T1  A tile that fails fails alone. When its failure ends the session, those after it get a new one.
 * T2  A tile is timed out only by its own time: who meets the limit behind others is read again from the start.
 */
import { Fault, isFault, relationName } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import { openRelations } from '../run/warehouse.ts';
import type { CellRead, CellReading, Opened } from './cell.ts';
import { readingWith, refsOf, textOf } from './cell.ts';
import { defineChain } from './place.ts';
import { withPrivateSession } from './private-session.ts';
import type { QueryDeps } from './query.ts';
import type { TileRows } from './tile.ts';
import { tilePage } from './tile.ts';

export type TileAnswer =
  { readonly kind: 'rows'; readonly rows: TileRows } | { readonly kind: 'failed'; readonly error: unknown };

interface Todo {
  readonly at: number;
  readonly read: CellRead;
  readonly reading: CellReading;
}

/** Reads of one notebook's version under one set of values. Tells each answer as it comes. */
export async function readTiles(
  reads: readonly CellRead[],
  deps: QueryDeps,
  tell: (at: number, answer: TileAnswer) => void,
): Promise<void> {
  const refs = reads.flatMap((read) => refsOf(read.compiled.graph, read.cell));
  const relations = await openRelations([...new Map(refs.map((ref) => [relationName(ref), ref])).values()], deps);
  let todo = reads.flatMap((read, at) => planned(read, at, relations, tell));
  while (todo.length > 0) todo = await readTogether(todo, deps, tell);
}

function planned(
  read: CellRead,
  at: number,
  relations: Opened,
  tell: (at: number, answer: TileAnswer) => void,
): Todo[] {
  try {
    return [{ at, read, reading: readingWith(read, null, relations) }];
  } catch (error) {
    tell(at, { kind: 'failed', error });
    return [];
  }
}

/** Answers what is left to do when the session ended before its time. */
async function readTogether(
  todo: readonly Todo[],
  deps: QueryDeps,
  tell: (at: number, answer: TileAnswer) => void,
): Promise<Todo[]> {
  const [first] = todo;
  const readable = [...new Set(todo.flatMap(({ reading }) => reading.chain.files))];
  const options = { readable, timeoutMs: first?.read.timeoutMs };
  return withPrivateSession(options, deps, async (session) => {
    const defined = new Set<string>();
    for (const [index, tile] of todo.entries()) {
      try {
        tell(tile.at, { kind: 'rows', rows: await readOne(tile, session, defined) });
      } catch (error) {
        const isLate = isFault(error, 'timed-out') && index > 0;
        if (isLate) return todo.slice(index);
        tell(tile.at, { kind: 'failed', error });
        if (endsSession(error)) return todo.slice(index + 1);
      }
    }
    return [];
  });
}

function endsSession(error: unknown): boolean {
  return !(error instanceof Fault) || ['timed-out', 'out-of-memory', 'worker-died', 'cancelled'].includes(error.code);
}

/** Under the same values one name has one text, so what an earlier tile defined need not be defined again. */
async function readOne({ read, reading }: Todo, session: DuckSession, defined: Set<string>): Promise<TileRows> {
  const { chain, dataAt } = reading;
  const isNew = (statement: string) => !defined.has(statement);
  const variables = chain.variables.filter((variable) => isNew(JSON.stringify(variable)));
  const views = chain.views.filter((view) => isNew(view.sql));
  await defineChain(session, { ...chain, variables, views }, (cell) => textOf(read.compiled.graph, cell));
  for (const variable of variables) defined.add(JSON.stringify(variable));
  for (const view of views) defined.add(view.sql);
  return { page: await tilePage(read, { session, select: chain.select }), dataAt };
}
