import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import { say } from '#lib/ui/toast.svelte.ts';
import * as operations from './operations.ts';
import type { NotebookSession } from './session.svelte.ts';

/** Deletes into the bin, selects the neighbour, and offers the way back. */
export function binCell(session: NotebookSession, cell: CellModel): void {
  const { document, selection } = session;
  const index = document.live.indexOf(cell);
  const neighbour = document.live[index + 1] ?? document.live[index - 1] ?? null;
  operations.remove(document, cell);
  selection.select(neighbour?.id ?? null);
  say(m().notebook.moved(cell.name || m().cell.kind[cell.kind]), {
    action: {
      label: m().common.undo,
      run: () => {
        operations.restore(document, cell);
        selection.select(cell.id);
      },
    },
  });
}
