import type { Column } from '@datacraft/shared';
import type { Table } from 'apache-arrow';

import type { ResultRelation } from '../preview/result.ts';
import { words } from './messages.ts';
import { type GridView, isPlain, viewQuery } from './view-query.ts';

export interface ViewTold {
  readonly onRows: (rows: number | null) => void;
  readonly onSaid: (text: string) => void;
  /** The engine could not; the reader goes back to the plain rows. */
  readonly onFailure: (text: string) => void;
}

/** The rows of a result as its reader sorted and filtered them; null while the view is plain. */
export class ViewedRows {
  table = $state.raw<Table | null>(null);

  /** Asks the engine about the result; returns what stops the question. */
  ask(relation: ResultRelation | null, columns: readonly Column[], view: GridView, told: ViewTold): () => void {
    if (relation === null || isPlain(view)) {
      this.table = null;
      told.onRows(null);
      return () => {};
    }
    const abort = new AbortController();
    relation
      .ask((from) => viewQuery(from, columns, view), { signal: abort.signal })
      .then((rows) => {
        if (abort.signal.aborted) return;
        this.table = rows;
        told.onRows(rows.numRows);
        told.onSaid(words().viewSaid(viewWords(view, columns), rows.numRows));
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) told.onFailure(error instanceof Error ? error.message : String(error));
      });
    return () => abort.abort();
  }
}

function viewWords({ sort, filters }: GridView, columns: readonly Column[]): string {
  const nameOf = (at: number) => columns[at]?.name ?? '';
  const filtered = Object.keys(filters).map((at) => words().filterOn(nameOf(Number(at))));
  if (sort === null) return filtered.join(', ');
  return [`${words().sortBy(nameOf(sort.column))}, ${words().sorted[sort.direction]}`, ...filtered].join(', ');
}
