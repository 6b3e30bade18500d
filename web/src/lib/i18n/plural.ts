import type { Locale } from './locale.ts';

type Plural = (count: number, one: string, other: string) => string;
const known = new Map<Locale, Plural>();

/** `#` in a form stands for the number, written as the language writes numbers. */
export function pluralIn(locale: Locale): Plural {
  const plural = known.get(locale) ?? make(locale);
  known.set(locale, plural);
  return plural;
}

/** Every room asks for every language when it loads; what is costly waits until one is spoken. */
function make(locale: Locale): Plural {
  let rules: Intl.PluralRules | undefined;
  let numbers: Intl.NumberFormat | undefined;
  return (count, one, other) => {
    rules ??= new Intl.PluralRules(locale);
    numbers ??= new Intl.NumberFormat(locale);
    // Portuguese counts 1,000,000 as "many"; the plural form is the same.
    const form = rules.select(count) === 'one' && count !== 0 ? one : other;
    return form.replace('#', numbers.format(count));
  };
}
