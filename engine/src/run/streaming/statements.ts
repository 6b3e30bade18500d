import type { Column } from '@datacraft/shared';
import { Fault, quoteIdentifier, quoteLiteral, say } from '@datacraft/shared';
import type { StreamShape } from '../../compile/streaming/shape.ts';

/** A streaming cell whose rows are made around an event time. */
export type TimedShape = Exclude<StreamShape, { readonly kind: 'rows' }>;

/** The rows of one stream in the session: what came, and all that its next rows are made of. */
interface StreamTables {
  readonly incoming: string;
  readonly rows: string;
}

export function tablesOf(index: number): StreamTables {
  return { incoming: `"__incoming_${index}"`, rows: `"__rows_${index}"` };
}

/** A time as microseconds since 1970. */
export function microsSql(name: string, columns: readonly Column[], cell: string): string {
  const column = columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (column === undefined)
    throw new Fault('bad-request', say('{cell} has no column {name}: its rows have no event time', { cell, name }));
  const quoted = quoteIdentifier(column.name);
  if (column.type === 'DATE') return `epoch_us(cast(${quoted} as timestamp))`;
  if (/^TIMESTAMP/.test(column.type)) return `epoch_us(${quoted})`;
  throw new Fault(
    'bad-request',
    say('{name} of {cell} is {type}, not a time: say `columns: { {name}: timestamp }` in the source, or cast it', {
      name,
      cell,
      type: column.type,
    }),
  );
}

/** Whether a row of the answer is final under a bound. */
export function finalSql(shape: TimedShape, micros: string, boundUs: number | null): string {
  if (boundUs === null) return 'false';
  const ends =
    shape.kind === 'windows' ? `${micros} + ${shape.after} <= ${boundUs}` : `${micros} + ${shape.gap} < ${boundUs}`;
  return `coalesce(${ends}, false)`;
}

/** The rows of a stream that an answer which is not final may still be made of. */
export function neededSql(shape: TimedShape, rows: string, micros: string, boundUs: number | null): string {
  if (boundUs === null) return `select * from ${rows}`;
  if (shape.kind === 'windows')
    return `select * from ${rows} where ${micros} >= ${boundUs - shape.before - shape.after}`;
  const by = shape.by.map(quoteIdentifier);
  const over = (keys: readonly string[]) => (keys.length === 0 ? '' : `partition by ${keys.join(', ')}`);
  const added = ['__us', '__starts', '__session', '__end'].map(quoteIdentifier).join(', ');
  return `select * exclude (${added}) from (
  select *, max("__us") over (${over([...by, '"__session"'])}) as "__end" from (
    select *, count(*) filter ("__starts") over (${over(by)} order by "__us") as "__session" from (
      select *, "__us" - lag("__us") over (${over(by)} order by "__us") > ${shape.gap} as "__starts" from (
        select *, ${micros} as "__us" from ${rows}))))
where "__end" + ${shape.gap} >= ${boundUs}`;
}

/** Each stream's rows as one column, of which each row has one. */
export function stateSql(parts: readonly { readonly stream: string; readonly needed: string }[]): string {
  return parts
    .map(({ stream, needed }) => `select "__each" as ${quoteIdentifier(stream)} from (${needed}) as "__each"`)
    .join('\nunion all by name\n');
}

export function keptSql(stateScan: string, stream: string): string {
  const column = quoteIdentifier(stream);
  return `select unnest(${column}) from (${stateScan}) where ${column} is not null`;
}

export function lateWhere(micros: string, boundUs: number | null): string {
  return `${micros} is null${boundUs === null ? '' : ` or ${micros} < ${boundUs}`}`;
}

/** Late rows of all streams, with the bound that they missed. Streams without one give their columns. */
export function lateSql(
  parts: readonly { readonly stream: string; readonly tables: StreamTables; readonly late: string | null }[],
  boundUs: number | null,
): string {
  const bound = boundUs === null ? 'null::timestamp' : `make_timestamp(${boundUs})`;
  return parts
    .map(({ stream, tables, late }) => {
      const rows =
        late === null ? `select * from ${tables.rows} where false` : `select * from ${tables.incoming} where ${late}`;
      return `select *, ${quoteLiteral(stream)} as _stream, ${bound} as _bound from (${rows})`;
    })
    .join('\nunion all by name\n');
}
