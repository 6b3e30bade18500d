/** A viewer's choices in the address: only what differs from the defaults, readable, in the order of the inputs. */
import type { DashboardInput, Params, ParamValue } from '@datacraft/shared';

const PREFIX = 'p.';

/** The text that `parseParam` reads back; null for "no value", which a default of its own must be told apart from. */
export function paramText(type: DashboardInput['spec']['type'], value: ParamValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(type === 'daterange' ? '..' : ',');
  return String(value);
}

export function sameValue(a: ParamValue | undefined, b: ParamValue | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The address with these choices; what else it held stays. */
export function withChoices(url: URL, inputs: readonly DashboardInput[], params: Params): URL {
  const next = new URL(url);
  for (const key of [...next.searchParams.keys()]) if (key.startsWith(PREFIX)) next.searchParams.delete(key);
  for (const { name, spec } of inputs) {
    const value = params[name];
    if (value === undefined || sameValue(value, spec.default)) continue;
    for (const text of textsOf(spec.type, value)) next.searchParams.append(`${PREFIX}${name}`, text);
  }
  return next;
}

/** Values with commas of their own come one by one, after an empty one that makes a list of a single one too. */
function textsOf(type: DashboardInput['spec']['type'], value: ParamValue): string[] {
  const isList = type === 'multiselect' && Array.isArray(value);
  return isList && value.some((each) => String(each).includes(','))
    ? ['', ...value.map(String)]
    : [paramText(type, value)];
}

/** The part of an address's query that the data depends on. */
export function choicesQuery(url: URL): string {
  const kept = new URLSearchParams([...url.searchParams].filter(([key]) => key.startsWith(PREFIX)));
  const text = kept.toString();
  return text === '' ? '' : `?${text}`;
}
