import type { Diagnostic } from '../../diagnostic.ts';
import type { CellId } from '../../id.ts';
import { type Place, placeAt, type Span } from './place.ts';

export interface CellPositions {
  /** The name in the cell's first line; findings about the cell as a whole stand there. */
  readonly name: Span;
  /** The file's line of the first line of `source`. */
  readonly sourceLine: number;
  readonly config: Place | null;
}

/** Where the parts of a parsed notebook stand in its file. */
export interface NotebookPositions {
  readonly front: Place | null;
  readonly cells: ReadonlyMap<CellId, CellPositions>;
}

/**
 * Turns a cell's own position into one of the text file: once, for findings that did not come from `parseNotebook`
 * itself. A finding about a cell that is not in the file is returned as it is.
 */
export function locate(diagnostic: Diagnostic, positions: NotebookPositions): Diagnostic {
  const { part, path = [], cellId } = diagnostic;
  if (part === 'notebook') {
    return positions.front ? at(diagnostic, spanFor(diagnostic, positions.front, path) ?? topOfFile) : diagnostic;
  }
  const cell = cellId === null ? undefined : positions.cells.get(cellId);
  if (cell === undefined) return diagnostic;
  if (part === 'config') return at(diagnostic, (cell.config && spanFor(diagnostic, cell.config, path)) ?? cell.name);
  const shift = cell.sourceLine - 1;
  const moved = { ...diagnostic, line: diagnostic.line + shift };
  return diagnostic.endLine === undefined ? moved : { ...moved, endLine: diagnostic.endLine + shift };
}

const topOfFile: Span = { line: 1, column: 1, endLine: 1, endColumn: 4 };

function at(diagnostic: Diagnostic, span: Span): Diagnostic {
  return { ...diagnostic, ...span };
}

/** The key for findings about keys, else the value; null when not even the first step of the path is there. */
function spanFor(diagnostic: Diagnostic, root: Place, path: readonly (string | number)[]): Span | null {
  const { place, found } = placeAt(root, path);
  if (found === 0) return null;
  const isAboutKey = found < path.length || diagnostic.code === 'unknown-key' || diagnostic.code === 'duplicate-key';
  return isAboutKey && place.key ? place.key : place.value;
}
