import type { StepOf } from '../document/spec/step-schema.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { plainIdentifier as id, plainList } from './identifier.ts';
import type { Piece } from './sql-writer.ts';
import { joined, own } from './sql-writer.ts';

/** Steps that make rows of another grain. */
export const aggregateSql = {
  aggregate: ({ aggregate, by }: StepOf<'aggregate'>, from: string): readonly Piece[] => {
    const keys = by === undefined ? '' : plainList(by);
    return [
      `select ${keys === '' ? '' : `${keys}, `}`,
      ...joined(Object.entries(aggregate), ([name, text]) => [own(text, 'aggregate', name), ` as ${id(name)}`]),
      ` from ${from}${keys === '' ? '' : ` group by ${keys}`}`,
    ];
  },
  pivot: ({ pivot, values, using, by }: StepOf<'pivot'>, from: string): readonly Piece[] => [
    `select ${plainList(by)}, `,
    ...joined(Array.isArray(values) ? values : [values], (value) => [
      own(using, 'using'),
      ` filter (where ${id(pivot)} = ${typeof value === 'string' ? quoteLiteral(value) : String(value)}) as ${id(String(value))}`,
    ]),
    ` from ${from} group by ${plainList(by)}`,
  ],
  unpivot: ({ unpivot, name, value }: StepOf<'unpivot'>, from: string): readonly Piece[] => [
    `select * from ${from} unpivot include nulls (${id(value)} for ${id(name)} in (${plainList(unpivot)}))`,
  ],
};
