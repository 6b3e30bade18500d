import Languages from '@lucide/svelte/icons/languages';
import Moon from '@lucide/svelte/icons/moon';
import NotebookText from '@lucide/svelte/icons/notebook-text';
import Plus from '@lucide/svelte/icons/plus';
import Upload from '@lucide/svelte/icons/upload';
import { isLayer, type NotebookSummary, type TableSummary } from '@datacraft/shared';
import { goto } from '$app/navigation';
import { api } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import { toggleTheme } from '#lib/ui/theme.svelte.ts';
import { canEdit } from './account.svelte.ts';
import type { Command } from './commands.svelte.ts';
import { createAndOpen, importAndOpen } from './notebook-actions.ts';
import { rooms } from './rooms.ts';
import { switchLanguage } from './session-actions.ts';

let notebooks = $state.raw<NotebookSummary[]>([]);
let tables = $state.raw<TableSummary[]>([]);

/** Read each time the palette opens; what was read before stays until the answer is there. */
export async function loadPlaces(): Promise<void> {
  const [books, found] = await Promise.allSettled([api.notebooks(), api.tables()]);
  if (books.status === 'fulfilled') notebooks = books.value;
  if (found.status === 'fulfilled') tables = found.value;
}

export function shellCommands(): Command[] {
  const words = m().shell;
  return [
    ...(canEdit() ? creating() : []),
    { id: 'act-theme', group: 'act', label: words.theme, icon: Moon, run: toggleTheme },
    {
      id: 'act-language',
      group: 'act',
      label: words.language,
      hint: words.languageHint,
      icon: Languages,
      run: switchLanguage,
    },
    ...rooms.map((room): Command => ({
      id: `go-${room.key}`,
      group: 'go',
      label: words[room.key],
      icon: room.icon,
      run: () => void goto(room.path),
    })),
    ...notebooks.map((book): Command => ({
      id: `nb-${book.id}`,
      group: 'notebooks',
      label: book.title,
      icon: NotebookText,
      run: () => void goto(`/notebooks/${book.id}`),
    })),
    ...tables.map(tableCommand),
  ];
}

function creating(): Command[] {
  const words = m().shell.palette;
  return [
    { id: 'act-new', group: 'act', label: words.newNotebook, icon: Plus, run: () => void createAndOpen() },
    { id: 'act-import', group: 'act', label: words.importNotebook, icon: Upload, run: () => void importAndOpen() },
  ];
}

function tableCommand(table: TableSummary): Command {
  return {
    id: `table-${table.layer}.${table.name}`,
    group: 'tables',
    label: table.name,
    hint: m().common.rows(table.rows),
    mono: true,
    ...(isLayer(table.layer) ? { layer: table.layer } : {}),
    run: () => void goto(`/tables/${table.layer}/${table.name}`),
  };
}
