import { goto } from '$app/navigation';
import { api, messageOf } from '#lib/api/index.ts';
import { chooseFile } from '#lib/api/upload.ts';
import { importable, importing } from '#lib/interchange/importing.svelte.ts';
import { m } from '#lib/i18n/index.svelte.ts';
import { say } from '#lib/ui/toast.svelte.ts';

/** Started from menus and the palette, where there is no place of their own for a failure: it is said in a toast. */
async function openMade(make: () => Promise<{ id: string } | null>): Promise<void> {
  try {
    const made = await make();
    if (made) await goto(`/notebooks/${made.id}`);
  } catch (error) {
    say(messageOf(error), { mark: 'failed' });
  }
}

export function createAndOpen(): Promise<void> {
  return openMade(() => api.createNotebook(m().notebook.untitled));
}

export async function importAndOpen(): Promise<void> {
  const file = await chooseFile(importable);
  if (file) await importing.start([{ name: file.name, file }]);
}
