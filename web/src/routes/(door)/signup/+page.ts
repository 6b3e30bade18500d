import { redirect } from '@sveltejs/kit';
import { api } from '#lib/api/index.ts';
import type { PageLoad } from './$types';

export const ssr = false;

/** Only a workspace without an owner creates one here; everybody else needs an invitation. */
export const load: PageLoad = async () => {
  const { needsOwner } = await api.setup();
  if (!needsOwner) redirect(303, '/login');
};
