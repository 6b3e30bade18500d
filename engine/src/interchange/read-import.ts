import type { Compiled } from '../compile/graph.ts';
import { compile } from '../compile/compile.ts';
import type { Parse } from '../compile/select.ts';
import type { ImportFinding, Notebook } from '@datacraft/shared';
import { Fault, parseNotebook, say, asSaid, worded } from '@datacraft/shared';
import { importDbt } from '../dbt/import/import.ts';
import { projectRoot } from '../dbt/import/project.ts';
import { dataNotebook, isDataFile } from './data-files.ts';
import type { ImportedDraft } from './draft.ts';
import { cellsOf } from './draft.ts';
import { readIpynb } from './ipynb.ts';
import { newScope, scriptCells } from './sql-script.ts';

type Files = ReadonlyMap<string, Buffer>;

/** What can be made of files: `title` is what a notebook is called whose file says no better. */
export async function readImport(files: Files, title: string, parse: Parse): Promise<ImportedDraft[]> {
  const root = projectRoot(files.keys());
  const made = root === null ? await separate(files, title, parse) : [dbtDraft(below(files, root))];
  if (made.length === 0) {
    const names = [...files.keys()].slice(0, 5).join(', ');
    throw new Fault(
      'bad-request',
      `there is nothing to import in ${names || 'it'}: expected a notebook (.md, .ipynb), .sql, files of data, or a dbt project`,
    );
  }
  return Promise.all(
    made.map(async (draft) => ({ ...draft, findings: [...draft.findings, ...(await compileFindings(draft, parse))] })),
  );
}

function below(files: Files, root: string): Files {
  return new Map(
    [...files].filter(([path]) => path.startsWith(root)).map(([path, bytes]) => [path.slice(root.length), bytes]),
  );
}

const isText = /\.(sql|ya?ml|md|csv|txt)$/i;

function dbtDraft(files: Files): ImportedDraft {
  const texts = new Map([...files].filter(([path]) => isText.test(path)).map(([path, bytes]) => [path, utf8(bytes)]));
  const { notebook, reads, cells, findings } = importDbt(texts, files);
  return { notebook, cells, findings, files: picked(files, reads) };
}

function picked(files: Files, paths: readonly string[]): Map<string, Uint8Array> {
  return new Map(
    paths.flatMap((path) => {
      const bytes = files.get(path);
      return bytes === undefined ? [] : [[path, bytes] as const];
    }),
  );
}

/** Each notebook and script is one of its own; data that none of them reads is one together. */
async function separate(files: Files, title: string, parse: Parse): Promise<ImportedDraft[]> {
  const made: ImportedDraft[] = [];
  const read = new Set<string>();
  for (const [path, bytes] of files) {
    if (/\.ipynb$/i.test(path)) {
      const { notebook, cells, findings } = await readIpynb(path, utf8(bytes), parse);
      made.push({ notebook, cells, findings, files: new Map() });
    } else if (/\.sql$/i.test(path)) made.push(await scriptDraft(path, utf8(bytes), parse));
    else if (/\.md$/i.test(path) && isNotebook(utf8(bytes))) {
      const draft = markdownDraft(path, utf8(bytes), files);
      made.push(draft);
      for (const file of draft.files.keys()) read.add(folderOf(path) + file);
    }
  }
  const data = new Map([...files].filter(([path]) => isDataFile(path) && !read.has(path)));
  return data.size === 0 ? made : [...made, dataNotebook(data, title)];
}

const isNotebook = (text: string): boolean => /^\uFEFF?---\r?\n(.*\r?\n)*?datacraft:/.test(text);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const utf8 = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\uFEFF/, '');

async function scriptDraft(path: string, text: string, parse: Parse): Promise<ImportedDraft> {
  const findings: ImportFinding[] = [];
  const cells = await scriptCells(text, path, parse, newScope(), findings);
  const title = (path.split('/').at(-1) ?? path).replace(/\.sql$/i, '');
  return { notebook: { title, meta: {}, cells: cellsOf(cells) }, cells, findings, files: new Map() };
}

function markdownDraft(path: string, text: string, files: Files): ImportedDraft {
  const { notebook, diagnostics } = parseNotebook(text);
  const findings = diagnostics.map(({ line, column, severity, message, said }): ImportFinding => ({
    file: path,
    line,
    column,
    severity,
    message,
    ...(said ? { said } : {}),
  }));
  const named = notebook.cells.flatMap(({ kind, config }) =>
    kind === 'source' && typeof config['path'] === 'string' ? [config['path'].replace(/^\.\//, '')] : [],
  );
  const own = new Map([...below(files, folderOf(path))]);
  const cells = notebook.cells.map(({ kind, name }) => ({ kind, name, file: path }));
  const titled: Notebook = notebook.title.trim() === '' ? { ...notebook, title: 'Untitled' } : notebook;
  return { notebook: titled, cells, findings, files: picked(own, named) };
}

/** What the compiler says of the cells as they are now. */
async function compileFindings({ notebook, cells }: ImportedDraft, parse: Parse): Promise<ImportFinding[]> {
  const { diagnostics }: Compiled = await compile(notebook, { parse });
  return diagnostics
    .filter(({ severity, code }) => severity === 'error' || code === 'layer-policy')
    .map(({ cell, message, said, line, column, severity }) => {
      const file = cells.find(({ name }) => name === cell)?.file ?? '';
      const words = said ?? message;
      const own = cell === null ? words : say('{path}: {message}', { path: cell, message: asSaid(words) });
      return { file, line, column, severity, ...worded(own) };
    });
}
