import type { RemoteAccess } from '@datacraft/engine';
import { reportPdf } from '@datacraft/engine';
import type { Queryable } from '@datacraft/engine';
import { dashboardReport } from '../interchange/report.ts';
import { latestPublication, liveToken } from '../store/dashboards.ts';
import type { Dashboards } from './dashboards.ts';

/** The dashboard of a notebook as it is published now, for whoever its editors mail it to. */
export function dashboardFiles(db: Queryable, dashboards: Dashboards): NonNullable<RemoteAccess['dashboard']> {
  return async (notebookId, language) => {
    const found = (await liveToken(db, notebookId)) === null ? null : await latestPublication(db, notebookId);
    if (found === null) return null;
    const { id: key, version, title, layout, document, publishedAt } = found;
    const { view } = await dashboards.view({ key, notebookId, version, title, layout, document, publishedAt }, {});
    return { name: `${view.title} v${version}.pdf`, content: reportPdf(dashboardReport(view, language)) };
  };
}
