import { join } from 'node:path';
import type { Owner, ResolveFiles } from '@datacraft/engine';
import { createUploadResolver } from '@datacraft/engine';
import type { Config } from '../config.ts';

/**
 * Where source cells of notebooks on the server find their files: uploads, and what the operator allows. `ownerOf` says
 * whose files a notebook reads: a branch reads those of the notebook it was forked from.
 */
export function notebookResolver(
  config: Config,
  ownerOf: (notebookId: string) => Promise<string> = (id) => Promise.resolve(id),
): (owner: Pick<Owner, 'notebookId'>) => ResolveFiles {
  return (owner) => async (path) =>
    createUploadResolver({
      filesDir: join(config.dataDir, 'files'),
      notebookId: owner.notebookId === null ? null : await ownerOf(owner.notebookId),
      cacheDir: join(config.dataDir, 'cache'),
      allowedPaths: config.allowedPaths,
      allowedHosts: config.allowedHosts,
    })(path);
}
