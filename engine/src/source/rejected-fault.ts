import { asSaid, english, Fault, say } from '@datacraft/shared';
import { reasonSaid } from '@datacraft/shared/portuguese';

const PLACED = {
  line: '{file}, line {line}: {reason}{rest}; {hint}',
  record: '{file}, record {line}: {reason}{rest}; {hint}',
  row: '{file}, row {line}: {reason}{rest}; {hint}',
} as const;

/** The fault for `rejects: fail`. `first` is the first row of the rejects: file, line, column, reason, raw. */
export function rejectedFault(
  first: readonly unknown[],
  count: number,
  counts: 'line' | 'record' | 'row',
  cause: unknown,
): Fault {
  const [file, line, column, reason, raw] = first;
  const rest =
    count > 1 ? (count === 2 ? say(' (and 1 more row)') : say(' (and {more} more rows)', { more: count - 1 })) : '';
  const hint =
    typeof column === 'string'
      ? say(
          'mend the row, declare another type with columns: {declared}, or set rejects: table to keep the good rows',
          { declared: `{ ${column}: varchar }` },
        )
      : say('mend the row, or set rejects: table to keep the good rows');
  return new Fault(
    'source-rows-rejected',
    say(PLACED[counts], {
      file: String(file),
      line: String(line),
      reason: asSaid(reasonSaid(String(reason))),
      rest,
      hint,
    }),
    {
      file: String(file),
      fileLine: Number(line),
      ...(typeof column === 'string' ? { columnName: column } : {}),
      reason: String(reason),
      raw: String(raw).slice(0, 500),
      rejected: count,
      hint: english(hint),
    },
    { cause },
  );
}
