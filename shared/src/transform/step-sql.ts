import type { Step, StepKind, StepOf } from '../document/spec/step-schema.ts';
import { stepKindOf } from '../document/spec/step-schema.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { combineSql } from './combine-sql.ts';
import { listOf, plainIdentifier as id, plainList } from './identifier.ts';
import { aggregateSql } from './reshape-sql.ts';
import type { Piece } from './sql-writer.ts';
import { joined, own } from './sql-writer.ts';
import { standardized } from './standardize.ts';

type Writers = { readonly [Kind in StepKind]: (step: StepOf<Kind>, from: string) => readonly Piece[] };

const rowSteps: Pick<
  Writers,
  'filter' | 'select' | 'drop' | 'rename' | 'cast' | 'derive' | 'split' | 'flatten' | 'fill' | 'trim' | 'standardize'
> = {
  filter: ({ filter }, from) => [`select * from ${from} where (`, own(filter, 'filter'), ')'],
  select: ({ select }, from) => [`select ${plainList(select)} from ${from}`],
  drop: ({ drop }, from) => [`select * exclude (${plainList(drop)}) from ${from}`],
  rename: ({ rename }, from) => [
    `select * rename (${Object.entries(rename)
      .map(([old, name]) => `${id(old)} as ${id(name)}`)
      .join(', ')}) from ${from}`,
  ],
  cast: ({ cast, on_error: onError }, from) =>
    replacing(from, Object.entries(cast), ([column, type]) => [
      `${onError === 'null' ? 'try_cast' : 'cast'}(${id(column)} as `,
      own(type, 'cast', column),
      ')',
    ]),
  derive: ({ derive }, from) => [
    `select ${withoutColumns(Object.keys(derive))}, `,
    ...named(derive, 'derive'),
    ` from ${from}`,
  ],
  split: ({ split: { column, by, into } }, from) => [
    `select ${withoutColumns(listOf(into))}, ${listOf(into)
      .map((name, at) => `nullif(split_part(${id(column)}, ${quoteLiteral(by)}, ${at + 1}), '') as ${id(name)}`)
      .join(', ')} from ${from}`,
  ],
  flatten: ({ flatten, into }, from) => [
    into === 'rows'
      ? `select * replace (unnest(${id(flatten)}) as ${id(flatten)}) from ${from}`
      : `select * exclude (${id(flatten)}), unnest(${id(flatten)}) from ${from}`,
  ],
  fill: ({ fill }, from) =>
    replacing(from, Object.entries(fill), ([column, value]) => [
      `coalesce(${id(column)}, ${typeof value === 'string' ? quoteLiteral(value) : String(value)})`,
    ]),
  trim: ({ trim }, from) =>
    replacing(
      from,
      listOf(trim).map((column) => [column] as const),
      ([column]) => [`trim(${id(column)})`],
    ),
  standardize: ({ standardize, formats, invalid }, from) =>
    replacing(from, Object.entries(standardize), ([column, standard]) => [
      standardized(id(column), standard, { formats, invalid }),
    ]),
};

const setSteps: Pick<
  Writers,
  'deduplicate' | 'fill_from' | 'window' | 'predict' | 'sample' | 'sort' | 'limit' | 'validate' | 'quarantine'
