import { Fault } from '@datacraft/shared';

/** The fault for `rejects: fail`. `first` is the first row of the rejects: file, line, column, reason, raw. */
export function rejectedFault(
  first: readonly unknown[],
  count: number,
  counts: 'line' | 'record' | 'row',
  cause: unknown,
): Fault {
  const [file, line, column, reason, raw] = first;
  const rest = count > 1 ? ` (and ${count - 1} more ${count === 2 ? 'row' : 'rows'})` : '';
  const hint =
    typeof column === 'string'
      ? `mend the row, declare another type with columns: { ${column}: varchar }, or set rejects: table to keep the good rows`
      : 'mend the row, or set rejects: table to keep the good rows';
  return new Fault(
    'source-rows-rejected',
    `${String(file)}, ${counts} ${String(line)}: ${String(reason)}${rest}; ${hint}`,
    {
      file: String(file),
      fileLine: Number(line),
      ...(typeof column === 'string' ? { columnName: column } : {}),
      reason: String(reason),
      raw: String(raw).slice(0, 500),
      rejected: count,
      hint,
    },
    { cause },
  );
}
