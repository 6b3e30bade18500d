import { createHash } from 'node:crypto';
import type { RelationRef, TableSource } from '@datacraft/shared';
import { Fault, isLayer, say } from '@datacraft/shared';
import type { SourceAdapter } from '../source.ts';
import { quoteName } from '../sql-text.ts';

/** The published table that a `table` source names, `silver.orders`; null when it is not `layer.name`. */
export function tableOf(spec: TableSource): RelationRef | null {
  const [layer, name, ...rest] = spec.table.split('.');
  if (layer === undefined || name === undefined || rest.length > 0) return null;
  return isLayer(layer) && /^[a-z][a-z0-9_]*$/.test(name) ? { layer, name } : null;
}

/**
 * Reads a published table by its name: the session has a view of that name, made by the caller, who also puts the
 * table's snapshot into the fingerprint.
 */
export const tableAdapter: SourceAdapter<TableSource> = {
  identify: (spec) =>
    Promise.resolve({ identity: createHash('sha256').update(`table\0${spec.table}`).digest('hex'), files: [] }),
  open: async (spec) => ({ select: selectOf(spec), rejects: null }),
  async sniff(spec, _identified, session) {
    const preview = await session.rows(`select * from (${selectOf(spec)}) limit 101`, { limit: 100 });
    return { options: { table: spec.table }, columns: preview.columns, preview, warnings: [] };
  },
};

function selectOf(spec: TableSource): string {
  const ref = tableOf(spec);
  if (!ref) {
    throw new Fault(
      'source-unreadable',
      say('table: "{table}" is not a published table; write layer.name, as in silver.orders', { table: spec.table }),
      {},
    );
  }
  return `select * from ${quoteName(ref.layer)}.${quoteName(ref.name)}`;
}
