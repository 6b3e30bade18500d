import type { Vector } from 'apache-arrow';
import { tableFromIPC } from 'apache-arrow';
import type { Feature } from './feature.ts';
import { codesOf, levelsOf, numberFeature } from './feature.ts';
import type { Lesson } from './lesson.ts';
import type { SplitBy } from './split.ts';
import type { TrainTable } from './table.ts';
import { classesOf } from './table.ts';

/** Columns of Arrow bytes, a file's or a stream's, by name. */
export interface ArrowColumns {
  readonly count: number;
  numbers(name: string): Float64Array;
  words(name: string): (string | null)[];
}

export function readArrow(bytes: Uint8Array): ArrowColumns {
  const table = tableFromIPC(bytes);
  const column = (name: string): Vector => {
    const found = table.getChild(name);
    if (found === null) throw new Error(`the rows have no column ${name}`);
    return found;
  };
  return {
    count: table.numRows,
    numbers: (name) => {
      const vector = column(name);
      return Float64Array.from({ length: table.numRows }, (_, row) => {
        const value: unknown = vector.get(row);
        return value === null ? NaN : Number(value);
      });
    },
    words: (name) => {
      const vector = column(name);
      return Array.from({ length: table.numRows }, (_, row) => {
        const value: unknown = vector.get(row);
        return value === null ? null : String(value);
      });
    },
  };
}

/** What learners read, from what SQL selected. */
export function trainTableOf(lesson: Lesson, rows: ArrowColumns): TrainTable {
  const encoded = lesson.features.map(({ name, kind, type }, at) => {
    if (kind !== 'category') {
      const values = rows.numbers(`f${at}`);
      return { feature: numberFeature(name, kind, type, values), values };
    }
    const words = rows.words(`f${at}`);
    const { levels, pooled } = levelsOf(words);
    const values = codesOf(words, levels, pooled);
    const range = { min: null, max: null, mean: null };
    const feature: Feature = { name, kind, type, nullable: words.includes(null), levels, pooled, ...range };
    return { feature, values };
  });
  const { target, classes } = targetOf(lesson, rows);
  return {
    features: encoded.map(({ feature }) => feature),
    columns: encoded.map(({ values }) => values),
    count: rows.count,
    target,
    classes,
    splitBy: splitOf(lesson, rows, target),
  };
}

function targetOf(lesson: Lesson, rows: ArrowColumns): { target: Float64Array | null; classes: string[] } {
  if (lesson.target === null) return { target: null, classes: [] };
  if (lesson.request.task === 'regression') return { target: rows.numbers('target'), classes: [] };
  const labels = rows.words('target');
  const classes = classesOf(labels);
  return { target: codesOf(labels, classes, false), classes };
}

function splitOf({ splitBy }: Lesson, rows: ArrowColumns, target: Float64Array | null): SplitBy {
  if (splitBy === 'time') return { kind: 'time', times: rows.numbers('by') };
  if (splitBy === 'group') return { kind: 'group', groups: rows.words('by').map((group) => group ?? '') };
  return splitBy === 'stratified' && target !== null ? { kind: 'stratified', labels: target } : { kind: 'random' };
}
