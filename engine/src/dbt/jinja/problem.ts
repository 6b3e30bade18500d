import type { Words } from '@datacraft/shared';
import { english } from '@datacraft/shared';

/** What this reader of Jinja cannot follow, at an offset of the template; caught where the template's file is known. */
export class JinjaProblem extends Error {
  readonly words: Words;
  readonly offset: number;
  constructor(words: Words, offset: number) {
    super(english(words));
    this.words = words;
    this.offset = offset;
  }
}

/** What is nested so deeply that it cannot be walked is a problem like any other. */
export function walked<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new JinjaProblem('nested too deeply to be read', 0);
    throw error;
  }
}
