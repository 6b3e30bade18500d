import { isBranchId, spaceOf } from '@datacraft/shared';
import { inSpace } from '../store/branch-database.ts';
import type { RunDeps } from './context.ts';

/** What a notebook's runs and readers work on: a branch's, its own tables, told to nobody; any other's, those of main. */
export function depsInside<Deps extends RunDeps>(notebookId: string | null, deps: Deps): Deps {
  return isBranchId(notebookId) ? apart(deps, notebookId) : deps;
}

/** The same in a named environment, whose tables are nobody else's. A branch is apart already. */
export function depsInEnvironment<Deps extends RunDeps>(environment: string | undefined, deps: Deps): Deps {
  return environment === undefined ? deps : apart(deps, spaceOf(environment));
}

function apart<Deps extends RunDeps>(deps: Deps, space: string): Deps {
  const { openLineage: _told, ...own } = deps;
  return { ...own, db: inSpace(deps.db, space), keepsToItself: true, space } as unknown as Deps;
}
