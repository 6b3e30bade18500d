import { join } from 'node:path';
import { Fault, say } from '@datacraft/shared';
import type { ResolvedFile, SourceContext } from '../source.ts';
import { createFileHasher, type FileHasher } from './hash.ts';
import { findLocal, type Folder, type LocalFile } from './local.ts';
import { fetchToCache, type FetchRules } from './url.ts';

/**
 * Resolving turns `path:` of a source into files that this notebook may read, each with the hash of its content.
 *
 * F1  No name, link, glob or redirect leads out of the notebook's folder, other than into folders and hosts that the
 *     operator listed.
 * F2  A URL is fetched only from public addresses, and the address that was checked is the one connected to.
 * F3  The order of files is that of their names.
 *
 * What a file holds is not looked at here.
 */
export interface RemoteRules {
  readonly cacheDir: string;
  /** Hosts that may be fetched although their addresses are private. */
  readonly allowedHosts?: readonly string[];
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

type Read = Parameters<SourceContext['resolve']>[1];

export interface FolderRules extends RemoteRules {
  /** The folder of the notebook file. */
  readonly root: string;
  readonly allowedPaths?: readonly string[];
}

export interface UploadRules extends RemoteRules {
  /** Uploads are `<filesDir>/<id>/<name>`: `id` is that of the notebook the file is attached to, or of the upload. */
  readonly filesDir: string;
  readonly notebookId: string | null;
  readonly allowedPaths?: readonly string[];
}

const hashFile: FileHasher = createFileHasher();

/** For the command line: paths are files beside the notebook. */
export function createFileResolver(rules: FolderRules): SourceContext['resolve'] {
  const folder: Folder = { root: rules.root, allowed: rules.allowedPaths ?? [] };
  return async (path, read) =>
    (await fetched(path, { ...rules, read })) ?? withHashes(await findLocal(path, folder), rules.signal, read);
}

/** For the server: paths are `upload://<id>/<name>`, or names of files attached to the notebook. */
export function createUploadResolver(rules: UploadRules): SourceContext['resolve'] {
  return async (path, read) =>
    (await fetched(path, { ...rules, read })) ??
    withHashes(await findLocal(...uploadPlace(path, rules)), rules.signal, read);
}

function uploadPlace(path: string, rules: UploadRules): [string, Folder] {
  const allowed = rules.allowedPaths ?? [];
  const upload = /^upload:\/\/([A-Za-z0-9_-]+)\/(.+)$/.exec(path);
  if (upload?.[1] !== undefined && upload[2] !== undefined) {
    const [, id, name] = upload;
    // Ids of notebooks are no secret, those of uploads cannot be guessed.
    if (id.startsWith('nb_') && id !== rules.notebookId) {
      throw new Fault('forbidden', say('{path} belongs to another notebook; upload the file to this one', { path }), {
        file: path,
      });
    }
    return [decodeName(name), { root: join(rules.filesDir, id), allowed }];
  }
  if (path.startsWith('upload:')) {
    throw new Fault('source-unreadable', say('{path} is not an upload; its form is upload://<id>/<name>', { path }), {
      file: path,
    });
  }
  return [path, { root: join(rules.filesDir, rules.notebookId ?? 'none'), allowed }];
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A name with a bare % is taken as it is.
    return name;
  }
}

async function fetched(
  path: string,
  rules: RemoteRules & { readonly read: Read },
): Promise<readonly ResolvedFile[] | null> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'upload') return null;
  if (scheme !== 'http' && scheme !== 'https') {
    throw new Fault(
      'unsupported',
      say('{scheme}:// paths cannot be read; use a file beside the notebook, an upload or an https:// URL', { scheme }),
      {
        file: path,
      },
    );
  }
  const fetchRules: FetchRules = {
    cacheDir: rules.cacheDir,
    allowedHosts: rules.allowedHosts ?? [],
    maxBytes: rules.maxBytes ?? 4 * 1024 ** 3,
    timeoutMs: rules.timeoutMs ?? 30_000,
    ...(rules.signal ? { signal: rules.signal } : {}),
    ...(rules.read ? { onProgress: rules.read } : {}),
  };
  return [await fetchToCache(path, fetchRules)];
}

async function withHashes(
  files: readonly LocalFile[],
  signal: AbortSignal | undefined,
  read: Read,
): Promise<readonly ResolvedFile[]> {
  const resolved: ResolvedFile[] = [];
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let before = 0;
  for (const file of files) {
    const sha256 = await hashFile(file.path, signal, (bytes) => read?.(before + bytes, total));
    resolved.push({ ...file, sha256 });
    before += file.sizeBytes;
    read?.(before, total);
  }
  return resolved;
}
