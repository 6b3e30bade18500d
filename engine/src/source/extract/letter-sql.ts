import type { ResolvedFile } from '../source.ts';
import { lineSize } from '../line-size.ts';
import { quoteText } from '../sql-text.ts';

const letterColumns =
  "{place: 'BIGINT', line: 'BIGINT', reason: 'VARCHAR', topic: 'VARCHAR', \"partition\": 'BIGINT', \"offset\": 'BIGINT', ms: 'BIGINT', headers: 'VARCHAR', key64: 'VARCHAR', bytes64: 'VARCHAR', letter: 'VARCHAR', attempts: 'BIGINT'}";
const LINE_BYTES = 2 * 1024 ** 2;
const RAW_CHARS = 10_000;

/**
 * The bad rows of a reading as they came: those that no decoder could read, and those of `rejects`, which name the line
 * of their record. Columns are those of every rejects table, and with them where the message was, its key and its bytes.
 */
export function lettersSelect(rejects: string | null, file: ResolvedFile, longestRow: number): string {
  const lines = `read_csv([${quoteText(file.path)}], auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, ${lineSize(Math.max(LINE_BYTES, longestRow + 1))}, columns = ${letterColumns})`;
  const undecoded = `select ${quoteText(file.shownAs)} as file, place as line, null::varchar as column_name, reason, null::varchar as shown, ${kept}
from ${lines} where line is null`;
  const misfits = `select r.file, l.place as line, r.column_name, r.reason, r.raw as shown, ${kept}
from (${rejects ?? ''}) r join ${lines} l on l.line = r.line`;
  const both = rejects === null ? undecoded : `${undecoded}\nunion all\n${misfits}`;
  return `select file, line, column_name, reason,
  coalesce(left(try(decode(from_base64(bytes64))), ${RAW_CHARS}), left(shown, ${RAW_CHARS}), left(hex(from_base64(bytes64)), ${RAW_CHARS})) as raw,
  topic, "partition", "offset", make_timestamp(ms * 1000) as "timestamp", headers, from_base64(key64) as key,
  from_base64(bytes64) as bytes, letter, coalesce(attempts, 0) as attempts
from (${both})`;
}

const kept = 'topic, "partition", "offset", ms, headers, key64, bytes64, letter, attempts';
