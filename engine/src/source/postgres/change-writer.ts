import type { TypedColumn } from '../source.ts';
import type { Change, Tuple } from './pgoutput.ts';
import { arrayJson } from './pgoutput.ts';

/** What stands beside the values of a changed row. `same`: names of values that were not sent because they stay. */
const control: readonly TypedColumn[] = [
  { name: '__op', type: 'VARCHAR', form: 'plain' },
  { name: '__seq', type: 'BIGINT', form: 'plain' },
  { name: '__same', type: 'VARCHAR[]', form: 'list' },
];

export function changeColumns(columns: readonly TypedColumn[]): readonly TypedColumn[] {
  return [...control, ...columns];
}

export interface ChangeWriter {
  /** Rows of a change file: `u` puts a row, `d` takes it away, `t` takes all away. */
  rowsOf(change: Change): (string | null)[][];
  /** True once the changes alone do not tell the rows: other columns, or a new key with values that were not sent. */
  isLost(): boolean;
}

export function createChangeWriter(oid: string, columns: readonly TypedColumn[], key: readonly string[]): ChangeWriter {
  const names = columns.map(({ name }) => name);
  const keyAt = key.map((name) => names.indexOf(name));
  const layouts = new Map<number, readonly number[]>();
  let lost = false;
  let seq = 0;
  const row = (op: 'u' | 'd' | 't', values: Tuple) => {
    const same = names.filter((_, index) => values[index] === undefined);
    const listed = op === 'u' && same.length > 0 ? JSON.stringify(same) : null;
    const texts = columns.map((column, index) => textOf(column, values[index] ?? null));
    return [op, String((seq += 1)), listed, ...texts];
  };
  const arranged = (id: number, tuple: Tuple) => layouts.get(id)?.map((at) => tuple[at]) ?? [];
  return {
    isLost: () => lost,
    rowsOf(change) {
      switch (change.kind) {
        case 'relation':
          if (change.id !== Number(oid)) return [];
          layouts.set(
            change.id,
            names.map((name) => change.columns.indexOf(name)),
          );
          lost ||= change.columns.length !== names.length || names.some((name) => !change.columns.includes(name));
          return [];
        case 'insert':
          return layouts.has(change.id) ? [row('u', arranged(change.id, change.row))] : [];
        case 'update': {
          if (!layouts.has(change.id)) return [];
          const after = arranged(change.id, change.row);
          const before = change.before === null ? null : arranged(change.id, change.before);
          const moved = before !== null && keyAt.some((at) => before[at] !== after[at]);
          lost ||= moved && after.includes(undefined);
          return moved ? [row('d', before), row('u', after)] : [row('u', after)];
        }
        case 'delete':
          return layouts.has(change.id) ? [row('d', arranged(change.id, change.before))] : [];
        case 'truncate':
          return change.ids.some((id) => layouts.has(id))
            ? [
                row(
                  't',
                  names.map(() => null),
                ),
              ]
            : [];
        default:
          return [];
      }
    },
  };
}

function textOf({ form }: TypedColumn, value: string | null): string | null {
  if (value === null) return null;
  if (form === 'list') return arrayJson(value);
  return form === 'hex' ? value.replace(/^\\x/, '') : value;
}
