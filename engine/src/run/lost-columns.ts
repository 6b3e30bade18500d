import type { Diagnostic, PlacedLineage } from '@datacraft/shared';
import { keyOf, relationName } from '@datacraft/shared';
import type { CompiledCell } from '../compile/graph.ts';
import { lostOf } from '../plan/column-change.ts';
import { brokenReaders } from '../plan/radius.ts';
import { loadLineage } from '../store/lineage.ts';
import type { MayRead } from '../store/relations.ts';
import { isOwner } from '../store/relations.ts';
import type { RunDeps } from './context.ts';
import type { Draft } from './draft-columns.ts';
import { changedColumns, draftLineage } from './draft-columns.ts';

/**
 * Warnings about columns that the text, as it is now, takes away from those who read them. Cells of other notebooks are
 * counted and not named: everybody in the notebook reads this.
 */
export async function lostColumns(
  draft: Draft,
  deps: Pick<RunDeps, 'db' | 'duck'>,
  maySee: MayRead,
): Promise<Diagnostic[]> {
  const edited = [...draft.compiled.graph.cells.values()].filter((cell) => isEdited(cell, draft));
  if (edited.length === 0) return [];
  const drafts = await draftLineage(draft, deps);
  const lost = edited.map((cell) => ({ cell, columns: lostBy(cell, drafts, draft) }));
  const all = new Set(lost.flatMap(({ columns }) => columns));
  if (all.size === 0) return [];
  const stored = (await loadLineage(deps.db)).filter(
    (cell) => cell.owner === draft.owner.key || maySee({ notebookId: cell.notebookId, ownerKey: cell.owner }),
  );
  const broken = [...brokenReaders(all, { drafts, stored })];
  const ownKeys = new Map(drafts.map((each) => [keyOf(each), each.cell]));
  return lost.flatMap(({ cell, columns }) => {
    const readers = broken.flatMap(([key, reads]) => (reads.some((each) => columns.includes(each)) ? [key] : []));
    if (readers.length === 0) return [];
    const read = columns.filter((column) => broken.some(([, reads]) => reads.includes(column)));
    const own = readers.flatMap((key) => ownKeys.get(key) ?? []);
    return [warning(cell, read, own, readers.length - own.length)];
  });
}

function isEdited(cell: CompiledCell, { known, owner }: Draft): boolean {
  const published = cell.relation === null ? undefined : known.published.get(relationName(cell.relation));
  if (published === undefined || !isOwner(owner, published) || !cell.valid) return false;
  return published.definition?.meaning !== cell.meaning;
}

function lostBy(cell: CompiledCell, drafts: readonly PlacedLineage[], { known }: Draft): string[] {
  const relation = cell.relation === null ? '' : relationName(cell.relation);
  const published = known.published.get(relation);
  const draft = drafts.find((each) => each.cell === cell.name);
  const columns = published && draft ? changedColumns(cell, published, draft) : null;
  return columns === null ? [] : lostOf(relation, columns);
}

function warning(cell: CompiledCell, columns: readonly string[], own: readonly string[], others: number): Diagnostic {
  const elsewhere =
    others === 0 ? [] : [others === 1 ? 'a cell of another notebook' : `${others} cells of other notebooks`];
  const names = columns.map((column) => `\`${column.split('.').slice(2).join('.')}\``).join(', ');
  const isOne = columns.length === 1;
  return {
    severity: 'warning',
    code: 'breaking-change',
    message: `${names} ${isOne ? 'is' : 'are'} gone or of another type, and ${[...own, ...elsewhere].join(', ')} read${own.length + others === 1 ? 's' : ''} ${isOne ? 'it' : 'them'}; look at the plan before you run`,
    cell: cell.name,
    cellId: cell.id,
    part: cell.kind === 'sql' ? 'source' : 'config',
    line: 1,
    column: 1,
  };
}
