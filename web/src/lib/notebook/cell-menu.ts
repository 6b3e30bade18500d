import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import ChevronsDown from '@lucide/svelte/icons/chevrons-down';
import ChevronsUp from '@lucide/svelte/icons/chevrons-up';
import Copy from '@lucide/svelte/icons/copy';
import FastForward from '@lucide/svelte/icons/fast-forward';
import FoldVertical from '@lucide/svelte/icons/fold-vertical';
import ListTree from '@lucide/svelte/icons/list-tree';
import PencilLine from '@lucide/svelte/icons/pencil-line';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Play from '@lucide/svelte/icons/play';
import Send from '@lucide/svelte/icons/send';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Timer from '@lucide/svelte/icons/timer';
import Waypoints from '@lucide/svelte/icons/waypoints';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserPen from '@lucide/svelte/icons/user-pen';
import WandSparkles from '@lucide/svelte/icons/wand-sparkles';
import { type Json, stepsOfSql } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import { formatSql } from '#lib/editor/format-sql.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import { heldOf, holdOrRelease, inputsOf, mayHold } from '#lib/pin/holding.ts';
import type { MenuEntry } from '#lib/ui/menu.ts';
import { say } from '#lib/ui/toast.svelte.ts';
import { binCell } from './bin-cell.ts';
import { beginComment } from './commenting.ts';
import * as operations from './operations.ts';
import type { NotebookSession } from './session.svelte.ts';

/** Everything that can be done to one cell. */
export function cellMenu(session: NotebookSession, cell: CellModel): MenuEntry[] {
  return [...runEntries(session, cell), ...holdEntries(session, cell), ...editEntries(session, cell)];
}

function holdEntries(session: NotebookSession, cell: CellModel): MenuEntry[] {
  if (!mayHold(session, cell)) return [];
  const all = heldOf(session, cell).length === inputsOf(session, cell).length;
  const label = all ? m().pin.releaseInputs : m().pin.hold;
  return [{ label, icon: all ? PinOff : Pin, keys: 'P', onSelect: () => void holdOrRelease(session, cell) }];
}

function runEntries(session: NotebookSession, cell: CellModel): MenuEntry[] {
  if (!session.canRun || !['sql', 'source', 'transform', 'model'].includes(cell.kind)) return [];
  const words = m().cell;
  return [
    { label: words.runCell, icon: Play, keys: 'Mod-Enter', onSelect: () => session.runCell(cell) },
    { label: words.runWith, icon: ChevronsUp, keys: 'Alt-Enter', onSelect: () => session.runAround(cell, 'upstream') },
    {
      label: words.runAfter,
      icon: ChevronsDown,
      keys: 'Alt-Shift-Enter',
      onSelect: () => session.runAround(cell, 'downstream'),
    },
    { label: m().notebook.runAllCells, icon: FastForward, keys: 'Mod-Shift-R', onSelect: () => void session.start() },
    '-',
  ];
}

function editEntries(session: NotebookSession, cell: CellModel): MenuEntry[] {
  const words = m().cell;
  const { document, selection } = session;
  const fold: MenuEntry = {
    label: selection.isFolded(cell.id) ? words.unfold : words.fold,
    icon: FoldVertical,
    keys: 'F',
    onSelect: () => selection.fold(cell.id),
  };
  const comment: MenuEntry[] = session.canComment
    ? [
        {
          label: m().comment.comment,
          icon: MessageSquare,
          keys: 'Mod-Alt-M',
          onSelect: () => setTimeout(() => beginComment(session, cell, null)),
        },
      ]
    : [];
  const trace: MenuEntry[] =
    cell.kind === 'markdown'
      ? []
      : [
          {
            label: m().lineage.ofCell,
            icon: Waypoints,
            onSelect: () => setTimeout(() => (selection.tracing = cell.id)),
          },
        ];
  if (!session.canEdit) return [...comment, ...trace, ...(cell.kind === 'markdown' ? [] : [fold])];
  const named = cell.kind !== 'markdown';
  return [
    ...(named
      ? [
          {
            label: words.rename,
            icon: PencilLine,
            keys: 'F2',
            onSelect: () => setTimeout(() => (selection.renaming = cell.id)),
          },
        ]
      : []),
    ...(cell.kind === 'sql'
      ? [
          {
            label: words.format,
            icon: WandSparkles,
            keys: 'Shift-Alt-F',
            onSelect: () => void formatCell(session, cell),
          },
        ]
      : []),
    ...(cell.kind === 'sql'
      ? [
          {
            label: m().streaming.window.open,
            icon: Timer,
            onSelect: () => setTimeout(() => (selection.windowing = cell.id)),
          },
        ]
      : []),
    ...backToSteps(session, cell),
    ...(['sql', 'source', 'transform', 'model'].includes(cell.kind)
      ? [
          {
            label: words.settings,
            icon: SlidersHorizontal,
            onSelect: () => (selection.settings = selection.settings === cell.id ? null : cell.id),
          },
        ]
      : []),
    ...(cell.kind === 'sql' || cell.kind === 'transform'
      ? [
          {
            label: m().streams.producer.open,
            icon: Send,
            onSelect: () => setTimeout(() => (selection.producing = cell.id)),
          },
        ]
      : []),
    ...comment,
    ...trace,
    { label: m().history.whoWroteCell, icon: UserPen, onSelect: () => setTimeout(() => (selection.blaming = cell.id)) },
    ...(named ? [fold] : []),
    { label: words.moveUp, icon: ArrowUp, keys: 'Alt-Shift-Up', onSelect: () => operations.moveBy(document, cell, -1) },
    {
      label: words.moveDown,
      icon: ArrowDown,
      keys: 'Alt-Shift-Down',
      onSelect: () => operations.moveBy(document, cell, 1),
    },
    {
      label: words.duplicate,
      icon: Copy,
      onSelect: () => selection.select(operations.duplicate(document, cell) ?? cell.id),
    },
    '-',
    { label: words.delete, icon: Trash2, danger: true, keys: 'D D', onSelect: () => binCell(session, cell) },
  ];
}

export async function formatCell(session: NotebookSession, cell: CellModel): Promise<void> {
  const text = await formatSql(cell.text);
  if (text === null) say(m().cell.formatFailed, { mark: 'failed' });
  else operations.replaceText(session.document, cell, text);
}

/** SQL that was made from steps and not changed since goes back to them, in a cell below it. */
function backToSteps(session: NotebookSession, cell: CellModel): MenuEntry[] {
  const made = cell.kind === 'sql' && cell.text.startsWith('with\n-- {"from"') ? stepsOfSql(cell.text) : null;
  if (made === null) return [];
  const config = { ...cell.config, from: made.from, steps: (made.steps ?? []) as unknown as Json };
  const onSelect = () => {
    const place = { after: cell.id };
    const given = { name: `${cell.name}_steps`, config };
    session.selection.select(operations.add(session.document, 'transform', place, given));
  };
  return [{ label: m().transform.toSteps, icon: ListTree, onSelect }];
}
