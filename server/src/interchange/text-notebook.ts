import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Notebook, NotebookId, UserId } from '@datacraft/shared';
import { newId, parseNotebook } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import { NotebookInvalid } from '../middleware/notebook-invalid.ts';
import { createNotebook } from '../room/new-document.ts';

/** Makes a notebook of its text; `attach` puts its files into their folder before. All of it, or nothing. */
export async function importText(
  { pool, bus, config }: Pick<Deps, 'pool' | 'bus' | 'config'>,
  text: string,
  by: UserId,
  attach: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<NotebookId> {
  const notebook = notebookOf(text);
  const id = newId<NotebookId>('nb');
  const folder = join(config.dataDir, 'files', id);
  try {
    await attach(folder);
    await createNotebook({ pool, bus }, notebook, by, { id });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await audit(pool, by, 'notebook-import', id);
  return id;
}

function notebookOf(text: string): Notebook {
  const { notebook, diagnostics } = parseNotebook(text);
  const errors = diagnostics.filter((one) => one.severity === 'error');
  const [first] = errors;
  if (first) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new NotebookInvalid(`line ${first.line}, column ${first.column}: ${first.message}${more}`, diagnostics);
  }
  return notebook.title.trim() === '' ? { ...notebook, title: 'Untitled' } : notebook;
}
