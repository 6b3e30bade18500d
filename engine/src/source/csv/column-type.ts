import type { Said, Words } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import { classify, type ValueShape } from './value.ts';

/** What a sample says about one column: how many values have which shape. */
export interface ColumnEvidence {
  readonly kinds: ReadonlyMap<string, number>;
  /** Per date or timestamp format, how many values fit it. */
  readonly formats: ReadonlyMap<string, number>;
  readonly markers: ReadonlySet<string>;
  /** First value seen of each kind, and its line. */
  readonly examples: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  /** Of dates such as 01/06/1986: the different first and second parts. */
  readonly dateParts: readonly [first: ReadonlySet<string>, second: ReadonlySet<string>];
  /** Values that are not NULL. */
  readonly filled: number;
}

export interface EvidenceOptions {
  readonly nullValues: ReadonlySet<string>;
  readonly formats: readonly string[];
}

export function gatherEvidence(
  values: Iterable<{ value: string; line: number }>,
  options: EvidenceOptions,
): ColumnEvidence {
  const kinds = new Map<string, number>();
  const formats = new Map<string, number>();
  const markers = new Set<string>();
  const dateParts = [new Set<string>(), new Set<string>()] as const;
  const examples = new Map<string, { value: string; line: number }>();
  let filled = 0;
  for (const { value, line } of values) {
    if (value === '' || options.nullValues.has(value)) continue;
    filled++;
    const shape = classify(value, options.formats);
    kinds.set(shape.kind, (kinds.get(shape.kind) ?? 0) + 1);
    for (const format of shape.formats ?? []) {
      const key = `${shape.kind}:${format}`;
      formats.set(key, (formats.get(key) ?? 0) + 1);
    }
    if (shape.kind === 'marker') markers.add(value);
    if (shape.formats && shape.formats.length > 1) {
      const [first, second] = value.trim().split(/[-./]/);
      if (first !== undefined && second !== undefined) {
        dateParts[0].add(first.padStart(2, '0'));
        dateParts[1].add(second.padStart(2, '0'));
      }
    }
    if (!examples.has(shape.kind)) examples.set(shape.kind, { value, line });
  }
  return { kinds, formats, markers, examples, dateParts, filled };
}

/** What holds for the whole file: DuckDB reads one decimal sign and one date order per file. */
export interface FileConventions {
  readonly decimal: '.' | ',';
  readonly thousands: '' | '.' | ',';
  readonly dateFormat: string | null;
  readonly timestampFormat: string | null;
  /** Day first or month first could not be told; the file has a warning that says so. */
  readonly ambiguousDates: boolean;
  /** A few values may disagree with their column's type: their rows will be set aside. */
  readonly tolerant: boolean;
}

export interface TypeDecision {
  readonly type: string;
  readonly warning: Words | null;
  /** Null markers (`NA`, `-`) that this type needs. */
  readonly markers: readonly string[];
}

type Kinds = readonly ValueShape['kind'][];
const WHOLE: Kinds = ['int', 'wide-int'];
const COMMON: Kinds = ['int', 'wide-int', 'zero-int', 'nan'];

export function numberKinds(decimal: '.' | ',', thousands: string): Kinds {
  return decimal === ','
    ? [...COMMON, 'comma', 'comma-group', ...(thousands === '.' ? DOT_GROUPED : [])]
    : [...COMMON, 'dot', 'dot-group', ...(thousands === ',' ? COMMA_GROUPED : [])];
}
const DOT_GROUPED: Kinds = ['dot-group', 'dot-groups', 'comma-decimal-dot-groups'];
const COMMA_GROUPED: Kinds = ['comma-group', 'comma-groups', 'dot-decimal-comma-groups'];

export function countOf(evidence: ColumnEvidence, kinds: readonly string[]): number {
  return kinds.reduce((sum, kind) => sum + (evidence.kinds.get(kind) ?? 0), 0);
}

/** How many values may disagree with a type before the column is text. */
export function allowedBad(values: number, tolerant: boolean): number {
  return tolerant && values >= 4 ? Math.max(1, Math.floor(values * 0.1)) : 0;
}

