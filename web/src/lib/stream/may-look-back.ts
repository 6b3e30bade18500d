import { isBranchId } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { NotebookSession } from '#lib/notebook/session.svelte.ts';

const live = new Set(['webhook', 'kafka', 'simulator']);

/** Whether commits of a stream may write the table of a cell. A branch has no streams of its own. */
export function mayLookBack({ id, rights }: NotebookSession, { kind, config }: CellModel): boolean {
  if (rights.guest || isBranchId(id)) return false;
  return kind === 'source' ? live.has(String(config['type'])) : config['refresh'] === 'streaming';
}
