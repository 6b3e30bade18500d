import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

/**
 * Keeps a file beside the notebook, as those that were imported with it are: it goes along when the notebook is exported
 * or duplicated. Its name tells its content, so that the same rows taken twice are one file. Answers what `path` takes.
 */
export async function keepFixture(
  file: string,
  to: { readonly dataDir: string; readonly notebookId: string; readonly name: string },
): Promise<string> {
  const folder = path.join(to.dataDir, 'files', to.notebookId, 'fixtures');
  await mkdir(folder, { recursive: true });
  const content = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const place = path.join(folder, `${to.name}_${content.slice(0, 8)}.parquet`);
  const aside = `${place}.${process.pid}.tmp`;
  await copyFile(file, aside);
  const copied = await open(aside, 'r+');
  await copied.sync().finally(() => copied.close());
  await rename(aside, place);
  const held = await open(folder, 'r');
  await held.sync().finally(() => held.close());
  return `fixtures/${path.basename(place)}`;
}
