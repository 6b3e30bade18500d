import type { JsonObject } from '../json.ts';
import type { Cell } from './cell.ts';

/** A notebook as a value: what is compiled, exported and compared. `cells` holds live cells only, in page order. */
export interface Notebook {
  readonly title: string;
  /** Front matter beside `datacraft` and `title`: `schedule`, `description`, … */
  readonly meta: JsonObject;
  readonly cells: readonly Cell[];
}

/** Page order: by fractional index, then by id so that equal indexes still have one order everywhere. */
export function byOrder(a: Cell, b: Cell): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
