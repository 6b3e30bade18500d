import type { CellId } from './id.ts';
import type { Said } from './said/said.ts';

/**
 * A finding about source text. `line` and `column` are 1-based. Inside the product they count within the part of the
 * cell that `part` names; `locate` (document/format) turns them into positions of the notebook's text file.
 */
export interface Diagnostic {
  severity: 'error' | 'warning' | 'info';
  /** Stable and kebab-case: `sql-syntax`, `unknown-name`, `cycle`, `duplicate-name`, `unknown-key`, `bad-value`, … */
  code: string;
  message: string;
  /** How the message was said, for readers of another language. */
  said?: Said;
  /** The cell's name, or null when it is about the notebook as a whole. */
  cell: string | null;
  cellId: CellId | null;
  /** `source`: the SQL or prose. `config`: the key at `path`. `notebook`: front matter. */
  part: 'source' | 'config' | 'notebook';
  /** For `config`: keys and indexes down to the value at fault. */
  path?: readonly (string | number)[];
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
  /** One replacement that would mend it, if there is an obvious one: the nearest known key or name. */
  suggestion?: string;
}
