import type { Locale } from './locale.ts';

/** `#` in a form stands for the number, written as the language writes numbers. */
export function pluralIn(locale: Locale): (count: number, one: string, other: string) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, one, other) => {
    // Portuguese counts 1,000,000 as "many"; the plural form is the same.
    const form = rules.select(count) === 'one' && count !== 0 ? one : other;
    return form.replace('#', numbers.format(count));
  };
}
