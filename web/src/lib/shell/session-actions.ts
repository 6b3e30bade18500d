import { api } from '#lib/api/index.ts';
import { chooseLocale, locale, type Locale } from '#lib/i18n/index.svelte.ts';
import { account, setAccount } from './account.svelte.ts';

/** The page is loaded anew, so that nothing of the person stays in memory. */
export async function logout(): Promise<void> {
  await api.logout();
  setAccount(null);
  window.location.assign('/login');
}

export function switchLanguage(): void {
  useLanguage(locale() === 'en' ? 'pt-BR' : 'en');
}

/** At once here, and remembered with the account; a failed save only means the next browser asks again. */
export function useLanguage(next: Locale): void {
  chooseLocale(next);
  if (!account()) return;
  api
    .updateMe({ locale: next })
    .catch((error: unknown) => console.warn('the language was not saved with the account', error));
}
