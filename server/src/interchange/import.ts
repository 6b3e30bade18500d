import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckPool, ImportedDraft } from '@datacraft/engine';
import { readImport } from '@datacraft/engine';
import type { ImportedNotebook, NotebookId, UserId } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import type pg from 'pg';
import type { Bus } from '../live/bus.ts';
import { createNotebooks } from '../room/new-document.ts';
import { readZip, safePath, zipLimits } from './zip.ts';

interface Place {
  readonly pool: pg.Pool;
  readonly bus: Bus;
  readonly dataDir: string;
}

/** The files of what was handed over: an archive is unpacked in place of itself. */
export function unpacked(given: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [name, bytes] of given) {
    if (!/\.zip$/i.test(name)) files.set(safePath(name), bytes);
    else for (const [path, content] of readZip(bytes)) files.set(path, content);
  }
  if (files.size > zipLimits.entries)
    throw new Fault('too-large', `${files.size} files are too many; at most ${zipLimits.entries} are read`);
  return files;
}

/** Makes all notebooks that the files become, or none. */
export async function importFiles(
  given: ReadonlyMap<string, Buffer>,
  title: string,
  place: Place & { readonly duck: DuckPool },
  by: UserId | null,
): Promise<ImportedNotebook[]> {
  const drafts = await readImport(unpacked(given), title, (sql) => place.duck.parse(sql));
  const planned = drafts.map((draft) => ({ draft, id: newId<NotebookId>('nb') }));
  const folderOf = (id: NotebookId) => join(place.dataDir, 'files', id);
  try {
    for (const { draft, id } of planned) await writeFiles(draft, folderOf(id));
    await createNotebooks(
      place,
      planned.map(({ draft: { notebook }, id }) => ({ id, notebook })),
      by,
    );
  } catch (error) {
    for (const { id } of planned) await rm(folderOf(id), { recursive: true, force: true });
    throw error;
  }
  return planned.map(({ draft, id }) => importedOf(draft, id));
}

async function writeFiles({ files }: ImportedDraft, folder: string): Promise<void> {
  for (const [path, bytes] of files) {
    const file = join(folder, safePath(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}

function importedOf({ notebook, cells, findings }: ImportedDraft, id: NotebookId): ImportedNotebook {
  const made = cells.filter(({ kind }) => kind !== 'markdown').map(({ kind, name, file }) => ({ kind, name, file }));
  return { id, title: notebook.title, cells: made, findings };
}
