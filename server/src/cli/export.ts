import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Notebook } from '@datacraft/shared';
import { Fault, formatNotebook } from '@datacraft/shared';
import { loadConfig } from '../config.ts';
import { listNotebooks } from '../store/notebooks.ts';
import { readArguments } from './arguments.ts';
import { auditCommand } from './audit-command.ts';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';
import { exportOne } from './export-one.ts';
import { withRooms } from './rooms.ts';

/**
 * `datacraft export NOTEBOOK_ID|--all [--out DIR]`: notebooks in their text form. One without `--out` goes to stdout;
 * with it the files attached to the notebook lie beside it, so that `import` and `run` find them. With `--format` it
 * leaves in the form of another program.
 */
export async function exportNotebooks(args: readonly string[], output: Output): Promise<number> {
  const read = readArguments(args, {
    all: { type: 'boolean' },
    out: { type: 'string' },
    format: { type: 'string' },
    language: { type: 'string' },
    'data-dir': { type: 'string' },
  });
  const all = read.flag('all');
  const out = read.text('out');
  const [only, ...more] = read.positionals;
  if (all ? only !== undefined : only === undefined || more.length > 0) {
    throw new Fault('bad-request', 'export takes one notebook id, or --all; "datacraft export --all --out notebooks"');
  }
  const format = read.text('format') ?? 'md';
  if (format !== 'md') {
    const language = read.text('language') === 'pt' ? 'pt' : 'en';
    return exportOne({ format, target: only, out, dataDir: read.text('data-dir'), language }, output);
  }
  if (all && out === undefined) throw new Fault('bad-request', '--all needs a folder to write to: --out DIR');
  const config = loadConfig(process.env, { dataDir: read.text('data-dir') });
  return withRooms(config, async ({ pool, rooms }) => {
    const ids = only === undefined ? (await listNotebooks(pool, false)).map((notebook) => notebook.id) : [only];
    const taken = new Set<string>();
    for (const id of ids) {
      const notebook = await rooms.notebook(id);
      await auditCommand(pool, 'notebook-export', id, { format });
      if (out === undefined) output.out(formatNotebook(notebook).replace(/\n$/, ''));
      else output.err(`${id} → ${await writeNotebook(notebook, join(config.dataDir, 'files', id), out, taken)}`);
    }
    if (ids.length === 0) output.err('there are no notebooks');
    return exitCodes.done;
  });
}

async function writeNotebook(notebook: Notebook, attached: string, out: string, taken: Set<string>): Promise<string> {
  const name = freeName(notebook.title, taken);
  const files = await readdir(attached).catch(() => []); // most notebooks have no files of their own
  const folder = files.length === 0 ? out : join(out, name);
  await mkdir(folder, { recursive: true });
  if (files.length > 0) await cp(attached, folder, { recursive: true });
  const path = join(folder, `${name}.md`);
  await writeFile(path, formatNotebook(notebook));
  return path;
}

/** A title as a file name, with a number where two titles give one name. */
function freeName(title: string, taken: Set<string>): string {
  const plain = title
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 100);
  const base = plain || 'notebook';
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`;
  taken.add(name);
  return name;
}