> = {
  deduplicate: ({ deduplicate, order_by: order }, from) =>
    deduplicate === 'all'
      ? [`select distinct * from ${from}`]
      : [
          `select * from ${from} as "row" qualify row_number() over (partition by ${plainList(deduplicate)} order by `,
          ...orderPieces(order, ', '),
          'hash("row")) = 1',
        ],
  fill_from: ({ fill_from: how, columns, by, order_by: order }, from) => {
    const partition = by === undefined ? '' : `partition by ${plainList(by)} `;
    return replacing(
      from,
      listOf(columns).map((column) => [column] as const),
      ([column]) =>
        how === 'mean' || how === 'median'
          ? [`coalesce(${id(column)}, ${how === 'mean' ? 'avg' : 'median'}(${id(column)}) over (${partition.trim()}))`]
          : [
              `coalesce(${id(column)}, ${how === 'previous' ? 'last' : 'first'}_value(${id(column)} ignore nulls) over (${partition}order by `,
              ...orderPieces(order, ''),
              ` rows between ${how === 'previous' ? 'unbounded preceding and current row' : 'current row and unbounded following'}))`,
            ],
    );
  },
  window: ({ window, by, order_by: order, frame }, from) => {
    const over: Piece[] = [
      by === undefined ? '' : `partition by ${plainList(by)} `,
      ...(order === undefined ? [] : ['order by ', ...orderPieces(order, '')]),
      ...(frame === undefined ? [] : [' ', own(frame, 'frame')]),
    ];
    return [
      `select ${withoutColumns(Object.keys(window))}, `,
      ...joined(Object.entries(window), ([name, text]) => [
        own(text, 'window', name),
        ' over (',
        ...over,
        `) as ${id(name)}`,
      ]),
      ` from ${from}`,
    ];
  },
  predict: ({ predict }, from) => [
    `select * exclude ("__score"), unnest("__score") from (select "row".*, predict_${predict}("row") as "__score" from ${from} as "row")`,
  ],
  // By hash and not at random: the same rows in every run.
  sample: ({ sample, seed = 0 }, from) => [
    `select * from ${from} as "row" order by hash("row", ${seed}) limit ${sample}`,
  ],
  sort: ({ sort }, from) => [`select * from ${from} order by `, ...listPieces(sort, 'sort')],
  limit: ({ limit }, from) => [`select * from ${from} limit ${limit}`],
  validate: ({ validate, message }, from) => [
    `select * from ${from} where `,
    ...joined(
      listOf(validate),
      (rule, at) => [
        'case when not (',
        own(rule, 'validate', ...(typeof validate === 'string' ? [] : [at])),
        `) then error(${quoteLiteral(message ?? `a row breaks: ${rule}`)}) else true end`,
      ],
      ' and ',
    ),
  ],
  // Rows are set aside when the finished table is judged.
  quarantine: (_, from) => [`select * from ${from}`],
};

const writers: Writers = { ...rowSteps, ...setSteps, ...combineSql, ...aggregateSql };

/** One step as a SELECT from `from`; paths are those of the step. */
export function stepSql(step: Step, from: string): readonly Piece[] {
  const kind = stepKindOf(step);
  return kind === null ? [`select * from ${from}`] : writeAs(kind, step, from);
}

function writeAs<Kind extends StepKind>(kind: Kind, step: Step, from: string): readonly Piece[] {
  return writers[kind](step as StepOf<Kind>, from);
}

function replacing<Entry extends readonly [string, ...unknown[]]>(
  from: string,
  entries: readonly Entry[],
  write: (entry: Entry) => readonly Piece[],
): Piece[] {
  return [
    'select * replace (',
    ...joined(entries, (entry) => [...write(entry), ` as ${id(entry[0])}`]),
    `) from ${from}`,
  ];
}

/** A derived column takes the place of one of its name. */
function withoutColumns(names: readonly string[]): string {
  const list = names.map((name) => quoteLiteral(name.toLowerCase())).join(', ');
  return `columns(lambda c: lower(c) not in (${list}))`;
}

function named(expressions: Readonly<Record<string, string | number | boolean>>, key: string): Piece[] {
  return joined(Object.entries(expressions), ([name, text]) => ['(', own(String(text), key, name), `) as ${id(name)}`]);
}

function orderPieces(order: string | readonly string[] | undefined, after: string): Piece[] {
  const pieces = listPieces(order ?? [], 'order_by');
  return pieces.length === 0 ? [] : [...pieces, after];
}

function listPieces(items: string | readonly string[], key: string): Piece[] {
  return joined(listOf(items), (text, at) => [own(text, key, ...(typeof items === 'string' ? [] : [at]))]);
}
