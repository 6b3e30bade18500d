/** Numbers as people type them: with the signs of their language, and also plain. */

interface Signs {
  readonly decimal: string;
  readonly group: string;
}

function signsOf(language: string): Signs {
  const parts = new Intl.NumberFormat(language).formatToParts(12345.6);
  const sign = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: sign('decimal'), group: sign('group') };
}

/**
 * `1.234,5` in Portuguese and `1,234.5` in English are the same number. A single foreign sign is taken as the decimal
 * one where it cannot be a group: `0.5` is a half in both. Null when it is no number; undefined for an empty text.
 */
export function parseNumber(text: string, language: string): number | null | undefined {
  const trimmed = text.replaceAll(/[\s\u00a0\u202f]/g, '');
  if (trimmed === '') return undefined;
  const { decimal, group } = signsOf(language);
  const other = decimal === ',' ? '.' : ',';
  const isGrouped = new RegExp(`^[-+]?\\d{1,3}(\\${group}\\d{3})+(\\${decimal}\\d*)?$`).test(trimmed);
  if (isGrouped) return finite(trimmed.replaceAll(group, '').replace(decimal, '.'));
  if (!trimmed.includes(decimal)) return finite(trimmed.replace(other, '.'));
  return finite(trimmed.replace(decimal, '.'));
}

function finite(text: string): number | null {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** As it stands in a field: all digits, no groups, so that it can be edited. */
export function entryText(value: number | null, language: string): string {
  if (value === null) return '';
  return new Intl.NumberFormat(language, { useGrouping: false, maximumFractionDigits: 15 }).format(value);
}
