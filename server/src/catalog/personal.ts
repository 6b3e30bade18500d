import type { PersonalColumn, PersonalKind } from '@datacraft/shared';

/** Fewer values than this say nothing. */
const AT_LEAST = 3;
/** Of the values that are there: some are always mistyped. */
const SHARE = 0.8;

const kinds: readonly (readonly [PersonalKind, (value: string) => boolean])[] = [
  ['cpf', isCpf],
  ['cnpj', isCnpj],
  ['email', (value) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value)],
  ['phone', isPhone],
];

/** What a column's values are, when nearly all of them are it. */
export function personalKind(
  values: readonly (string | null)[],
): Pick<PersonalColumn, 'kind' | 'matched' | 'sampled'> | null {
  const there = values.filter((value): value is string => value !== null && value.trim() !== '');
  if (there.length < AT_LEAST) return null;
  for (const [kind, matches] of kinds) {
    const matched = there.filter((value) => matches(value.trim())).length;
    if (matched >= AT_LEAST && matched / there.length >= SHARE) return { kind, matched, sampled: there.length };
  }
  return null;
}

/** One value that can be nothing else. */
export function looksPersonal(value: string): boolean {
  return kinds.some(([, matches]) => matches(value.trim()));
}

/** Eleven digits, the last two of which follow from the others; dots and dash where people write them. */
export function isCpf(value: string): boolean {
  const digits = digitsOf(value, /^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/);
  if (digits === null) return false;
  return (
    checkDigit(digits.slice(0, 9), countdown(10)) === digits[9] &&
    checkDigit(digits.slice(0, 10), countdown(11)) === digits[10]
  );
}

/** Fourteen digits, the last two of which follow from the others. */
export function isCnpj(value: string): boolean {
  const digits = digitsOf(value, /^\d{2}\.?\d{3}\.?\d{3}\/?\d{4}-?\d{2}$/);
  if (digits === null) return false;
  const weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  return (
    checkDigit(digits.slice(0, 12), weights.slice(1)) === digits[12] &&
    checkDigit(digits.slice(0, 13), weights) === digits[13]
  );
}

/** With area code, as Brazilians write it, or international with a plus. */
function isPhone(value: string): boolean {
  return /^(\+55\s?)?\(?[1-9]\d\)?\s?9?\d{4}[-\s]\d{4}$/.test(value) || /^\+\d{1,3}[\s\d().-]{7,16}$/.test(value);
}

function digitsOf(value: string, shape: RegExp): number[] | null {
  if (!shape.test(value)) return null;
  const digits = [...value.replaceAll(/\D/g, '')].map(Number);
  return new Set(digits).size === 1 ? null : digits;
}

function countdown(from: number): number[] {
  return Array.from({ length: from - 1 }, (_, at) => from - at);
}

function checkDigit(digits: readonly number[], weights: readonly number[]): number {
  const rest = digits.reduce((sum, digit, at) => sum + digit * (weights[at] ?? 0), 0) % 11;
  return rest < 2 ? 0 : 11 - rest;
}
