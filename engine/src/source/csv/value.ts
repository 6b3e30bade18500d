/** What one value of a sample looks like, before anything is known about its column. */
export interface ValueShape {
  readonly kind:
    | 'int'
    | 'wide-int'
    | 'zero-int'
    | 'dot'
    | 'dot-group'
    | 'dot-groups'
    | 'comma'
    | 'comma-group'
    | 'comma-groups'
    | 'comma-decimal-dot-groups'
    | 'dot-decimal-comma-groups'
    | 'nan'
    | 'bool'
    | 'time'
    | 'date'
    | 'timestamp'
    | 'timestamptz'
    | 'marker'
    | 'text';
  /** For dates and timestamps: every format it fits. `iso` is DuckDB's own. */
  readonly formats?: readonly string[];
}

const MARKERS = new Set(['na', 'n/a', '#n/a', 'null', '\\n', 'none', '-', '--', 'nd', 'n/d', 'nan', 'nil', '?']);

const DATE_FORMATS = [
  '%Y/%m/%d',
  '%Y.%m.%d',
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%d.%m.%Y',
  '%m.%d.%Y',
  '%d/%m/%y',
  '%m/%d/%y',
];
const TIME_FORMATS = ['%H:%M', '%H:%M:%S', '%H:%M:%S.%f'];

const PIECES: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d{2}',
  m: '(?:0?[1-9]|1[0-2])',
  '-m': '(?:0?[1-9]|1[0-2])',
  d: '(?:0?[1-9]|[12]\\d|3[01])',
  '-d': '(?:0?[1-9]|[12]\\d|3[01])',
  H: '(?:[01]?\\d|2[0-3])',
  I: '(?:0?[1-9]|1[0-2])',
  M: '[0-5]\\d',
  S: '[0-5]\\d',
  f: '\\d{1,6}',
  g: '\\d{1,3}',
  n: '\\d{1,9}',
  p: '[AaPp][Mm]',
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]+',
  a: '[A-Za-z]{3}',
  A: '[A-Za-z]+',
  j: '\\d{1,3}',
  z: '[+-]\\d{2}:?\\d{2}',
  Z: '[A-Za-z_/]+',
};

const patterns = new Map<string, RegExp | null>();

/** The pattern of a strptime format, or null when it uses a specifier that is not known here. */
export function patternOf(format: string): RegExp | null {
  const known = patterns.get(format);
  if (known !== undefined) return known;
  const pattern = buildPattern(format);
  if (patterns.size < 1000) patterns.set(format, pattern);
  return pattern;
}

function buildPattern(format: string): RegExp | null {
  let known = true;
  const pattern = format.replace(/%(-?[A-Za-z%])|([.*+?^${}()|[\]\\])/g, (_, piece: string | undefined, literal) => {
    if (piece === undefined) return `\\${String(literal)}`;
    if (piece === '%') return '%';
    const regexp = PIECES[piece];
    if (regexp === undefined) known = false;
    return regexp ?? '';
  });
  return known ? new RegExp(`^${pattern}$`) : null;
}

const compiled = (formats: readonly string[]) =>
  formats.flatMap((format) => {
    const pattern = patternOf(format);
    return pattern ? [{ format, pattern }] : [];
  });
const DATES = compiled(DATE_FORMATS);
const TIMESTAMPS = compiled(
  DATE_FORMATS.flatMap((date) => TIME_FORMATS.flatMap((time) => [`${date} ${time}`, `${date}T${time}`])),
);

const ISO_DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const ISO_TIMESTAMP =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?( ?Z| ?UTC|[+-]\d{2}(?::?\d{2})?)?$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?$/;

export function classify(raw: string, extraFormats: readonly string[] = []): ValueShape {
  const value = raw.trim();
  const first = value.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46;
  if (numeric) {
    const number = numberKind(value);
    if (number) return { kind: number };
  }
  if (value.length <= 40) {
    const extra = extraFormats.filter((format) => patternOf(format)?.test(value));
    if (extra.length > 0) return { kind: extra.some((f) => /%[HIMS]/.test(f)) ? 'timestamp' : 'date', formats: extra };
    if (numeric && value.length >= 6) {
      const moment = momentOf(value);
      if (moment) return moment;
    }
    const lower = value.toLowerCase();
    if (lower === 'true' || lower === 'false') return { kind: 'bool' };
    if (MARKERS.has(lower)) return { kind: 'marker' };
    if (lower === 'inf' || lower === '-inf' || lower === 'infinity') return { kind: 'nan' };
  }
  return { kind: 'text' };
}

const INT64_MAX = 9223372036854775807n;

function numberKind(value: string): ValueShape['kind'] | null {
  if (/^[+-]?\d+$/.test(value)) return integerKind(value.replace(/^[+-]/, ''));
  if (/^[+-]?\d{1,3}\.\d{3}$/.test(value)) return /^[+-]?0/.test(value) ? 'dot' : 'dot-group';
  if (/^[+-]?\d{1,3},\d{3}$/.test(value)) return /^[+-]?0/.test(value) ? 'comma' : 'comma-group';
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return 'dot';
  if (/^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/.test(value)) return 'comma';
  if (/^[+-]?\d{1,3}(?:\.\d{3}){2,}$/.test(value)) return 'dot-groups';
  if (/^[+-]?\d{1,3}(?:,\d{3}){2,}$/.test(value)) return 'comma-groups';
  if (/^[+-]?\d{1,3}(?:\.\d{3})+,\d+$/.test(value)) return 'comma-decimal-dot-groups';
  if (/^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/.test(value)) return 'dot-decimal-comma-groups';
  return null;
}

function integerKind(digits: string): ValueShape['kind'] {
  if (digits.length > 1 && digits.startsWith('0')) return 'zero-int';
  if (digits.length < 19) return 'int';
  if (BigInt(digits) <= INT64_MAX) return 'int';
  return digits.length <= 38 ? 'wide-int' : 'text';
}

function momentOf(value: string): ValueShape | null {
  if (ISO_DATE.test(value)) return { kind: 'date', formats: ['iso'] };
  const iso = ISO_TIMESTAMP.exec(value);
  if (iso) return { kind: iso[1] === undefined ? 'timestamp' : 'timestamptz', formats: ['iso'] };
  if (TIME.test(value)) return { kind: 'time' };
  const list = value.includes(':') ? TIMESTAMPS : DATES;
  const formats = list.filter(({ pattern }) => pattern.test(value)).map(({ format }) => format);
  if (formats.length === 0) return null;
  return { kind: value.includes(':') ? 'timestamp' : 'date', formats };
}
