import { error } from '@sveltejs/kit';
import { api, ApiError } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params }) => {
  try {
    return { summary: await api.notebook(params.id) };
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 404) error(404, m().notebook.unknownNotebook);
    throw cause;
  }
};
