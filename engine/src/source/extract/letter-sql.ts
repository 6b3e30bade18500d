import type { ResolvedFile } from '../source.ts';
import { lineSize } from '../line-size.ts';
import { quoteText } from '../sql-text.ts';
import { letterInLine } from './letter-line.ts';

const COLUMNS = {
  place: 'BIGINT',
  line: 'BIGINT',
  reason: 'VARCHAR',
  topic: 'VARCHAR',
  partition: 'BIGINT',
  offset: 'BIGINT',
  ms: 'BIGINT',
  headers: 'VARCHAR',
  key: 'VARCHAR',
  bytes: 'VARCHAR',
  letter: 'VARCHAR',
  attempts: 'BIGINT',
};
const LINE_BYTES = 2 * 1024 ** 2;
const RAW_CHARS = 10_000;

/** Where a reading left what its bad rows are made of. */
export interface Letters {
  /** Null: each is in the line of its record. */
  readonly file: ResolvedFile | null;
  readonly longestRow: number;
  /** Null: each has a row of its own. */
  readonly topic: string | null;
}

/**
 * The bad rows of a reading as they came: those that no decoder could read, and those of `rejects`, which name the line
 * `line` of their record and hold it whole in `l` where `topic` is not null. Columns are those of every rejects table, and
 * with them where the message was, its key and its bytes.
 */
export function lettersSelect(rejects: string | null, letters: Letters, shownAs: string): string {
  const rows = rowsOf(letters);
  const undecoded = `select ${quoteText(shownAs)} as file, place as line, null::varchar as column_name, reason, null::varchar as shown, ${kept}
from ${rows} where line is null`;
  const misfits = rejects === null ? [] : misfitsOf(rejects, rows, letters.topic);
  return `select file, line, column_name, reason,
  coalesce(left(try(decode(bytes)), ${RAW_CHARS}), left(shown, ${RAW_CHARS}), left(hex(bytes), ${RAW_CHARS})) as raw,
  topic, "partition", "offset", make_timestamp(ms * 1000) as "timestamp", headers, key, bytes, letter, coalesce(attempts, 0) as attempts
from (${[undecoded, ...misfits].join('\nunion all\n')})`;
}

function misfitsOf(rejects: string, rows: string, topic: string | null): string[] {
  const own = `select r.file, w.place as line, r.column_name, r.reason, r.raw as shown, ${kept}
from (${rejects}) r join (select * exclude (reason) from ${rows}) w on w.line = r.line`;
  if (topic === null) return [own];
  const found = letterInLine(topic);
  const columns = kept.split(', ').map((name) => `${found[name.replaceAll('"', '')] ?? 'null'} as ${name}`);
  // As those with a row of their own they are numbered among all messages: each is behind the ones that were set aside before it.
  const aside = `select place - row_number() over (order by place) as behind from ${rows} where line is null`;
  const place = `line + (select count(*) from (${aside}) a where a.behind < b.line)`;
  const inLine = `select file, ${place} as line, column_name, reason, raw as shown, ${columns.join(', ')}
from (${rejects}) b where line not in (select line from ${rows} where line is not null)`;
  return [own, inLine];
}

const kept = 'topic, "partition", "offset", ms, headers, key, bytes, letter, attempts';

function rowsOf({ file, longestRow }: Letters): string {
  const from =
    file === null
      ? `(select ${Object.entries(COLUMNS)
          .map(([name, type]) => `null::${type} as "${name}"`)
          .join(', ')} where false)`
      : `read_csv([${quoteText(file.path)}], auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, ${lineSize(Math.max(LINE_BYTES, longestRow + 1))}, columns = {${Object.entries(
          COLUMNS,
        )
          .map(([name, type]) => `"${name}": '${type}'`)
          .join(', ')}})`;
  return `(select * replace (from_base64(key) as key, from_base64(bytes) as bytes) from ${from})`;
}
