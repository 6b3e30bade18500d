import type { DashboardData, DashboardInput, InputSpec, Params, ParamValue } from '@datacraft/shared';
import { checkParam, defaultParam, parseParam } from '@datacraft/shared';

export interface ShownInput {
  readonly name: string;
  readonly spec: InputSpec;
  /** What may be chosen; null where anything of the type may. */
  readonly options: DashboardInput['options'];
}

export interface ViewerParams {
  /** Of every shown input. */
  readonly params: Params;
  readonly ignored: NonNullable<DashboardData['ignored']>;
}

const PREFIX = 'p.';
const MAX_TEXT = 1_000;

/** Values of a query string, `p.<input>=value`, as text. A name that comes more than once, as forms send it, is a list. */
export function paramsOfSearch(search: URLSearchParams): Record<string, string | string[]> {
  const keys = new Set([...search.keys()].filter((key) => key.startsWith(PREFIX)));
  return Object.fromEntries(
    [...keys].map((key) => {
      const all = search.getAll(key);
      return [key.slice(PREFIX.length), all.length === 1 ? (all[0] ?? '') : all];
    }),
  );
}

/**
 * What a viewer asked for, input by input. What does not fit is left out and said; inputs that are not on the
 * dashboard do not exist for viewers, so that a hidden one is a filter nobody can lift.
 */
export function viewerParams(inputs: readonly ShownInput[], given: Params, today: string): ViewerParams {
  const params: Record<string, ParamValue> = {};
  const ignored: { input: string; reason: 'unknown' | 'invalid' }[] = [];
  for (const input of inputs) {
    const fallback = datedDefault(input.spec, today);
    const raw = Object.hasOwn(given, input.name) ? (given[input.name] ?? null) : undefined;
    const value = raw === undefined ? fallback : valueOf(input, raw);
    if (value === undefined) ignored.push({ input: input.name, reason: 'invalid' });
    params[input.name] = value === undefined ? fallback : value;
  }
  const known = new Set(inputs.map((input) => input.name));
  for (const name of Object.keys(given))
    if (!known.has(name)) ignored.push({ input: name.slice(0, 100), reason: 'unknown' });
  return { params, ignored: ignored.slice(0, 20) };
}

export function datedDefault(spec: InputSpec, today: string): ParamValue {
  const value = defaultParam(spec);
  if (spec.type !== 'date' && spec.type !== 'daterange') return value;
  if (Array.isArray(value)) return value.map((end) => (end === 'today' ? today : end));
  return value === 'today' ? today : value;
}

/** Undefined when the value does not fit. */
function valueOf({ spec, options }: ShownInput, raw: ParamValue): ParamValue | undefined {
  const given = fromForm(spec, raw);
  const value = typeof given === 'string' ? parsed(spec, given) : given;
  if (value === undefined || checkParam(spec, value) !== null) return undefined;
  if (value === null) return null;
  if (typeof value === 'string' && value.length > MAX_TEXT) return undefined;
  if (typeof value === 'number') return withinBounds(spec, value) ? value : undefined;
  if (spec.type === 'select' || spec.type === 'multiselect') return chosen(options, value);
  if (spec.type === 'daterange' && Array.isArray(value) && String(value[0]) > String(value[1])) return undefined;
  return value;
}

/** Without scripts a form says things in its own way: the last of one name counts, an empty one is no choice. */
function fromForm({ type }: InputSpec, raw: ParamValue): ParamValue {
  if (!Array.isArray(raw) || !raw.every((each) => typeof each === 'string')) return raw;
  if (type === 'multiselect') return raw.filter((each) => each !== '');
  if (type !== 'daterange') return raw.at(-1) ?? null;
  const ends = raw.filter((each) => each !== '');
  const [start, stop = start] = ends;
  return start === undefined || stop === undefined ? null : [start, stop];
}

function parsed(spec: InputSpec, text: string): ParamValue | undefined {
  if (text === '' && spec.type !== 'multiselect') return spec.type === 'text' ? '' : null;
  const isNumber = spec.type === 'number' || spec.type === 'slider';
  const result = parseParam(spec, isNumber && /^[-+]?\d*,\d+$/.test(text) ? text.replace(',', '.') : text);
  return result.kind === 'value' ? result.value : undefined;
}

function withinBounds(spec: InputSpec, value: number): boolean {
  const low = typeof spec.min === 'number' ? spec.min : -Infinity;
  const high = typeof spec.max === 'number' ? spec.max : Infinity;
  return value >= low && value <= high;
}

/** As the option itself is: text of a link stands for the number it spells. */
function chosen(options: DashboardInput['options'], value: ParamValue): ParamValue | undefined {
  if (options === null) return value;
  const byText = new Map(options.map((option) => [String(option.value), option.value]));
  if (!Array.isArray(value)) return byText.get(String(value));
  const found = [...new Set(value)].map((each) => byText.get(String(each)));
  return found.every((each) => each !== undefined) ? found.filter((each) => each !== undefined) : undefined;
}
