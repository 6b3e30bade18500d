import { classify } from './value.ts';
import { parseRecords, type Dialect } from './records.ts';

/** The delimiters people use, in order of preference, then those that count only when nothing usual fits. */
const USUAL = [',', ';', '\t', '|'];
const RARE = [' ', ':', '~', '^', '\x1f', '#'];
const RECORDS = 1000;

export interface DialectHints {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
}

interface Candidate {
  readonly dialect: Dialect;
  readonly width: number;
  readonly share: number;
  readonly score: number;
}

/** Finds delimiter, quote and escape: the ones under which most records have one width and most values are clean. */
export function sniffDialect(text: string, cut: boolean, hints: DialectHints): Dialect {
  const fixed = hints.delimiter;
  const usual = score(text, cut, fixed === undefined ? USUAL : [fixed], hints);
  if (fixed !== undefined && usual) return usual.dialect;
  if (usual && usual.width > 1 && usual.share >= 0.6) return usual.dialect;
  const rare = score(text, cut, RARE, hints);
  if (rare && rare.width > 1 && rare.share > 0.97 && (rare.width > 2 || rare.score > 1.3)) return rare.dialect;
  if (usual && usual.width > 1) return usual.dialect;
  return { delimiter: fixed ?? ',', ...quotesOf(text, fixed ?? ',', hints) };
}

function score(text: string, cut: boolean, delimiters: readonly string[], hints: DialectHints): Candidate | null {
  let best: Candidate | null = null;
  for (const delimiter of delimiters) {
    if (!text.includes(delimiter)) continue;
    const candidate = judge(text, cut, { delimiter, ...quotesOf(text, delimiter, hints) });
    if (candidate && (best === null || candidate.score > best.score + 1e-9)) best = candidate;
  }
  return best;
}

function judge(text: string, cut: boolean, dialect: Dialect): Candidate | null {
  const records = parseRecords(text, dialect, RECORDS, cut);
  if (records.length === 0) return null;
  const widths = new Map<number, number>();
  for (const { fields } of records) widths.set(fields.length, (widths.get(fields.length) ?? 0) + 1);
  const [width, count] = [...widths].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a));
  if (width < 2) return { dialect, width, share: count / records.length, score: 0 };
  const share = count / records.length;
  const clean = cleanShare(records.map(({ fields }) => fields).filter((fields) => fields.length === width));
  const headed = records[0]?.fields.length === width ? 0.2 : 0;
  return { dialect, width, share, score: share + 0.5 * clean + headed + 0.02 * Math.min(width, 10) };
}

/** Share of values that are plainly something (number, date, word without other delimiters). */
function cleanShare(rows: readonly (readonly string[])[]): number {
  let clean = 0;
  let all = 0;
  for (const fields of rows.slice(0, 200)) {
    for (const field of fields) {
      all++;
      if (field === '' || classify(field).kind !== 'text') clean++;
      else if (!/[;\t|,]/.test(field)) clean += 0.5;
    }
  }
  return all === 0 ? 0 : clean / all;
}

function quotesOf(text: string, delimiter: string, hints: DialectHints): { quote: string; escape: string } {
  const quote = hints.quote ?? guessQuote(text, delimiter);
  const escape = hints.escape ?? (quote === '' ? '' : guessEscape(text, quote, delimiter));
  return { quote, escape };
}

function guessQuote(text: string, delimiter: string): string {
  const opened = (quote: string) => {
    let count = 0;
    for (let at = text.indexOf(quote); at >= 0 && count < 50; at = text.indexOf(quote, at + 1)) {
      const before = at === 0 ? '\n' : text[at - 1];
      if (before === '\n' || before === '\r' || text.startsWith(delimiter, at - delimiter.length)) count++;
    }
    return count;
  };
  if (opened('"') > 0 || !text.includes("'")) return '"';
  const single = opened("'");
  const closed = text.split(`'${delimiter}`).length + text.split(/'\r?\n/).length - 2;
  return single > 1 && closed >= single * 0.8 ? "'" : '"';
}

/** Backslash only when `\"` appears and `""` does not look like an escaped quote. */
function guessEscape(text: string, quote: string, delimiter: string): string {
  if (!text.includes(`\\${quote}`)) return quote;
  const doubled = text.split(new RegExp(`[^${escapeRegExp(delimiter)}\\r\\n\\\\]${quote}${quote}`)).length - 1;
  const slashed = text.split(new RegExp(`\\\\${quote}(?![\\r\\n]|${escapeRegExp(delimiter)}|$)`)).length - 1;
  return slashed > doubled ? '\\' : quote;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}
