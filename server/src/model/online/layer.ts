import type { OnlineFeatures } from '@datacraft/engine';

export type Known = ReadonlyMap<string, OnlineFeatures>;

/**
 * The latest features of entities, near to who scores.
 *
 * O1  What it answers is what the database held when it was asked, or later: never older, never of two publishes.
 * O2  What it has lost, or cannot reach, comes from the database: slower, and never missing or wrong.
 */
export interface OnlineLayer {
  readonly kind: 'memory' | 'redis';
  /** By the entity's key, of those that are known. */
  load(relation: string, entities: readonly string[]): Promise<Known>;
  /** Why it is not what answers at the moment, or null. */
  problem(): string | null;
  stop(): Promise<void>;
}

/** Entities in one statement. */
export const MOST_AT_ONCE = 2000;
