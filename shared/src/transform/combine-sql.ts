import type { StepOf } from '../document/spec/step-schema.ts';
import { listOf, plainIdentifier as id, plainList, plainTable } from './identifier.ts';
import type { Piece } from './sql-writer.ts';
import { joined, own } from './sql-writer.ts';

/** Steps that bring in rows of another relation. */
export const combineSql = {
  join: ({ join, on, type = 'left', columns }: StepOf<'join'>, from: string): readonly Piece[] => {
    const others =
      columns === undefined
        ? '"other".*'
        : listOf(columns)
            .map((name) => `"other".${id(name)}`)
            .join(', ');
    const other = [own(plainTable(join), 'join'), ' as "other" '];
    if (type === 'semi' || type === 'anti') {
      return [`select "left".* from ${from} as "left" ${type} join `, ...other, ...conditionOf(on)];
    }
    const list = isSameNames(on) && columns === undefined ? '*' : `"left".*, ${others}`;
    return [`select ${list} from ${from} as "left" ${type} join `, ...other, ...conditionOf(on)];
  },
  union: ({ union, distinct }: StepOf<'union'>, from: string): readonly Piece[] => [
    `select * from ${from}`,
    ...listOf(union).flatMap((name, at): Piece[] => [
      ` union ${distinct === true ? '' : 'all '}by name select * from `,
      own(plainTable(name), 'union', ...(typeof union === 'string' ? [] : [at])),
    ]),
  ],
  asof_join: (step: StepOf<'asof_join'>, from: string): readonly Piece[] => {
    const { asof_join: other, on, time, with_time: withTime = time, columns } = step;
    const equal = on === undefined ? [] : pairsOf(on).map(([a, b]) => `"left".${id(a)} = "other".${id(b)} and `);
    return [
      `select "left".*, ${listOf(columns)
        .map((name) => `"other".${id(name)}`)
        .join(', ')} from ${from} as "left" asof left join `,
      own(plainTable(other), 'asof_join'),
      ` as "other" on ${equal.join('')}"left".${id(time)} >= "other".${id(withTime)}`,
    ];
  },
};

type Keys = StepOf<'join'>['on'];

function isSameNames(on: Keys): on is string | string[] {
  return typeof on === 'string' || Array.isArray(on);
}

/** `[left, right]` for each key. */
function pairsOf(on: Keys): (readonly [string, string])[] {
  return isSameNames(on) ? listOf(on).map((name) => [name, name] as const) : Object.entries(on);
}

function conditionOf(on: Keys): Piece[] {
  if (isSameNames(on)) return [`using (${plainList(on)})`];
  return ['on ', ...joined(pairsOf(on), ([a, b]) => [`"left".${id(a)} = "other".${id(b)}`], ' and ')];
}
