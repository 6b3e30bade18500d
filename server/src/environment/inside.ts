import type { Owner, RunDeps } from '@datacraft/engine';
import { depsInEnvironment, enterEnvironment, refuseUnknown } from '@datacraft/engine';
import { Fault, isBranchId, parseEnvironment } from '@datacraft/shared';

/** For readers: an environment that is not there is a fault, never production. */
export async function readingInEnvironment<Deps extends RunDeps>(
  environment: string | undefined,
  deps: Deps,
): Promise<Deps> {
  if (environment === undefined) return deps;
  await refuseUnknown(deps.db, parseEnvironment(environment));
  return depsInEnvironment(environment, deps);
}

/** The same as a run of this owner would find it. */
export async function planningInEnvironment<Deps extends RunDeps>(
  environment: string | undefined,
  owner: Owner,
  deps: Deps,
): Promise<Deps> {
  if (environment !== undefined) await enterEnvironment(deps.db, parseEnvironment(environment), owner);
  return readingInEnvironment(environment, deps);
}

export function refuseEnvironmentOfBranch(notebookId: string): void {
  if (!isBranchId(notebookId)) return;
  throw new Fault('bad-request', 'a branch has tables of its own already: run it without an environment');
}
