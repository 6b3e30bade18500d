import type { Compiled, Owner, QueryDeps, ResolveFiles, RunDeps } from '@datacraft/engine';
import {
  forgetWritten,
  gather,
  presentFingerprints,
  promotables,
  promote,
  refuseUnknown,
  releaseSources,
} from '@datacraft/engine';
import type { Promoted } from '@datacraft/shared';
import { spaceOf } from '@datacraft/shared';

interface OfNotebook {
  readonly environment: string;
  readonly owner: Owner;
  readonly compiled: Compiled;
  readonly resolve: ResolveFiles;
}

/**
 * Tables that the environment has as the notebook means them now become production's, without a run; from then on the
 * environment has production's under those names. `deps` are those of production.
 */
export async function promoteFrom(
  { environment, owner, compiled: { graph }, resolve }: OfNotebook,
  deps: RunDeps & QueryDeps,
): Promise<Promoted> {
  await refuseUnknown(deps.db, environment);
  const known = await gather(graph, resolve, { ...deps, reading: 'status' });
  try {
    const cells = promotables(graph, presentFingerprints(graph, known, {}, deps.now()));
    return await deps.db.transaction(async (tx) => {
      const from = { space: spaceOf(environment), madeBy: owner, owner, cells };
      const done = await promote(from, { tx, lake: deps.lake });
      await forgetWritten(tx, environment, done.promoted);
      return done;
    });
  } finally {
    await releaseSources(known);
  }
}
