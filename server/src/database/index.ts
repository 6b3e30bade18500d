export { openCluster } from './cluster.ts';
export { openDatabase } from './open.ts';
export type { DatabaseOptions, OpenDatabase } from './open.ts';
export { createPool, withTransaction } from './pool.ts';
