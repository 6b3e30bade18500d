import { error } from '@sveltejs/kit';
import { api, ApiError } from '#lib/api/index.ts';
import { calls } from '#lib/dashboard/editor/calls.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params }) => {
  try {
    const [summary, draft] = await Promise.all([api.notebook(params.id), calls.draft(params.id)]);
    return { summary, draft };
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 404) error(404, m().notebook.unknownNotebook);
    throw cause;
  }
};
