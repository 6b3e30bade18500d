/**
 * Other forms of notebooks: scripts, Jupyter notebooks, dbt projects and files of data become cells; cells leave in turn.
 *
 * N1  What is not taken over is a finding with its file and place; text that is no cell stays readable as prose.
 * N2  Nothing that comes in is run, and no path of it leaves its folder.
 */
import type { Cell, CellId, ImportFinding, JsonObject, Notebook } from '@datacraft/shared';
import { cellNamePattern, newId, orderKeys } from '@datacraft/shared';

/** A cell that is being made, and the file it comes from. */
export interface CellDraft {
  readonly kind: Cell['kind'];
  readonly name: string;
  readonly source: string;
  readonly config: JsonObject;
  readonly file: string;
}

/** A notebook that an import made, with the files that its cells read, by their path beside it. */
export interface ImportedDraft {
  readonly notebook: Notebook;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly cells: readonly Pick<CellDraft, 'kind' | 'name' | 'file'>[];
  readonly findings: readonly ImportFinding[];
}

export function cellsOf(drafts: readonly CellDraft[]): Cell[] {
  const keys = orderKeys(drafts.length);
  return drafts.map(({ kind, name, source, config }, index) => ({
    id: newId<CellId>('cell'),
    kind,
    name,
    source,
    config,
    order: keys[index] ?? '',
  }));
}

export function prose(source: string, file: string): CellDraft {
  return { kind: 'markdown', name: '', source, config: {}, file };
}

/** Text that stays to be read, in a fence that it does not close itself. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`;
}

/** A name as the name of a cell: a-z, 0-9 and `_`. */
export function cellName(name: string): string {
  if (cellNamePattern.test(name)) return name;
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return plain === '' ? 'cell' : plain;
}

/** Names that no other cell has. */
export class FreeNames {
  readonly #taken = new Set<string>();

  take(name: string): string {
    const plain = cellName(name);
    let found = plain;
    for (let count = 2; this.#taken.has(found); count += 1) found = `${plain}_${count}`;
    this.#taken.add(found);
    return found;
  }
}
