import type { Queryable } from '@datacraft/engine';
import type { Notebook } from '@datacraft/shared';
import { defaultLayout } from '@datacraft/shared';
import { freeze, latestPublication, savedLayout } from '../store/dashboards.ts';

interface First {
  readonly notebookId: string;
  readonly document: Notebook;
  readonly by: string;
}

/** A notebook without a published version is published as it is; false when it has one. Makes no link. */
export async function publishFirst(tx: Queryable, { notebookId, document, by }: First): Promise<boolean> {
  if ((await latestPublication(tx, notebookId)) !== null) return false;
  const layout = (await savedLayout(tx, notebookId)) ?? defaultLayout(document);
  await freeze(tx, { notebookId, title: document.title, layout, document, by });
  return true;
}
