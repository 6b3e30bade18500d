import { writeFile } from 'node:fs/promises';
import { Fault, asSaid, say } from '@datacraft/shared';
import type { CsvFile } from './statement.ts';
import type { Dialect } from './records.ts';
import { readBytes } from './scan.ts';

/** DuckDB's own limit for a record is 2 MB. */
const QUOTED_MAX_BYTES = 1.5 * 1024 * 1024;

/**
 * Walks through the quotes of a file, for two things that DuckDB does not do:
 *
 * - It counts records where people count lines. `target` says, as CSV, from which byte on how many lines more must be
 *   added; the rejects are joined to it.
 * - Its parallel reader may drop what follows a quote that is not closed for megabytes, so that is a fault here.
 */
export async function walkQuotes(
  file: CsvFile,
  gzip: boolean,
  dialect: Dialect,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const walk = createQuoteWalk(dialect);
  for await (const chunk of readBytes(file.path, gzip, signal)) {
    const line = walk.add(chunk);
    if (line !== null) throw runaway(file, line);
  }
  await writeFile(target, `0,0\n${walk.shifts.join('')}`);
}

function runaway(file: CsvFile, line: number): Fault {
  const hint = 'mend that line, or set quote: "" if quotes are plain characters in this file';
  return new Fault(
    'source-unreadable',
    say('{shownAs}, line {line}: a value opens with a quote that is not closed within megabytes; {hint}', {
      shownAs: file.shownAs,
      line,
      hint: asSaid(hint),
    }),
    { file: file.shownAs, fileLine: line, hint },
  );
}

function createQuoteWalk(dialect: Dialect) {
  const quote = dialect.quote.charCodeAt(0);
  const escape = dialect.escape === dialect.quote || dialect.escape === '' ? -1 : dialect.escape.charCodeAt(0);
  const delimiterEnd = Buffer.from(dialect.delimiter).at(-1) ?? 44;
  const shifts: string[] = [];
  let [at, line, inner, told] = [0, 1, 0, 0];
  let [quoted, escaped, fieldStart, previous] = [false, false, true, 10];
  let [openedAt, openedLine] = [0, 1];
  return {
    /** `from byte, lines` for each record that spans lines. */
    shifts,
    /** The line of a quote that stays open too long, else null. */
    add(chunk: Buffer): number | null {
      for (let index = 0; index < chunk.length; index++) {
        const byte = chunk[index] ?? 0;
        if (byte === 10) line++;
        if (quoted) {
          if (escaped) escaped = false;
          else if (byte === escape) escaped = true;
          else if (byte === quote) quoted = false;
          else if (byte === 10) inner++;
        } else {
          if (byte === quote && (fieldStart || previous === quote)) {
            quoted = true;
            if (fieldStart) [openedAt, openedLine] = [at + index, line];
          }
          fieldStart = byte === delimiterEnd || byte === 10 || byte === 13;
          if (byte === 10 && inner > told) {
            told = inner;
            shifts.push(`${at + index + 2},${inner}\n`);
          }
        }
        previous = byte;
      }
      at += chunk.length;
      return quoted && at - openedAt > QUOTED_MAX_BYTES ? openedLine : null;
    },
  };
}
