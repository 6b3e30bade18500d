import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckPool, ImportedDraft } from '@datacraft/engine';
import { readImport } from '@datacraft/engine';
import type { ImportedNotebook, NotebookId, UserId } from '@datacraft/shared';
import { Fault, newId } from '@datacraft/shared';
import type pg from 'pg';
import type { Bus } from '../live/bus.ts';
import { createNotebook } from '../room/new-document.ts';
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

/** Reads all files before it makes the first notebook; should making one fail, those made before it stay. */
export async function importFiles(
  given: ReadonlyMap<string, Buffer>,
  title: string,
  place: Place & { readonly duck: DuckPool },
  by: UserId | null,
): Promise<ImportedNotebook[]> {
  const drafts = await readImport(unpacked(given), title, (sql) => place.duck.parse(sql));
  const made: ImportedNotebook[] = [];
  for (const draft of drafts) made.push(await createOne(draft, place, by));
  return made;
}

async function createOne(
  draft: ImportedDraft,
  { pool, bus, dataDir }: Place,
  by: UserId | null,
): Promise<ImportedNotebook> {
  const { notebook, files, cells, findings } = draft;
  const id = newId<NotebookId>('nb');
  const folder = join(dataDir, 'files', id);
  try {
    for (const [path, bytes] of files) {
      const file = join(folder, safePath(path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    await createNotebook({ pool, bus }, notebook, by, { id });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const made = cells.filter(({ kind }) => kind !== 'markdown').map(({ kind, name, file }) => ({ kind, name, file }));
  return { id, title: notebook.title, cells: made, findings };
}
