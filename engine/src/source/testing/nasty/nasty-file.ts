import type { Workbench } from '../workbench.ts';

/** A file as the world writes it, and what becomes of it: every row, each row set aside, or the words of its refusal. */
export interface NastyFile {
  /** What is nasty about it; its name is made of it. */
  readonly what: string;
  readonly content: string | Buffer | ((bench: Workbench, name: string) => Promise<Buffer>);
  readonly options?: object;
  /** Column names, in their order. */
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
  /** Lines, with what their reason says. */
  readonly rejects?: readonly (readonly [line: string, reason: RegExp])[];
  readonly refused?: RegExp;
}
