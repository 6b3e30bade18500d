import type { TaskReport } from '@datacraft/shared';
import { m } from '#lib/i18n/index.svelte.ts';

/** Why a task did nothing, in the person's language. */
export function reasonOf(task: TaskReport): string {
  if (task.reason === 'fresh') return m().rooms.reasonFresh;
  if (task.reason === 'not selected') return m().rooms.reasonNotSelected;
  if (task.reason === 'replay') return m().table.aside.again;
  if (task.reason === 'sent again') return m().pipelines.sentAgain;
  return task.reason ?? m().common.run.skipped;
}
