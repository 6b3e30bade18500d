import { isBranchId } from '@datacraft/shared';
import { inBranch } from '../store/branch-database.ts';
import type { RunDeps } from './context.ts';

/** What a notebook's runs and readers work on: a branch's, its own tables, told to nobody; any other's, those of main. */
export function depsInside(notebookId: string | null, deps: RunDeps): RunDeps {
  if (!isBranchId(notebookId)) return deps;
  const { openLineage: _told, ...own } = deps;
  return { ...own, db: inBranch(deps.db, notebookId), keepsToItself: true };
}
