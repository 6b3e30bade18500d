/** The seven marks of the interface, and `idle` for what never ran. The shape carries the meaning. */
export const markStates = ['fresh', 'stale', 'running', 'failed', 'blocked', 'queued', 'skipped', 'idle'] as const;
export type MarkState = (typeof markStates)[number];

import type { TaskState } from '@datacraft/shared';

export function markOfRun(state: TaskState): MarkState {
  switch (state) {
    case 'succeeded':
      return 'fresh';
    case 'running':
    case 'failed':
    case 'queued':
    case 'skipped':
      return state;
    case 'cancelled':
      return 'blocked';
  }
}
