import type { Column } from '@datacraft/shared';
import { quoteIdentifier } from '@datacraft/shared';
import { csvSource, encoded } from './learn-sql.ts';
import { kindOf } from './role.ts';

/** The columns of a relation that a forecast goes by. */
export interface SeriesColumns {
  readonly time: Column;
  readonly target: Column;
  readonly drivers: readonly Column[];
  readonly scenario: Column | null;
}

/** The series in order, for a training thread. */
export function seriesSelect({ time, target, drivers, scenario }: SeriesColumns): string {
  const number = (column: Column) =>
    encoded({ ...column, kind: kindOf(column.type) === 'boolean' ? 'boolean' : 'number' });
  const columns = [
    `${encoded({ ...time, kind: kindOf(time.type) ?? 'number' })} as "time"`,
    `${number(target)} as target`,
    ...drivers.map((driver, at) => `${number(driver)} as d${at}`),
    ...(scenario === null ? [] : [`nullif(${quoteIdentifier(scenario.name)}::varchar, '') as scenario`]),
  ];
  return `select ${columns.join(', ')} from "__learn" order by 1 nulls last`;
}

/** What was, and what is to come: rows behind the last one that was are told by the forecast. */
export function forecastSelect({ time, target, scenario }: SeriesColumns, isCalendar: boolean, file: string): string {
  const [at, value] = [quoteIdentifier(time.name), quoteIdentifier(target.name)];
  const from = isCalendar && time.type === 'TIMESTAMP WITH TIME ZONE' ? `timezone('UTC', f."at")` : 'f."at"';
  const named = (sql: (column: Column) => string) =>
    scenario === null ? '' : `${sql(scenario)} as ${quoteIdentifier(scenario.name)}, `;
  const was = named(({ type }) => `null::${type}`);
  const comes = named(({ type }) => `cast(f.scenario as ${type})`);
  const none = 'null::double';
  const columns = `{ 'at': '${isCalendar ? 'TIMESTAMP' : 'DOUBLE'}', 'forecast': 'DOUBLE', 'lower': 'DOUBLE', 'upper': 'DOUBLE', 'scenario': 'VARCHAR' }`;
  return `select * from (
      select ${at}, ${was}${value}, ${none} as forecast, ${none} as lower, ${none} as upper, 'actual' as kind
      from "__learn" where ${at} <= (select max(${at}) from "__learn" where ${value} is not null)
      union all
      select cast(${from} as ${time.type}) as ${at}, ${comes}null::${target.type} as ${value}, f.forecast, f."lower", f."upper", 'forecast' as kind
      from ${csvSource(file, columns)} f
    ) order by ${[at, ...(scenario === null ? [] : [quoteIdentifier(scenario.name)])].join(', ')}`;
}
