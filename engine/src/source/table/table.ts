import type { RelationRef, TableSource } from '@datacraft/shared';
import { isLayer } from '@datacraft/shared';

/** The published table that a `table` source names, `silver.orders`; null when it is not `layer.name`. */
export function tableOf(spec: TableSource): RelationRef | null {
  const [layer, name, ...rest] = spec.table.split('.');
  if (layer === undefined || name === undefined || rest.length > 0) return null;
  return isLayer(layer) && /^[a-z][a-z0-9_]*$/.test(name) ? { layer, name } : null;
}
