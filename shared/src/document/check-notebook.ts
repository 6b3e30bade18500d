import { say, worded } from '../said/said.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { type Cell, cellNamePattern } from './cell.ts';
import type { Notebook } from './notebook.ts';
import type { ConfigIssue } from './spec/issue.ts';
import { validateConfig, validateMeta } from './spec/validate.ts';

/** What can be said of a notebook without its SQL: names, keys and values. Positions are paths; see `locate`. */
export function checkNotebook(notebook: Notebook): Diagnostic[] {
  const meta = validateMeta(notebook.meta).issues.map((issue) => aboutMeta(issue));
  return [...meta, ...checkNames(notebook.cells), ...notebook.cells.flatMap(checkConfig)];
}

function aboutMeta(issue: ConfigIssue): Diagnostic {
  const about = { severity: 'error', cell: null, cellId: null, part: 'notebook', line: 1, column: 1 } as const;
  const meant =
    issue.path.length === 1 && issue.code === 'unknown-key'
      ? nearest(String(issue.path[0]), ['datacraft', 'title'])
      : null;
  if (meant === null) return { ...about, ...issue, ...worded(issue.message) };
  return {
    ...about,
    ...issue,
    ...worded(say('unknown key "{path}"; did you mean "{meant}"?', { path: String(issue.path[0]), meant })),
    suggestion: meant,
  };
}

function checkConfig(cell: Cell): Diagnostic[] {
  return validateConfig(cell.kind, cell.config).issues.map((issue) => ({
    ...about(cell),
    ...issue,
    ...worded(issue.message),
  }));
}

function checkNames(cells: readonly Cell[]): Diagnostic[] {
  const taken = new Set<string>();
  const findings: Diagnostic[] = [];
  for (const cell of cells) {
    if (cell.kind === 'markdown') continue;
    if (!cellNamePattern.test(cell.name)) findings.push(badName(cell));
    else if (taken.has(cell.name)) findings.push(duplicateName(cell));
    taken.add(cell.name);
  }
  return findings;
}

function about(cell: Cell): Pick<Diagnostic, 'severity' | 'cell' | 'cellId' | 'part' | 'line' | 'column'> {
  return { severity: 'error', cell: cell.name || null, cellId: cell.id, part: 'config', line: 1, column: 1 };
}

function badName(cell: Cell): Diagnostic {
  const message = say('"{name}" cannot name a cell: use a-z, 0-9 and _, beginning with a letter', { name: cell.name });
  const suggestion = nameFrom(cell.name);
  return {
    ...about(cell),
    code: 'bad-name',
    path: [],
    ...worded(message),
    ...(suggestion === null ? {} : { suggestion }),
  };
}

function duplicateName(cell: Cell): Diagnostic {
  const message = say('another cell above is named "{name}" too: give this one its own name', { name: cell.name });
  return { ...about(cell), code: 'duplicate-name', path: [], ...worded(message) };
}

/** The nearest allowed name: `Preço médio` gives `preco_medio`. */
export function nameFrom(text: string): string | null {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const name = plain.replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '');
  return cellNamePattern.test(name) ? name : null;
}
