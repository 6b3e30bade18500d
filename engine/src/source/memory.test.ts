import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorkbench, type Workbench } from './testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench({ memoryLimitMb: 100, threads: 2 });
});
afterAll(() => bench.stop());

const files = {
  json: '{"n":1}\n{"n":2}\n',
  csv: 'n\n1\n2\n',
} as const;

it.each([
  ['json', 'fail'],
  ['json', 'table'],
  ['csv', 'fail'],
  ['csv', 'table'],
] as const)('a small %s file takes little memory, with bad rows to %s', async (type, rejects) => {
  await bench.file(`x.${type}`, files[type]);
  const { rows } = await bench.read({ type, path: `x.${type}`, rejects });
  expect(rows).toEqual([{ n: '1' }, { n: '2' }]);
});
