import type { Column } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';

/** The columns by which a target finds a row again: of the export, else of the cell. */
export function keyOf(
  { mode, key }: { readonly mode?: string; readonly key?: string | readonly string[] },
  uniqueKey: string | readonly string[] | undefined,
  columns: readonly Column[],
): readonly string[] {
  const said = key ?? uniqueKey;
  const names = said === undefined ? [] : typeof said === 'string' ? [said] : said;
  const unknown = names.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new Fault('bad-request', say('export.key names {unknown}, which is no column', { unknown }));
  if (names.length > 0) return names;
  throw new Fault(
    'bad-request',
    say('mode: {mode} finds rows by their key; write key: [column], or unique_key of the cell', {
      mode: mode ?? 'append',
    }),
  );
}
