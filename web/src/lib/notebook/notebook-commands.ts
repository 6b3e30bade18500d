import ChartColumn from '@lucide/svelte/icons/chart-column';
import Eye from '@lucide/svelte/icons/eye';
import FileDown from '@lucide/svelte/icons/file-down';
import GitBranch from '@lucide/svelte/icons/git-branch';
import Layers from '@lucide/svelte/icons/layers';
import History from '@lucide/svelte/icons/history';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Play from '@lucide/svelte/icons/play';
import Plus from '@lucide/svelte/icons/plus';
import Printer from '@lucide/svelte/icons/printer';
import Search from '@lucide/svelte/icons/search';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserPen from '@lucide/svelte/icons/user-pen';
import UserPlus from '@lucide/svelte/icons/user-plus';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { CellKind } from '@datacraft/shared';
import { isBranchId } from '@datacraft/shared';
import { layerOf } from '#lib/cell/cell-words.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import type { Command } from '#lib/shell/commands.svelte.ts';
import { findInNotebook } from './find-in-notebook.ts';
import { jumpTo } from './jump-to.ts';
import type { NotebookSession } from './session.svelte.ts';

/** What the palette offers while a notebook is open: its cells first, then what can be done to it. */
export function notebookCommands(session: NotebookSession): Command[] {
  return [...cellCommands(session), ...doing(session)];
}

function cellCommands(session: NotebookSession): Command[] {
  return session.cells
    .filter((cell) => cell.name !== '')
    .map((cell) => {
      const layer = layerOf(cell);
      return {
        id: `cell-${cell.id}`,
        group: 'cells',
        label: cell.name,
        hint: m().cell.kind[cell.kind],
        mono: true,
        mark: session.stateOf(cell).mark,
        ...(layer ? { layer } : {}),
        run: () => jumpTo(session, cell),
      };
    });
}

function doing(session: NotebookSession): Command[] {
  const words = m().notebook;
  const last = session.selected?.id ?? session.cells.at(-1)?.id ?? null;
  const kinds = [
    'sql',
    'transform',
    'markdown',
    'chart',
    'input',
    'source',
    'model',
  ] as const satisfies readonly CellKind[];
  return [
    ...(session.canRun
      ? [
          {
            id: 'nb-run',
            group: 'act' as const,
            label: words.runAllCells,
            keys: 'Mod-Shift-R',
            icon: Play,
            run: () => void session.start(),
          },
          {
            id: 'nb-plan',
            group: 'act' as const,
            label: m().plan.ask,
            icon: ListChecks,
            run: () => void setTimeout(() => (session.selection.planning = true)),
          },
        ]
      : []),
    {
      id: 'nb-find',
      group: 'act',
      label: m().find.title,
      keys: 'Mod-F',
      icon: Search,
      run: () => void setTimeout(() => findInNotebook(session, null)),
    },
    {
      id: 'nb-print',
      group: 'act',
      label: words.printing.print,
      keys: 'Mod-P',
      icon: Printer,
      run: () =>
        void setTimeout(() => {
          session.selection.view = 'notebook';
          void session.printing.print();
        }),
    },
    {
      id: 'nb-graph',
      group: 'act',
      label: words.viewGraph,
      keys: 'G',
      icon: Waypoints,
      run: () => (session.selection.view = session.selection.view === 'graph' ? 'notebook' : 'graph'),
    },
    ...(session.canEdit
      ? kinds.map((kind): Command => ({
          id: `nb-add-${kind}`,
          group: 'act',
          label: `${words.insert.add}: ${words.insert[kind]}`,
          icon: kind === 'chart' ? ChartColumn : Plus,
          run: () => session.add(kind, { after: last }),
        }))
      : []),
    ...(session.rights.guest ? [] : amongPeople(session)),
    { id: 'nb-bin', group: 'act', label: words.bin, icon: Trash2, run: () => (session.selection.bin = true) },
    {
      id: 'nb-export',
      group: 'act',
      label: m().interchange.export,
      icon: FileDown,
      run: () => (session.selection.exporting = true),
    },
  ];
}

function amongPeople(session: NotebookSession): Command[] {
  const { selection, selected } = session;
  const others = session.presence.people.filter((person) => !person.self);
  return [
    ...others.map((person) => ({
      id: `nb-follow-${person.id}`,
      group: 'act' as const,
      label: m().notebook.follow.start(person.name),
      icon: Eye,
      run: () => session.following.start(person.id),
    })),
    ...(isBranchId(session.id) ? [reviewing(session)] : standingAlone(session)),
    {
      id: 'nb-history',
      group: 'act',
      label: m().history.open,
      keys: 'H',
      icon: History,
      run: () => (selection.view = selection.view === 'history' ? 'notebook' : 'history'),
    },
    ...(selected
      ? [
          {
            id: 'nb-blame',
            group: 'act' as const,
            label: m().history.whoWrote(selected.name),
            icon: UserPen,
            run: () => (selection.blaming = selected.id),
          },
          {
            id: 'nb-trace',
            group: 'act' as const,
            label: m().lineage.of(selected.name),
            icon: Waypoints,
            run: () => (selection.tracing = selected.id),
          },
        ]
      : []),
  ];
}

function reviewing({ selection }: NotebookSession): Command {
  return {
    id: 'nb-review',
    group: 'act',
    label: m().branch.review,
    icon: GitBranch,
    run: () => (selection.view = selection.view === 'review' ? 'notebook' : 'review'),
  };
}

/** What a branch leaves to the notebook it was forked from. */
function standingAlone({ selection }: NotebookSession): Command[] {
  return [
    { id: 'nb-share', group: 'act', label: m().share.title, icon: UserPlus, run: () => (selection.sharing = true) },
    {
      id: 'nb-branches',
      group: 'act',
      label: m().branch.title,
      icon: GitBranch,
      run: () => (selection.branching = true),
    },
    {
      id: 'nb-environments',
      group: 'act',
      label: m().environment.title,
      icon: Layers,
      run: () => (selection.environments = true),
    },
  ];
}
