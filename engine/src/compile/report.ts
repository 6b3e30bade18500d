import type { CellId, Diagnostic, Said, Words } from '@datacraft/shared';
import { offsetToLineColumn, say, worded } from '@datacraft/shared';
import { spanAt } from './position.ts';

type Severity = Diagnostic['severity'];
interface Finding {
  readonly code: string;
  readonly message: Words;
  readonly severity?: Severity;
  readonly suggestion?: string | null;
}

/** A text that findings are about: a cell's, or one that is no cell's yet. */
export interface Subject {
  readonly id: CellId | null;
  readonly name: string;
  readonly source: string;
}

/** About the cell's text, at the name that starts at UTF-16 `offset`; at its start when the place is not known. */
export function inSource(cell: Subject, offset: number | null, finding: Finding): Diagnostic {
  const span = offset === null ? firstWord(cell.source) : spanAt(cell.source, offset);
  return { ...common(cell, finding), part: 'source', ...span };
}

/** About the value at `path` of the cell's config; the whole cell for an empty path. */
export function inConfig(cell: Subject, path: readonly (string | number)[], finding: Finding): Diagnostic {
  return { ...common(cell, finding), part: 'config', path, line: 1, column: 1 };
}

function common(cell: Subject, finding: Finding): Omit<Diagnostic, 'part' | 'line' | 'column'> {
  const { code, message, severity = 'error', suggestion } = finding;
  const offer = suggestion === undefined || suggestion === null ? {} : { suggestion };
  return { severity, code, ...worded(message), cell: cell.name === '' ? null : cell.name, cellId: cell.id, ...offer };
}

function firstWord(text: string): { line: number; column: number } {
  return offsetToLineColumn(text, text.length - text.trimStart().length);
}

export function didYouMean(suggestion: string | null): Said | '' {
  return suggestion === null ? '' : say('; did you mean `{suggestion}`?', { suggestion });
}
