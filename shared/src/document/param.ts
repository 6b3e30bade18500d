import type { Words } from '../said/said.ts';
import { asSaid, say } from '../said/said.ts';
import type { InputSpec, Params, ParamValue } from './spec/input.ts';
import { unreachable } from '../fault.ts';

/** The value an input has before anybody touched it. Dates may be `today` in the spec; they are resolved by `today`. */
export function defaultParam(spec: InputSpec): ParamValue {
  if (spec.default !== undefined) return spec.default;
  switch (spec.type) {
    case 'boolean':
      return false;
    case 'number':
    case 'slider':
      return typeof spec.min === 'number' ? spec.min : 0;
    case 'multiselect':
      return [];
    case 'daterange':
    case 'date':
    case 'text':
    case 'select':
      return null;
    default:
      return unreachable(spec.type);
  }
}

export type ParsedParam =
  { readonly kind: 'value'; readonly value: ParamValue } | { readonly kind: 'problem'; readonly message: Words };

/** Reads a value from a command line or a URL, as text, by the input's type. Lists are comma-separated; `a..b` is a range. */
export function parseParam(spec: InputSpec, text: string): ParsedParam {
  switch (spec.type) {
    case 'text':
      return value(text);
    case 'number':
    case 'slider':
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim())
        ? value(Number(text))
        : problem('a number such as 12 or 0.5', text);
    case 'boolean':
      return text === 'true' || text === 'false' ? value(text === 'true') : problem('true or false', text);
    case 'date':
      return isDate(text) ? value(text) : problem('a date such as 2025-11-20', text);
    case 'daterange':
      return parseRange(text);
    case 'select':
      return value(numericOptions(spec) && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text);
    case 'multiselect':
      return value(text === '' ? [] : text.split(',').map((item) => (numericOptions(spec) ? Number(item) : item)));
    default:
      return unreachable(spec.type);
  }
}

/** Whether a value that came as JSON fits its input; the problem in words if not. */
export function checkParam(spec: InputSpec, candidate: ParamValue): string | null {
  if (candidate === null) return null;
  switch (spec.type) {
    case 'number':
    case 'slider':
      return typeof candidate === 'number' && Number.isFinite(candidate) ? null : 'expected a number';
    case 'boolean':
      return typeof candidate === 'boolean' ? null : 'expected true or false';
    case 'date':
      return typeof candidate === 'string' && isDate(candidate) ? null : 'expected a date such as 2025-11-20';
    case 'daterange':
      return Array.isArray(candidate) &&
        candidate.length === 2 &&
        candidate.every((end) => typeof end === 'string' && isDate(end))
        ? null
        : 'expected two dates';
    case 'multiselect':
      return Array.isArray(candidate) ? null : 'expected a list';
    case 'text':
      return typeof candidate === 'string' ? null : 'expected a text';
    case 'select':
      return typeof candidate === 'object' ? 'expected one value' : null;
    default:
      return unreachable(spec.type);
  }
}

/** The parameters that SQL sees for one input: `name`, or `name_start` and `name_end` for a date range. */
export function boundParams(name: string, spec: InputSpec, current: ParamValue): Params {
  if (spec.type !== 'daterange') return { [name]: current };
  const [start = null, end = null] = Array.isArray(current) ? current : [];
  return { [`${name}_start`]: start, [`${name}_end`]: end };
}

/**
 * DuckDB's type for each parameter of an input: what NULL and text are cast to. With the value at hand, whole numbers
 * of an input that knows no fractions are BIGINT, so that `range($n)` and the like take them.
 */
export function boundTypes(name: string, spec: InputSpec, current?: ParamValue): Readonly<Record<string, string>> {
  switch (spec.type) {
    case 'daterange':
      return { [`${name}_start`]: 'DATE', [`${name}_end`]: 'DATE' };
    case 'date':
      return { [name]: 'DATE' };
    case 'boolean':
      return { [name]: 'BOOLEAN' };
    case 'number':
    case 'slider':
      return { [name]: numberType(spec, current) };
    case 'multiselect':
      return { [name]: numericOptions(spec) ? `${numberType(spec, current)}[]` : 'VARCHAR[]' };
    case 'select':
      return { [name]: numericOptions(spec) ? numberType(spec, current) : 'VARCHAR' };
    case 'text':
      return { [name]: 'VARCHAR' };
    default:
      return unreachable(spec.type);
  }
}

function numberType(spec: InputSpec, current: ParamValue | undefined): 'BIGINT' | 'DOUBLE' {
  if (current === undefined || current === null) return 'DOUBLE';
  const options = Array.isArray(spec.options) ? spec.options : [];
  const said = [spec.default, spec.min, spec.max, spec.step, ...options, current].flat();
  return said.every((each) => typeof each !== 'number' || Number.isSafeInteger(each)) ? 'BIGINT' : 'DOUBLE';
}

function parseRange(text: string): ParsedParam {
  const [start = '', end = ''] = text.split('..');
  return isDate(start) && isDate(end) ? value([start, end]) : problem('a range such as 2025-11-01..2025-11-20', text);
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

function numericOptions(spec: InputSpec): boolean {
  return (
    Array.isArray(spec.options) && spec.options.length > 0 && spec.options.every((option) => typeof option === 'number')
  );
}

function value(parsed: ParamValue): ParsedParam {
  return { kind: 'value', value: parsed };
}

function problem(expected: string, got: string): ParsedParam {
  return { kind: 'problem', message: say('expected {expected}, got "{got}"', { expected: asSaid(expected), got }) };
}
