import type { Words } from '@datacraft/shared';
import { worded } from '@datacraft/shared';
import type { ExportNote } from './project.ts';

/** What the project does not hold of a cell, or of the notebook where it is null. */
export function note(cell: string | null, words: Words): ExportNote {
  return { cell, ...worded(words) };
}
