import type { TextSample } from '../csv/sample.ts';
import { holdsHalf } from './half.ts';

/** How records lie in a JSON file: one a line, in one array, or somewhere in one object. */
export type JsonShape = 'lines' | 'array' | 'object';

/** With `records:` a single line is a document; without, it is a file of one record. */
export function shapeOf(sample: TextSample, hasRecords: boolean): JsonShape {
  const first = sample.text.trimStart()[0];
  if (first === '[') return 'array';
  const lines = completeLines(sample).slice(0, 200);
  const good = lines.filter((line) => isObject(line)).length;
  if (hasRecords && lines.length === 1 && !sample.cut) return 'object';
  return good > 0 && good >= lines.length * 0.2 ? 'lines' : 'object';
}

/** The lines of the sample that hold an object, for finding out the columns. */
export function goodLines(sample: TextSample): readonly string[] {
  return completeLines(sample).filter(isObject);
}

function completeLines(sample: TextSample): readonly string[] {
  const lines = sample.text.split(/\r\n|\n|\r/);
  if (sample.cut && lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '');
}

function isObject(line: string): boolean {
  if (!line.trimStart().startsWith('{') || holdsHalf(line)) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    // Not JSON is an answer here: the line is no record.
    return false;
  }
}
