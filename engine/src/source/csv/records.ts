export interface Dialect {
  readonly delimiter: string;
  /** Empty when values are never quoted. */
  readonly quote: string;
  readonly escape: string;
}

export interface CsvRecord {
  readonly fields: readonly string[];
  /** 1-based line on which the record begins. */
  readonly line: number;
}

/**
 * Splits sample text into records, leniently: it is for evidence, never for the data, which DuckDB reads. A last
 * record without a line end is left out when `cut` says that the text was cut.
 */
export function parseRecords(text: string, dialect: Dialect, limit: number, cut: boolean): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  const { delimiter, quote, escape } = dialect;
  let fields: string[] = [];
  let at = 0;
  let line = 1;
  let startLine = 1;
  while (at < text.length && records.length < limit) {
    let value: string;
    if (quote !== '' && text[at] === quote) {
      const closed = readQuoted(text, at, quote, escape);
      value = closed.value;
      line += closed.lines;
      at = closed.end;
      const tail = plainEnd(text, at, delimiter);
      value += text.slice(at, tail);
      at = tail;
    } else {
      const end = plainEnd(text, at, delimiter);
      value = text.slice(at, end);
      at = end;
    }
    fields.push(value);
    if (at >= text.length) break;
    if (text.startsWith(delimiter, at)) {
      at += delimiter.length;
      if (at >= text.length) fields.push('');
      continue;
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    line++;
    if (fields.length > 1 || fields[0] !== '') records.push({ fields, line: startLine });
    fields = [];
    startLine = line;
  }
  if (fields.length > 0 && !cut && records.length < limit && (fields.length > 1 || fields[0] !== '')) {
    records.push({ fields, line: startLine });
  }
  return records;
}

function plainEnd(text: string, from: number, delimiter: string): number {
  const first = delimiter.charCodeAt(0);
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
    if (code === first && (delimiter.length === 1 || text.startsWith(delimiter, at))) return at;
  }
  return text.length;
}

function readQuoted(text: string, from: number, quote: string, escape: string) {
  let value = '';
  let lines = 0;
  let at = from + 1;
  let start = at;
  while (at < text.length) {
    const character = text[at];
    if (
      character === escape &&
      escape !== '' &&
      (text[at + 1] === quote || (escape !== quote && text[at + 1] === escape))
    ) {
      value += text.slice(start, at) + (text[at + 1] ?? '');
      at += 2;
      start = at;
      continue;
    }
    if (character === quote) return { value: value + text.slice(start, at), end: at + 1, lines };
    if (character === '\n' || (character === '\r' && text[at + 1] !== '\n')) lines++;
    at++;
  }
  return { value: value + text.slice(start), end: text.length, lines };
}
