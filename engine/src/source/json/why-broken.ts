import { Fault, isFault, say } from '@datacraft/shared';
import type { SourceContext } from '../source.ts';
import { findBreak } from './broken.ts';
import type { PreparedJson } from './prepare.ts';

/** What DuckDB said of files that it could not read as JSON, in words of ours where they say more. */
export async function whyBroken(
  error: unknown,
  { files, format }: Pick<PreparedJson, 'files' | 'format'>,
  context: SourceContext,
): Promise<unknown> {
  if (!isFault(error, 'query-failed')) return error;
  for (const { file, path, gzip } of format === 'array' ? files : []) {
    const broken = await findBreak({ ...file, path }, gzip, context.signal);
    if (broken) return broken;
  }
  const names = files.map(({ file }) => file.shownAs).join(', ');
  const first = error.message.split('\n')[0] ?? '';
  const most = /"maximum_object_size" of (\d+) bytes exceeded/.exec(first)?.[1];
  if (most !== undefined) return tooLarge(names, Math.round(Number(most) / 1024 ** 2), error);
  // Lines are read by the CSV reader, which refuses only these.
  const line = /^CSV Error on Line: (\d+)/.exec(first)?.[1];
  const reason =
    line === undefined
      ? files.reduce((text, { path, file }) => text.replaceAll(path, file.shownAs), first).slice(0, 300)
      : `line ${line} is longer than 16 MB or not valid UTF-8`;
  return new Fault(
    'source-unreadable',
    say('{names} cannot be read as JSON: {reason}', { names, reason }),
    { file: names },
    { cause: error },
  );
}

function tooLarge(names: string, mb: number, cause: unknown): Fault {
  const words = say(
    '{names} has a record that is too large: at most {mb} MB are read; split it, or make each item a record',
    {
      names,
      mb,
    },
  );
  return new Fault('source-unreadable', words, { file: names }, { cause });
}
