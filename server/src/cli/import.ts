import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Notebook, NotebookId } from '@datacraft/shared';
import { Fault, newId, parseNotebook } from '@datacraft/shared';
import { createFileResolver } from '@datacraft/engine';
import type { Config } from '../config.ts';
import { loadConfig } from '../config.ts';
import { importFiles } from '../interchange/import.ts';
import { createNotebook } from '../room/new-document.ts';
import { auditCommand } from './audit-command.ts';
import { readArguments } from './arguments.ts';
import { filesBelow } from './files-below.ts';
import type { Output } from './output.ts';
import { diagnosticLine, exitCodes, hasErrors } from './output.ts';
import type { OpenRooms } from './rooms.ts';
import { withRooms } from './rooms.ts';
import { duckPoolOf } from './workspace.ts';

interface Found {
  readonly path: string;
  readonly notebook: Notebook;
}

/**
 * `datacraft import PATH`: a notebook file, or every notebook below a folder. Files that source cells name beside the
 * notebook come with it. Either all are read without errors, or nothing is created. What is in another form (a dbt
 * project, .ipynb, .sql, files of data, an archive) becomes notebooks with findings.
 */
export async function importNotebooks(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, { 'data-dir': { type: 'string' } });
  const [path, ...more] = read.positionals;
  if (path === undefined || more.length > 0) throw new Fault('bad-request', 'import takes one notebook file or folder');
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  const other = await otherForm(resolve(path), path);
  if (other !== null) return importOthers(other, resolve(path), config, output);
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
      await auditCommand(rooms.pool, 'notebook-import', id, { title });
      output.out(id);
      output.err(`${file} → ${id} ${title}`);
    }
    return exitCodes.done;
  });
}

const otherFile = /\.(ipynb|sql|zip|csv|tsv|json|ndjson|jsonl|parquet|xlsx)(\.gz)?$/i;

/** The files of a path that is in another form than ours; null when it is a notebook of ours, or holds one and is no dbt project. */
async function otherForm(path: string, shownAs: string): Promise<Map<string, Buffer> | null> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Fault('bad-request', `there is no file or folder ${shownAs}`, {}, { cause });
  });
  if (!found.isDirectory()) return otherFile.test(path) ? new Map([[basename(path), await readFile(path)]]) : null;
  const names = await readdir(path);
  if (!names.includes('dbt_project.yml') && (await notebooksBelow(path)).length > 0) return null;
  return filesBelow(path);
}

async function importOthers(
  files: ReadonlyMap<string, Buffer>,
  path: string,
  config: Config,
  output: Output,
): Promise<number> {
  const duck = duckPoolOf(config);
  try {
    return await withRooms(config, async ({ pool, bus }) => {
      const title = basename(path).replace(/\.\w+$/, '');
      const made = await importFiles(files, title, { pool, bus, dataDir: config.dataDir, duck }, null);
      for (const { id, title: called, cells, findings } of made) {
        output.out(id);
        output.err(`${title} → ${id} ${called}, ${cells.length} cells`);
        for (const { file, line, column, severity, message } of findings)
          output.err(`${file}:${line}:${column} ${severity} ${message}`);
      }
      return exitCodes.done;
    });
  } finally {
    await duck.stop();
  }
}

const frontMatter = /^\uFEFF?---\r?\n(.*\r?\n)*?datacraft:/;

/** In a folder a notebook is a Markdown file that begins with our front matter. */
async function notebookFiles(path: string, shownAs: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Fault('bad-request', `there is no file or folder ${shownAs}`, {}, { cause });
  });
  if (!found.isDirectory()) return [path];
  const notebooks = await notebooksBelow(path);
  if (notebooks.length === 0) throw new Fault('bad-request', `there is no notebook below ${shownAs}`);
  return notebooks;
}

async function notebooksBelow(path: string): Promise<string[]> {
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.md')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  return names.filter((_, index) => frontMatter.test(texts[index] ?? '')).map((name) => join(path, name));
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
