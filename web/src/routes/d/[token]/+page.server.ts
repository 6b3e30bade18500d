import { error } from '@sveltejs/kit';
import type { DashboardView } from '@datacraft/shared';
import { choicesQuery } from '#lib/dashboard/url-params.ts';
import { picturesOf } from '#lib/dashboard/picture.ts';
import { m, setLocale } from '#lib/i18n/index.svelte.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, url, fetch, locals, request, setHeaders }) => {
  const response = await fetch(`/api/v1/dashboards/${encodeURIComponent(params.token)}${choicesQuery(url)}`);
  setHeaders({ 'cache-control': 'private, no-cache', 'referrer-policy': 'no-referrer' });
  setLocale(locals.locale);
  if (response.status === 404) error(404, m().dashboard.gone);
  if (!response.ok) error(response.status === 429 ? 429 : 503, m().dashboard.busyPage);
  const view = (await response.json()) as DashboardView;
  const isPhone =
    request.headers.get('sec-ch-ua-mobile') === '?1' || /\bMobi/.test(request.headers.get('user-agent') ?? '');
  const screen = isPhone ? ('phone' as const) : ('desktop' as const);
  // Nothing waits between choosing the language and drawing: requests cannot see each other's.
  setLocale(locals.locale);
  return { view, screen, renderedAt: Date.now(), pictures: picturesOf(view, locals.locale, screen) };
};
