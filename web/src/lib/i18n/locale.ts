export const locales = ['en', 'pt-BR'] as const;
export type Locale = (typeof locales)[number];

export function isLocale(text: string | null | undefined): text is Locale {
  return (locales as readonly (string | null | undefined)[]).includes(text);
}

/** The cookie is what the person chose; the header is what the browser prefers. */
export function pickLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  if (isLocale(cookie)) return cookie;
  for (const entry of (acceptLanguage ?? '').split(',')) {
    const tag = entry.split(';')[0]?.trim().toLowerCase() ?? '';
    if (tag.startsWith('pt')) return 'pt-BR';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}
