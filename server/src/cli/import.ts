import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Notebook, NotebookId } from '@datacraft/shared';
import { Fault, newId, parseNotebook } from '@datacraft/shared';
import { createFileResolver } from '@datacraft/engine';
import type { Config } from '../config.ts';
import { loadConfig } from '../config.ts';
import { createNotebook } from '../room/new-document.ts';
import { readArguments } from './arguments.ts';
import type { Output } from './output.ts';
import { diagnosticLine, exitCodes, hasErrors } from './output.ts';
import type { OpenRooms } from './rooms.ts';
import { withRooms } from './rooms.ts';

interface Found {
  readonly path: string;
  readonly notebook: Notebook;
}

/**
 * `datacraft import PATH`: a notebook file, or every notebook below a folder. Files that source cells name beside the
 * notebook come with it. Either all are read without errors, or nothing is created.
 */
export async function importNotebooks(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, { 'data-dir': { type: 'string' } });
  const [path, ...more] = read.positionals;
  if (path === undefined || more.length > 0) throw new Fault('bad-request', 'import takes one notebook file or folder');
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const files = await notebookFiles(resolve(path), path);
  const parsed = await Promise.all(
    files.map(async (file) => ({ file, ...parseNotebook(await readFile(file, 'utf8')) })),
  );
  const broken = parsed.filter((each) => hasErrors(each.diagnostics));
  for (const { file, diagnostics } of broken) for (const one of diagnostics) output.err(diagnosticLine(file, one));
  if (broken.length > 0) return exitCodes.invalid;
  return withRooms(config, async (rooms) => {
    for (const { file, notebook } of parsed) {
      const title = notebook.title.trim() === '' ? 'Untitled' : notebook.title;
      const id = await importOne({ path: file, notebook: { ...notebook, title } }, config, rooms, output);
      output.out(id);
      output.err(`${file} → ${id} ${title}`);
    }
    return exitCodes.done;
  });
}

/** In a folder a notebook is a Markdown file that begins with our front matter. */
async function notebookFiles(path: string, shownAs: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Fault('bad-request', `there is no file or folder ${shownAs}`, {}, { cause });
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.md')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  const notebooks = names.filter((_, index) => /^\uFEFF?---\r?\n(.*\r?\n)*?datacraft:/.test(texts[index] ?? ''));
  if (notebooks.length === 0) throw new Fault('bad-request', `there is no notebook below ${shownAs}`);
  return notebooks.map((name) => join(path, name));
}

async function importOne(found: Found, config: Config, { pool, bus }: OpenRooms, output: Output): Promise<NotebookId> {
  const id = newId<NotebookId>('nb');
  const folder = join(config.dataDir, 'files', id);
  try {
    await attachFiles(found, folder, config, output);
    return await createNotebook({ pool, bus }, found.notebook, null, { id });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function attachFiles({ path, notebook }: Found, folder: string, config: Config, output: Output): Promise<void> {
  const root = dirname(path);
  const find = createFileResolver({ root, cacheDir: join(config.dataDir, 'cache') });
  for (const cell of notebook.cells) {
    const named = cell.kind === 'source' ? cell.config['path'] : undefined;
    for (const one of typeof named === 'string' ? [named] : Array.isArray(named) ? named : []) {
      if (typeof one !== 'string' || /^[a-z][a-z0-9+.-]*:\/\//i.test(one)) continue;
      try {
        for (const file of await find(one)) {
          const place = join(folder, relative(root, file.path));
          await mkdir(dirname(place), { recursive: true });
          await cp(file.path, place);
        }
      } catch (error) {
        output.err(`${cell.name}: ${error instanceof Error ? error.message : String(error)}; imported without it`);
      }
    }
  }
}
