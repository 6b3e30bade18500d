import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportFormat, Notebook } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import { compile } from '@datacraft/engine';
import { loadConfig } from '../config.ts';
import { ownerOf } from '../engine.ts';
import type { Exportable } from '../interchange/export.ts';
import { exportAs, exportFormatOf } from '../interchange/export.ts';
import type { ReportLanguage } from '../interchange/report.ts';
import { latestPublication } from '../store/dashboards.ts';
import { openNotebookFile } from './notebook-file.ts';
import type { Output } from './output.ts';
import { diagnosticLine, exitCodes } from './output.ts';
import { withRooms } from './rooms.ts';
import { auditCommand } from './audit-command.ts';
import type { Workspace } from './workspace.ts';
import { openWorkspace } from './workspace.ts';

interface Asked {
  readonly language: ReportLanguage;
  readonly format: string;
  /** The id of a notebook of the server, or a notebook file. */
  readonly target: string | undefined;
  readonly out: string | undefined;
  readonly dataDir: string | undefined;
}

/** `datacraft export NOTEBOOK_ID|FILE.md --format dbt|ipynb|html|pdf --out DIR`. What is not carried over goes to stderr. */
export async function exportOne({ format, target, out, dataDir, language }: Asked, output: Output): Promise<number> {
  const kind = exportFormatOf(format);
  if (target === undefined || out === undefined)
    throw new Fault(
      'bad-request',
      `--format ${kind} takes one notebook and a folder: datacraft export ID|FILE.md --format ${kind} --out DIR`,
    );
  const config = loadConfig(process.env, { dataDir });
  const stored = target.endsWith('.md') ? null : await withRooms(config, ({ rooms }) => rooms.notebook(target));
  const workspace = await openWorkspace(config);
  try {
    const what =
      stored === null ? await fromFile(target, workspace, output) : await fromServer(target, stored, kind, workspace);
    if (what === null) return exitCodes.invalid;
    const { files, notes } = await exportAs(kind, what, workspace.deps, new Date(), language);
    for (const [path, content] of files) {
      await mkdir(dirname(join(out, path)), { recursive: true });
      await writeFile(join(out, path), content);
    }
    await auditCommand(workspace.pool, 'notebook-export', target, { format: kind });
    for (const { cell, message } of notes) output.err(`${cell ?? 'the notebook'}: ${message}`);
    output.out(`${files.size} files are in ${out}`);
    return exitCodes.done;
  } finally {
    await workspace.close();
  }
}

/** What leaves to be read is what was published; everything else is what is edited now. */
async function fromServer(
  id: string,
  notebook: Notebook,
  format: ExportFormat,
  { deps }: Workspace,
): Promise<Exportable> {
  const owner = ownerOf(id, notebook.title);
  const found = format === 'pdf' ? await latestPublication(deps.db, id) : null;
  const document = found?.document ?? notebook;
  const version = found ? { version: { number: found.version, at: found.publishedAt.toISOString() } } : {};
  return { notebook: document, compiled: await compile(document, deps.duck), owner, ...version };
}

async function fromFile(path: string, { deps }: Workspace, output: Output): Promise<Exportable | null> {
  const file = await openNotebookFile(path, deps.duck);
  for (const one of file.diagnostics) output.err(diagnosticLine(file.shownAs, one));
  if (!file.valid) return null;
  const { notebook, compiled } = file;
  return { notebook, compiled, owner: { key: `file:${file.path}`, title: notebook.title, notebookId: null } };
}
