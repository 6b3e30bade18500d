/**
 * Prose that would be taken for the notebook's own marks when it is read back gets one word more when written, and
 * loses one when read: a code sample whose info string reads like a cell, and the line between two prose cells.
 */
import { cellOfInfo, segmentsOf } from './fence.ts';

/** Stands between two prose cells that follow each other; invisible where the file is shown. */
export const proseSeparator = '<!-- cell -->';
const SEPARATOR_LIKE = /^<!-- cell((?: text)*) -->[ \t]*$/;
const TEXT_MARKS = /^(.*?)((?:[ \t]+\{text\})*)$/;

/** Lines of a prose cell as they stand in the file; none for a blank cell. Open fences and comments are closed. */
export function writeProse(source: string): string[] {
  const lines = trimmed(source.split('\n'));
  const segments = segmentsOf(lines);
  for (const { type, start, end, atEdge, info } of segments) {
    const line = lines[start] ?? '';
    if (type === 'fence' && atEdge && readsAsCell(info)) lines[start] = `${line.trimEnd()} {text}`;
    if (type === 'comment' && end === start + 1) {
      lines[start] = line.replace(SEPARATOR_LIKE, (_, marks: string) => `<!-- cell${marks} text -->`);
    }
  }
  const closer = segments.at(-1)?.missingCloser;
  return closer ? [...lines, closer] : lines;
}

/** Whether a line outside fences parts two prose cells. */
export function isSeparator(line: string): boolean {
  return SEPARATOR_LIKE.exec(line)?.[1] === '';
}

/** Takes the extra word off the first line of a fence or comment. */
export function readProseLine(line: string): string {
  if (SEPARATOR_LIKE.test(line)) return line.trimEnd().replace(/ text -->$/, ' -->');
  const fence = /^(`{3,}|~{3,})[ \t]*(.*?)[ \t]*$/.exec(line);
  if (fence === null || !readsAsCell(fence[2] ?? '')) return line;
  return line.trimEnd().replace(/[ \t]+\{text\}$/, '');
}

function readsAsCell(info: string): boolean {
  return cellOfInfo(TEXT_MARKS.exec(info)?.[1] ?? '') !== null;
}

/** Without the blank lines around it and the white space at its end. */
export function trimmed(lines: readonly string[]): string[] {
  const isBlank = (line: string): boolean => /^[ \t]*$/.test(line);
  let start = 0;
  let end = lines.length;
  while (start < end && isBlank(lines[start] ?? '')) start += 1;
  while (end > start && isBlank(lines[end - 1] ?? '')) end -= 1;
  return lines
    .slice(start, end)
    .map((line, index, all) => (index === all.length - 1 ? line.replace(/[ \t]+$/, '') : line));
}
