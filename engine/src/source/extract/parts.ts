import type { Drafting } from '../source.ts';
import type { ExtractFile, ExtractForm } from './extractor.ts';
import { SAMPLE_ROWS } from '../json/columns.ts';

/** Four row groups: larger ones leave more to be done when the last record came. */
const PART_MOST = 491_520;
const PARTS = 12;

/**
 * How large the parts of a reading of so many records are: types are found out from the first part, which therefore has all
 * that they are found out from. Null: so few are not worth it.
 */
export function recordsOfPart(expected: number): number | null {
  if (expected < 2 * SAMPLE_ROWS) return null;
  return Math.min(PART_MOST, Math.max(SAMPLE_ROWS, Math.ceil(expected / PARTS)));
}

/** What parts a reading of so many records is told in, where it is worth it. */
export function tellParts<File extends ExtractFile>(
  file: File,
  form: ExtractForm<File>,
  { shownAs, mode }: { readonly shownAs: string; readonly mode: 'append' | 'overwrite' },
  expected: number,
  drafting: Drafting,
): void {
  const records = recordsOfPart(expected);
  if (records === null) return;
  if (!file.inParts) return;
  drafting.expect();
  file.inParts(records, (written, lines) => {
    const known = form.known(file);
    const sound = known.lines === undefined ? {} : { lines };
    const part = written.then((own) => ({
      ...known,
      ...sound,
      identity: '',
      mode,
      files: [{ ...own, shownAs, sha256: '' }],
    }));
    part.catch(() => undefined); // the reading says it
    drafting.add(part);
  });
}
