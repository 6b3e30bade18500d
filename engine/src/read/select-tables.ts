import type { RelationRef } from '@datacraft/shared';
import { isLayer } from '@datacraft/shared';
import type { SqlTree } from '../duckdb/session.ts';
import { readsOf } from '../compile/sql-reads.ts';

/** The published tables, `layer.name`, that parsed statements read. What else they name is not judged here. */
export function selectTables(tree: SqlTree): RelationRef[] {
  if (tree.kind === 'error') return [];
  const found = new Map<string, RelationRef>();
  for (const statement of tree.statements) {
    for (const { catalog, schema, name } of readsOf(statement).tables) {
      if (catalog === '' && isLayer(schema)) found.set(`${schema}.${name}`, { layer: schema, name });
    }
  }
  return [...found.values()];
}
