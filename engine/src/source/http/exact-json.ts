/** JSON whose numbers keep all their digits: those that a double would change stay as the text they were. */
interface Reviving {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}

const exact = JSON as unknown as Reviving; // ES2025 source text access, in Node since 22

/** No number without one of these is changed by a double: sixteen digits, or an exponent of three. */
const MAY_CHANGE = /\d[\d.]{15}|\d[eE]\+?\d{3}/;

/** Throws SyntaxError. Objects are plain; an exact number is written back as it was by `JSON.stringify`. */
export function parseExactJson(text: string): unknown {
  if (!MAY_CHANGE.test(text)) return JSON.parse(text); // several times as fast
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && changes(value, source) ? exact.rawJSON(source) : value,
  );
}

function changes(value: number, source: string): boolean {
  return !Number.isFinite(value) || (String(value) !== source && digitsOf(source).length > 15);
}

function digitsOf(source: string): string {
  return source
    .replace(/e.*$/i, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '');
}
