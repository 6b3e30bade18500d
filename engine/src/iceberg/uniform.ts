import type { IceField } from './field-type.ts';
import type { Snapshot, TableMetadata } from './metadata.ts';

/**
 * A state of a table is uniform when each of its data files was written by this room with exactly the columns of its
 * schema. Its files can then be read as they are; of others each column has to be found by its id and cast, which
 * takes DuckDB about twice as long, because a mapped scan has no statistics.
 *
 * The mark stands in the summary of our snapshots, so a snapshot of another engine has none, and one that a later
 * schema is read under does not count.
 */
export const UNIFORM = 'datacraft.uniform';

export function isUniform(snapshot: Snapshot | null, schemaId: number | undefined): boolean {
  return snapshot !== null && snapshot['schema-id'] === schemaId && snapshot.summary[UNIFORM] === 'true';
}

export function uniformMark(uniform: boolean): Record<string, string> {
  return uniform ? { [UNIFORM]: 'true' } : {};
}

/** Whether files of `written` hold each of `fields` as it is. */
export function holdsAll(fields: readonly IceField[], written: readonly IceField[]): boolean {
  const known = new Map(written.map((field) => [field.id, JSON.stringify(field)]));
  return fields.every((field) => known.get(field.id) === JSON.stringify(field));
}

/** Whether the files that `parent` has left to a new snapshot of `metadata` are as that says. */
export function staysUniform(parent: Snapshot | null, metadata: TableMetadata): boolean {
  return parent === null || isUniform(parent, metadata['current-schema-id']);
}
