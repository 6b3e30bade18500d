import type { Workshop } from '../../../run/testing/workshop.ts';
import type { RemoteAccess } from '../../source.ts';

/** A row that is put where a source reads; some have one field more than those before. */
export interface Row {
  readonly id: number;
  readonly name: string;
  readonly extra?: string;
}

/** A place of its own that one source reads: a table over there, a topic, a folder. */
export interface Bed {
  /** The keys of the cell, without `rejects`. */
  readonly keys: string;
  readonly remote?: RemoteAccess;
  /** Adds rows to those that are there; they can be read when it resolves. */
  put(rows: readonly Row[]): Promise<void>;
  /** Adds one row that cannot be read as what the source is said to be. */
  putBad(): Promise<void>;
  close?(): Promise<void>;
}

/** Makes a place; `name` is one that no other place has. */
export type MakeBed = (name: string, shop: Workshop) => Promise<Bed>;
