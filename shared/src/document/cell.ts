import type { CellId } from '../id.ts';
import type { JsonObject } from '../json.ts';

export const cellKinds = ['markdown', 'source', 'sql', 'transform', 'model', 'chart', 'input'] as const;
export type CellKind = (typeof cellKinds)[number];

/** One unit of a notebook; defines at most one relation. What people wrote, and nothing that was computed. */
export interface Cell {
  readonly id: CellId;
  readonly kind: CellKind;
  /** Empty for `markdown`; else matches `cellNamePattern`. */
  readonly name: string;
  /** Fractional index; cells sort by it, then by id. */
  readonly order: string;
  /** SQL, or Markdown for prose; empty for the kinds that are all config. */
  readonly source: string;
  readonly config: JsonObject;
  /** ISO 8601; set while the cell is in the bin. */
  readonly deletedAt?: string;
}

export const cellNamePattern = /^[a-z][a-z0-9_]*$/;

export function isCellKind(text: string): text is CellKind {
  return (cellKinds as readonly string[]).includes(text);
}
