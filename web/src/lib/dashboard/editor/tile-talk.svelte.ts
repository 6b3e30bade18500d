import type { NotebookEvent } from '@datacraft/shared';
import { listen } from '#lib/api/events.ts';
import { Comments } from '#lib/comment/comments.svelte.ts';
import { notices } from '#lib/comment/notices.svelte.ts';
import { onDestroy } from 'svelte';

/** The threads of a notebook for as long as the component that asks lives; heard from its event stream. */
export function tileTalk(notebookId: string, onEvent: (event: NotebookEvent) => void): Comments {
  const comments = new Comments(notebookId);
  const stop = listen(
    notebookId,
    (event) => {
      onEvent(event);
      if (event.type === 'comments') void Promise.all([comments.refresh(), notices.refresh()]);
    },
    () => {},
  );
  onDestroy(stop);
  return comments;
}
