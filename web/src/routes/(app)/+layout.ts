import { redirect } from '@sveltejs/kit';
import { api, ApiError } from '#lib/api/index.ts';
import { setAccount } from '#lib/shell/account.svelte.ts';
import { chooseLocale } from '#lib/i18n/index.svelte.ts';
import type { LayoutLoad } from './$types';

export const ssr = false;

/** Nobody sees the workspace without an account; a fresh workspace asks for its owner first. */
export const load: LayoutLoad = async ({ url }) => {
  try {
    const { user } = await api.me();
    setAccount(user);
    chooseLocale(user.locale);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const { needsOwner } = await api.setup();
    redirect(303, needsOwner ? '/signup' : `/login?to=${encodeURIComponent(url.pathname + url.search)}`);
  }
};