export function decideType(name: string, evidence: ColumnEvidence, file: FileConventions): TypeDecision {
  const values = evidence.filled - (evidence.kinds.get('marker') ?? 0);
  if (values <= 0) return { type: 'VARCHAR', warning: null, markers: [] };
  const bad = allowedBad(values, file.tolerant);
  const fits = (good: number) => good > 0 && values - good <= bad;
  const found = (type: string): TypeDecision => ({ type, warning: null, markers: [...evidence.markers] });

  if (fits(countOf(evidence, ['bool']))) return found('BOOLEAN');
  const numbers = countOf(evidence, numberKinds(file.decimal, file.thousands));
  if (fits(numbers)) return decideNumber(name, evidence, file, numbers, found);
  const dates = formatCount(evidence, 'date', file.dateFormat);
  const timestamps = formatCount(evidence, 'timestamp', file.timestampFormat);
  if (fits(dates)) return found('DATE');
  if (fits(timestamps) || (file.timestampFormat === null && fits(dates + timestamps))) return found('TIMESTAMP');
  if (fits(countOf(evidence, ['timestamptz']))) return found('TIMESTAMP WITH TIME ZONE');
  if (fits(countOf(evidence, ['time']))) return found('TIME');
  return { type: 'VARCHAR', warning: nearMiss(name, evidence, file, values), markers: [] };
}

function formatCount(evidence: ColumnEvidence, kind: 'date' | 'timestamp', format: string | null): number {
  return evidence.formats.get(`${kind}:${format ?? 'iso'}`) ?? 0;
}

function decideNumber(
  name: string,
  evidence: ColumnEvidence,
  file: FileConventions,
  numbers: number,
  found: (type: string) => TypeDecision,
): TypeDecision {
  const grouped =
    file.thousands === '' ? [] : file.thousands === '.' ? ['dot-group', 'dot-groups'] : ['comma-group', 'comma-groups'];
  const whole = countOf(evidence, [...WHOLE, 'zero-int', ...grouped]);
  if (whole < numbers) return found('DOUBLE');
  if (countOf(evidence, ['zero-int']) > 0) {
    const example = evidence.examples.get('zero-int');
    return {
      type: 'VARCHAR',
      warning: say(
        '"{name}" is kept as text because of leading zeros ({example}); declare columns: {declared} if it is a number',
        { name, example: example?.value ?? '', declared: `{ ${name}: bigint }` },
      ),
      markers: [],
    };
  }
  return found(countOf(evidence, ['wide-int']) > 0 ? 'DECIMAL(38,0)' : 'BIGINT');
}

/** Says why a column that is nearly something became text. */
function nearMiss(name: string, evidence: ColumnEvidence, file: FileConventions, values: number): Words | null {
  const numbers = numberKinds(file.decimal, file.thousands);
  const candidates: readonly { readonly what: Said; readonly many: Said; readonly kinds: readonly string[] }[] = [
    { what: say('number'), many: say('numbers'), kinds: numbers },
    { what: say('date'), many: say('dates'), kinds: ['date'] },
    { what: say('timestamp'), many: say('timestamps'), kinds: ['timestamp', 'timestamptz'] },
  ];
  for (const { what, many, kinds } of candidates) {
    const good = countOf(evidence, kinds);
    if (good < values * 0.9) continue;
    if (good === values && kinds !== numbers && file.ambiguousDates) return null;
    if (good === values) {
      const example = evidence.examples.get(kinds.find((kind) => evidence.examples.has(kind)) ?? '')?.value ?? '';
      return say('"{name}" is kept as text: its {many} ({example}) are written another way than the rest of the file', {
        name,
        many,
        example,
      });
    }
    const odd = [...evidence.examples].find(([kind]) => !kinds.includes(kind) && kind !== 'marker')?.[1];
    const first = odd ? say(', first "{value}" on line {line}', { value: odd.value.slice(0, 40), line: odd.line }) : '';
    return say(
      '"{name}" is kept as text: {odd} of {values} sampled values are no {what}{first}; declare its type and rejects: table to set such rows aside',
      { name, odd: values - good, values, what, first },
    );
  }
  return null;
}
