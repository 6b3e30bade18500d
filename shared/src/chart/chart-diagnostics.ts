import type { Words } from '../said/said.ts';
import { asSaid, say } from '../said/said.ts';
import type { ChartSpec, ChartType, Encoding } from '../document/spec/chart.ts';
import { nearest } from '../nearest.ts';
import type { Column } from '../relation/relation.ts';
import { buckets, classOf, columnNameOf, encodingsOf, findColumn } from './encoding.ts';

/** A finding about a chart's config; whoever knows the cell makes it a `Diagnostic`. */
export interface ChartIssue {
  readonly path: readonly (string | number)[];
  readonly code: 'unknown-column' | 'wrong-type' | 'missing-key' | 'bad-value';
  readonly message: Words;
  readonly suggestion?: string;
}

interface Use {
  readonly path: readonly (string | number)[];
  readonly encoding: Encoding;
  /** Sums and averages need numbers. */
  readonly measured: boolean;
}

const NEEDS: Partial<Record<ChartType, readonly ('x' | 'y')[]>> = {
  line: ['x'],
  area: ['x'],
  bar: ['x'],
  funnel: ['x'],
  pie: ['x'],
  scatter: ['x', 'y'],
  heatmap: ['x', 'y'],
  histogram: ['x'],
  boxplot: ['y'],
  sankey: ['x', 'y'],
  candlestick: ['x', 'y'],
  map: ['x', 'y'],
};

export function chartDiagnostics(spec: ChartSpec, columns: readonly Column[]): ChartIssue[] {
  return [...missing(spec), ...usesOf(spec).flatMap((use) => judge(use, columns)), ...shapeIssues(spec, columns)];
}

function missing(spec: ChartSpec): ChartIssue[] {
  const keys: ChartIssue[] = (NEEDS[spec.type] ?? [])
    .filter((key) => encodingsOf(spec[key]).length === 0)
    .map((key) => ({
      path: [key],
      code: 'missing-key',
      message: say('a {type} chart needs "{key}": a column name', { type: spec.type, key }),
    }));
  if (spec.type === 'pivot' && (spec.rows ?? []).length + (spec.columns ?? []).length === 0) {
    keys.push({
      path: ['rows'],
      code: 'missing-key',
      message: 'a pivot needs "rows" or "columns": a list of column names',
    });
  }
  return keys;
}

function usesOf(spec: ChartSpec): Use[] {
  const yMeasured = !['scatter', 'heatmap', 'boxplot', 'sankey', 'candlestick', 'map'].includes(spec.type);
  const listed = Array.isArray(spec.y);
  const one = (key: 'x' | 'color' | 'size' | 'value' | 'compare', measured: boolean): Use[] => {
    const encoding = spec[key];
    return encoding === undefined ? [] : [{ path: [key], encoding, measured }];
  };
  const list = (key: 'rows' | 'columns' | 'values', measured: boolean): Use[] =>
    (spec[key] ?? []).map((encoding, at) => ({ path: [key, at], encoding, measured }));
  return [
    ...one('x', false),
    ...encodingsOf(spec.y).map((encoding, at) => ({ path: listed ? ['y', at] : ['y'], encoding, measured: yMeasured })),
    ...one('color', false),
    ...one('size', false),
    ...one('value', true),
    ...one('compare', true),
    ...list('rows', false),
    ...list('columns', false),
    ...list('values', true),
  ];
}

function judge({ path, encoding, measured }: Use, columns: readonly Column[]): ChartIssue[] {
  const name = columnNameOf(encoding);
  const column = findColumn(name, columns);
  const at = typeof encoding === 'string' ? path : [...path, 'column'];
  if (column === null) return [unknownColumn(at, name, columns)];
  if (typeof encoding === 'string') return [];
  const issues: ChartIssue[] = [];
  const kind = classOf(column.type);
  if (encoding.bucket !== undefined && kind !== 'time') {
    const message = say('"bucket" needs a date or a timestamp; {name} is {type}', {
      name: column.name,
      type: column.type,
    });
    issues.push({ path: [...path, 'bucket'], code: 'wrong-type', message });
  } else if (encoding.bucket !== undefined && !buckets.some((known) => known === encoding.bucket)) {
    const suggestion = nearest(encoding.bucket, buckets);
    const message = say('bad value for "bucket": expected {buckets}, got "{bucket}"', {
      buckets: buckets.join(', '),
      bucket: encoding.bucket,
    });
    issues.push({
      path: [...path, 'bucket'],
      code: 'bad-value',
      message,
      ...(suggestion === null ? {} : { suggestion }),
    });
  }
  const { aggregate } = encoding;
  if (measured && (aggregate === 'sum' || aggregate === 'avg' || aggregate === 'median') && kind !== 'number') {
    const message = say('"{aggregate}" needs numbers; {name} is {type}. Count it, or choose a number', {
      aggregate,
      name: column.name,
      type: column.type,
    });
    issues.push({ path: [...path, 'aggregate'], code: 'wrong-type', message, suggestion: 'count' });
  }
  return issues;
}

function unknownColumn(path: readonly (string | number)[], name: string, columns: readonly Column[]): ChartIssue {
  const names = columns.map((column) => column.name);
  const suggestion = nearest(name, names);
  const hint =
    suggestion === null
      ? say('it has {names}', { names: listed(names) })
      : say('did you mean "{suggestion}"?', { suggestion });
  const message = say('there is no column "{name}"; {hint}', { name, hint });
  return { path, code: 'unknown-column', message, ...(suggestion === null ? {} : { suggestion }) };
}

function listed(names: readonly string[]): Words {
  return names.length <= 8
    ? names.join(', ')
    : say('{names} and {length} more', { names: names.slice(0, 8).join(', '), length: names.length - 8 });
}

/** Pictures that need a number on an axis. */
function shapeIssues(spec: ChartSpec, columns: readonly Column[]): ChartIssue[] {
  const wanted: [key: 'x' | 'y', kinds: readonly string[], words: Words][] = [];
  if (spec.type === 'histogram') wanted.push(['x', ['number', 'time'], 'a number or a date']);
  if (['boxplot', 'scatter', 'candlestick', 'map'].includes(spec.type)) wanted.push(['y', ['number'], 'a number']);
  if (spec.type === 'map') wanted.push(['x', ['number'], 'a number, the longitude,']);
  if (spec.type === 'candlestick') wanted.push(['x', ['number', 'time'], 'a date or a number']);
  return wanted.flatMap(([key, kinds, words]) =>
    encodingsOf(spec[key]).flatMap((encoding) => {
      const column = findColumn(columnNameOf(encoding), columns);
      if (column === null || kinds.includes(classOf(column.type))) return [];
      const message = say('a {type} chart needs {words} on "{key}"; {name} is {found}', {
        type: spec.type,
        words: asSaid(words),
        key,
        name: column.name,
        found: column.type,
      });
      return [{ path: [key], code: 'wrong-type' as const, message }];
    }),
  );
}
