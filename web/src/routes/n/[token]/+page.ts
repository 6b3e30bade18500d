import { error, redirect } from '@sveltejs/kit';
import { api, ApiError } from '#lib/api/index.ts';
import { chooseLocale, locale, m } from '#lib/i18n/index.svelte.ts';
import { calls } from '#lib/share/calls.ts';
import { setAccount } from '#lib/shell/account.svelte.ts';
import type { PageLoad } from './$types';

export const ssr = false;

/** Who has an account goes on to the notebook itself, with whatever role is theirs. */
export const load: PageLoad = async ({ params }) => {
  try {
    const summary = await calls.openLink(params.token);
    const hasAccount = await api.me().then(
      () => true,
      () => false, // a guest, or the server is away and the page itself says so
    );
    if (hasAccount) redirect(303, `/notebooks/${summary.id}`);
    setAccount(null);
    chooseLocale(locale());
    return { summary };
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 404) error(404, m().share.gone);
    throw cause;
  }
};
