import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { CellId, Diagnostic, Notebook } from '@datacraft/shared';
import { Fault, fileDiagnostics, locate, parseNotebook } from '@datacraft/shared';
import type { Compiled, DuckPool } from '@datacraft/engine';
import { compile } from '@datacraft/engine';
import { hasErrors } from './output.ts';

/** A notebook file as the commands see it: parsed, compiled, with findings at their place in the file. */
export interface NotebookFile {
  readonly path: string;
  readonly shownAs: string;
  readonly notebook: Notebook;
  readonly compiled: Compiled;
  readonly diagnostics: readonly Diagnostic[];
  readonly valid: boolean;
  /** Turns a line of a cell's own text into a line of the file. */
  fileLine(cell: string, line: number): number;
}

export async function openNotebookFile(file: string, duck: DuckPool): Promise<NotebookFile> {
  const path = resolve(file);
  const parsed = parseNotebook(await readText(path, file), { newId: () => `cell_${randomUUID()}` as CellId });
  const notebook =
    parsed.notebook.title === '' ? { ...parsed.notebook, title: basename(file, '.md') } : parsed.notebook;
  const compiled = await compile(notebook, duck);
  const place = (diagnostic: Diagnostic) => locate(diagnostic, parsed.positions);
  const diagnostics = fileDiagnostics(parsed, compiled.diagnostics);
  return {
    path,
    shownAs: file,
    notebook,
    compiled,
    diagnostics,
    valid: !hasErrors(diagnostics),
    fileLine: (cell, line) => {
      const id = compiled.graph.cells.get(cell)?.id ?? null;
      return place({ severity: 'error', code: 'at', message: '', cell, cellId: id, part: 'source', line, column: 1 })
        .line;
    },
  };
}

async function readText(path: string, shownAs: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Fault(
      'not-found',
      `cannot read ${shownAs}: ${error instanceof Error ? error.message : String(error)}`,
      {},
      { cause: error },
    );
  }
}
