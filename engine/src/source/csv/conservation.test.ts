import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorkbench, type Workbench } from '../testing/workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.stop());

const text = fc.oneof(
  fc.constantFrom('', 'São Paulo', 'a,b', 'say "hi"', 'two\nlines', 'x\ty', ' spaced ', 'ç'),
  fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'é', ' ', '-', ';', "'", '#', '1') }),
);
const good = fc.record({ id: fc.nat(), amount: fc.integer({ min: -1e6, max: 1e6 }), name: text });
const row = fc.oneof(
  {
    weight: 8,
    arbitrary: good.map(({ id, amount, name }) => ({ line: `${id},${amount / 100},${quoted(name)}`, bad: false })),
  },
  { weight: 1, arbitrary: good.map(({ id }) => ({ line: `${id},12x,y`, bad: true })) },
  { weight: 1, arbitrary: good.map(({ id }) => ({ line: `${id},1.5`, bad: true })) },
  { weight: 1, arbitrary: good.map(({ id }) => ({ line: `${id},1.5,x,y,z`, bad: true })) },
  { weight: 1, arbitrary: good.map(({ id }) => ({ line: `x${id},q,"z"`, bad: true })) },
);

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

it('I7 every record of a dirtied file is stored or rejected, and the bad ones are those rejected', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.constantFrom('\n', '\r\n'),
      async (records, newline) => {
        const content = ['id,amount,name', ...records.map(({ line }) => line)].join(newline) + newline;
        await bench.file('p.csv', content);
        const { rows, rejects } = await bench.read({
          type: 'csv',
          path: 'p.csv',
          delimiter: ',',
          header: true,
          columns: { id: 'bigint', amount: 'double', name: 'varchar' },
          rejects: 'table',
        });
        expect(rows.length + rejects.length).toBe(records.length);
        expect(rejects).toHaveLength(records.filter(({ bad }) => bad).length);
      },
    ),
    { numRuns: 40 },
  );
});
