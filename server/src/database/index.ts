export { openDatabase } from './open.ts';
export { createPool } from './pool.ts';
