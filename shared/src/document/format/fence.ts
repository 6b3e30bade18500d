import { type CellKind, isCellKind } from '../cell.ts';

/** A stretch of Markdown lines, `[start, end)`, that is either text, a fenced block or an HTML comment. */
export interface Segment {
  readonly type: 'text' | 'fence' | 'comment';
  readonly start: number;
  readonly end: number;
  /** Null when the file ends before the block does; then this line would close it. */
  readonly missingCloser: string | null;
  /** Fences: the info string, and whether the fence stands at the left edge, where cells do. */
  readonly info: string;
  readonly atEdge: boolean;
}

const OPENING = /^( {0,3})(`{3,}|~{3,})[ \t]*(.*?)[ \t]*$/;

/** Cuts lines as CommonMark does, as far as cells are concerned: a fence inside a fence or a comment is text. */
export function segmentsOf(lines: readonly string[]): Segment[] {
  const segments: Segment[] = [];
  let textStart = 0;
  let at = 0;
  while (at < lines.length) {
    const block = fenceAt(lines, at) ?? commentAt(lines, at);
    if (block === null) {
      at += 1;
      continue;
    }
    if (at > textStart) segments.push(textSegment(textStart, at));
    segments.push(block);
    at = block.end;
    textStart = at;
  }
  if (at > textStart) segments.push(textSegment(textStart, at));
  return segments;
}

function textSegment(start: number, end: number): Segment {
  return { type: 'text', start, end, missingCloser: null, info: '', atEdge: false };
}

function fenceAt(lines: readonly string[], start: number): Segment | null {
  const opening = OPENING.exec(lines[start] ?? '');
  if (opening === null) return null;
  const [, indent = '', fence = '', info = ''] = opening;
  const char = fence.charAt(0);
  if (char === '`' && info.includes('`')) return null;
  const closing = new RegExp(`^ {0,3}${char}{${fence.length},}[ \\t]*$`);
  let end = start + 1;
  while (end < lines.length && !closing.test(lines[end] ?? '')) end += 1;
  const closed = end < lines.length;
  const missingCloser = closed ? null : fence;
  return { type: 'fence', start, end: closed ? end + 1 : end, missingCloser, info, atEdge: indent === '' };
}

function commentAt(lines: readonly string[], start: number): Segment | null {
  const line = lines[start] ?? '';
  const opening = /^ {0,3}<!--/.exec(line);
  if (opening === null) return null;
  let end = start;
  let rest = line.slice(opening[0].length);
  while (end < lines.length && !rest.includes('-->')) {
    end += 1;
    rest = lines[end] ?? '';
  }
  const closed = end < lines.length;
  const missingCloser = closed ? null : '-->';
  return { type: 'comment', start, end: closed ? end + 1 : end, missingCloser, info: '', atEdge: false };
}

/** The first two words of a cell's info string, when it is one. Names are judged later, so odd ones count too. */
export function cellOfInfo(info: string): { kind: CellKind; name: string } | null {
  const words = twoWords(info);
  if (words === null || !isCellKind(words.first) || words.first === 'markdown') return null;
  return { kind: words.first, name: words.second };
}

export function twoWords(info: string): { first: string; second: string } | null {
  const match = /^(\S+)[ \t]+([\p{L}\p{M}\p{N}_.-]+)$/u.exec(info);
  return match ? { first: match[1] ?? '', second: match[2] ?? '' } : null;
}

/** A name as it can stand in an info string. */
export function nameForInfo(name: string): string {
  return name.replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, '_') || 'unnamed';
}
