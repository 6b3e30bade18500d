import { Fault, isFault, offsetToLineColumn } from '@datacraft/shared';
import type { DuckSession } from '../duckdb/session.ts';
import type { ReadChain, ViewDefinition } from '../read/read-chain.ts';

/** Statements made from text that somebody wrote, and the way back to that text. */
export interface Written {
  /** As it was given to the engine, or a part of it that is in there once. */
  readonly sql: string;
  /** What was written. */
  readonly text: string;
  /** Whose text it is, when it is a cell's. */
  readonly cell: string | null;
  toOriginal(offset: number): number | null;
}

/** Puts line and column of the written text on an engine error. `ran` is the whole statement, when `sql` is a part. */
export function placed(error: unknown, written: Written, ran = written.sql): unknown {
  if (!isFault(error)) return error;
  const cell = written.cell === null ? {} : { cell: written.cell };
  const { offset } = error.facts;
  const start = typeof offset === 'number' ? ran.indexOf(written.sql) : -1;
  const within = start < 0 ? -1 : Number(offset) - start;
  const original = within < 0 || within > written.sql.length ? null : written.toOriginal(within);
  const place = original === null ? {} : offsetToLineColumn(written.text, original);
  return new Fault(error.code, error.words, { ...error.facts, ...cell, ...place }, { cause: error });
}

/** Sets the chain's variables and defines its views. An error in a view is that of the cell whose text it holds. */
export async function defineChain(
  session: DuckSession,
  chain: ReadChain,
  textOf: (cell: string) => string,
): Promise<void> {
  for (const { name, value, type } of chain.variables) await session.setVariable(name, value, type);
  for (const views of together(chain.views)) {
    const script = views.map((view) => view.sql).join(';\n');
    try {
      await session.run(script);
    } catch (error) {
      const [{ sql, cell, toOriginal } = NO_VIEW] = views;
      throw cell === null ? error : placed(error, { sql, text: textOf(cell), cell, toOriginal });
    }
  }
}

const NO_VIEW = { sql: '', cell: null, toOriginal: () => null };

/** A text that somebody wrote stands alone, so that its errors are known for its own; the others go as one script. */
function together(views: readonly ViewDefinition[]): ViewDefinition[][] {
  const scripts: ViewDefinition[][] = [];
  for (const view of views) {
    const last = scripts.at(-1);
    if (last?.[0]?.cell === null && view.cell === null) last.push(view);
    else scripts.push([view]);
  }
  return scripts;
}
