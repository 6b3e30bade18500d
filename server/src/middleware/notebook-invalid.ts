import type { Diagnostic } from '@datacraft/shared';

/** A notebook text that cannot be taken: answered with 422 and its diagnostics. */
export class NotebookInvalid extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super(message);
    this.name = 'NotebookInvalid';
    this.diagnostics = diagnostics;
  }
}
