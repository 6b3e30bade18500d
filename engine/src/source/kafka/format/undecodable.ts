import type { Said } from '@datacraft/shared';
import { english } from '@datacraft/shared';

/** The message is at fault, not the world: it is set aside. */
export class Undecodable extends Error {
  /** A sentence of `portuguese/reason`. */
  readonly words: Said;

  constructor(words: Said, options?: ErrorOptions) {
    super(english(words), options);
    this.words = words;
  }
}
