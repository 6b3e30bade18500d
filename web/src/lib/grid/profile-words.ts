import type { Column } from '@datacraft/shared';

import type { ColumnProfile } from './profile.ts';
import { isNumericType, isTimeType } from './value.ts';
import type { en } from './messages.ts';

export type ProfileWords = Pick<
  typeof en,
  'unique' | 'values' | 'about' | 'oneValue' | 'nulls' | 'allNull' | 'isTrue' | 'median'
>;

/** The one line under a header's picture. */
export function profileWords(profile: ColumnProfile, column: Column, words: ProfileWords, language: string): string {
  if (profile.rows === 0) return '';
  const filled = profile.rows - profile.nulls;
  if (filled === 0) return words.allNull;
  const facts = [factOf(profile, column, words, language, filled)];
  if (profile.nulls > 0) facts.push(words.nulls(shareText(profile.nulls / profile.rows, language)));
  return facts.join(', ');
}

function factOf(profile: ColumnProfile, column: Column, words: ProfileWords, language: string, filled: number): string {
  const { shape } = profile;
  if (isTimeType(column.type)) return rangeText(profile, language);
  if (column.type === 'BOOLEAN' && shape.kind === 'values') {
    const yes = shape.top.find((value) => value.text === 'true')?.count ?? 0;
    return words.isTrue(shareText(yes / profile.rows, language));
  }
  if (profile.isExact && filled > 1 && profile.distinct === filled && !/DOUBLE|FLOAT|DECIMAL/.test(column.type)) {
    return words.unique;
  }
  if (profile.distinct === 1 && profile.isExact) return words.oneValue;
  if (isNumericType(column.type)) return words.median(numberWord(profile.middle, language));
  const top = shape.kind === 'values' ? shape.top[0] : undefined;
  const figure = new Intl.NumberFormat(language, profile.isExact ? {} : { maximumSignificantDigits: 2 });
  const plain = words.values(figure.format(profile.distinct));
  const count = profile.isExact ? plain : words.about(plain);
  return top && profile.distinct <= 20
    ? `${count}, ${top.text} ${shareText(top.count / profile.rows, language)}`
    : count;
}

export function shareText(share: number, language: string): string {
  const digits = share > 0 && share < 0.01 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(share);
}

export function numberWord(text: string | null, language: string): string {
  if (text === null) return '';
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  return new Intl.NumberFormat(language, { maximumSignificantDigits: Math.abs(value) >= 1000 ? 6 : 4 }).format(value);
}

function rangeText({ low, high }: ColumnProfile, language: string): string {
  const format = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const word = (text: string | null) => {
    const date = new Date(`${text?.slice(0, 10) ?? ''}T00:00:00Z`);
    return Number.isNaN(date.getTime()) ? (text ?? '') : format.format(date);
  };
  const [from, to] = [word(low), word(high)];
  return from === to ? from : `${from} – ${to}`;
}
