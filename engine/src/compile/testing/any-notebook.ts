import fc from 'fast-check';
import type { CellText } from './a-notebook.ts';
import { csv, input, sql } from './a-notebook.ts';

export interface Shuffled {
  readonly cells: readonly CellText[];
  readonly shuffled: readonly CellText[];
}

/** A notebook without cycles: cell n reads some of the cells before it, perhaps an input and a foreign table. */
export const anyCells: fc.Arbitrary<CellText[]> = fc
  .array(
    fc.record({
      reads: fc.array(fc.nat(), { maxLength: 3 }),
      parameter: fc.boolean(),
      foreign: fc.boolean(),
      materialize: fc.constantFrom('table', 'view', 'ephemeral'),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((shapes) => [
    csv('raw'),
    input('low'),
    { kind: 'markdown', name: '', source: '# notes' },
    ...shapes.map(({ reads, parameter, foreign, materialize }, index) => {
      const upstream = index === 0 ? ['raw'] : [...new Set(reads.map((at) => `c${at % index}`))];
      const from = [...upstream, ...(foreign ? ['gold.calendar'] : []), '(select 1)'].join(', ');
      return sql(
        `c${index}`,
        `select ${index} as n, (${parameter && materialize === 'table' ? '$low' : '0'})::double as p from ${from}`,
        {
          materialize,
        },
      );
    }),
  ]);

export const anyShuffle: fc.Arbitrary<Shuffled> = anyCells.chain((cells) =>
  fc.shuffledSubarray(cells, { minLength: cells.length }).map((shuffled) => ({ cells, shuffled })),
);
