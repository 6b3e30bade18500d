import { join } from 'node:path';
import type { Owner, ResolveFiles } from '@datacraft/engine';
import { createUploadResolver } from '@datacraft/engine';
import type { Config } from '../config.ts';

/** Where source cells of notebooks on the server find their files: uploads, and what the operator allows. */
export function notebookResolver(config: Config): (owner: Pick<Owner, 'notebookId'>) => ResolveFiles {
  return (owner) =>
    createUploadResolver({
      filesDir: join(config.dataDir, 'files'),
      notebookId: owner.notebookId,
      cacheDir: join(config.dataDir, 'cache'),
      allowedPaths: config.allowedPaths,
      allowedHosts: config.allowedHosts,
    });
}
