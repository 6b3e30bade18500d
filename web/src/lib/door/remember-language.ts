import { api } from '#lib/api/index.ts';
import type { Locale } from '#lib/i18n/index.svelte.ts';

/** A new account speaks the language it was made in. Failing to note it must not undo the sign-up. */
export async function rememberLanguage(locale: Locale): Promise<void> {
  try {
    await api.updateMe({ locale });
  } catch (error) {
    console.warn('the language was not saved with the account', error);
  }
}
