import { createDuckPool } from '../pool.ts';
import { engineChildren } from './children.ts';

/** A process with a running statement, to be killed: tells its children's ids and waits for the end. */
const session = await createDuckPool({ size: 1, memoryLimitMb: 100, threads: 1 }).open();
process.send?.(await engineChildren());
await session.rows('select count(*) from range(1000000000) a, range(100000) b where a.range + b.range = -1');
