import type { Family } from '../../metric/exposition.ts';
import type { ServerEngine } from '../../engine.ts';
import type { Scorers } from '../../model/scorers.ts';
import type { Lineage } from '../cause.ts';

/** What rules may look at. */
export interface World {
  readonly engine: ServerEngine;
  readonly scorers: Scorers;
  readonly now: Date;
  metrics(): Promise<readonly Family[]>;
  lineage(): Promise<Lineage>;
}

/** The same question within one look is asked once. */
export function lazily<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | null = null;
  return () => (asked ??= ask());
}
