import { randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Fault, say, type RelationRef } from '@datacraft/shared';
import { isErrorCode, lakeFault } from './lake-fault.ts';

/**
 * The lake: files of the warehouse, on disk.
 *
 * L1  A file is written once: writing over one is refused.
 * L2  When `writeAll` resolves, the files and their names survive a power cut; those that were adopted do when `durable`
 *     resolves for them: the disk works while others compute.
 * L3  Only files below `root` are read, written or removed.
 *
 * It knows nothing of tables beyond where one lives. Nothing outside `lake/` and `iceberg/` touches these paths.
 * URLs are `file://` and the path as it is, not percent-encoded: that is how Iceberg readers take them.
 */
export interface Lake {
  /** Absolute path. */
  readonly root: string;
  /** A root for a new table, `file:///…/<layer>/<name>-<8hex>`. */
  newTableLocation(ref: RelationRef): string;
  urlOf(path: string): string;
  pathOf(url: string): string;
  read(url: string): Promise<Buffer>;
  /** Writes all or, failing, leaves what was written to the sweep. */
  writeAll(files: readonly LakeFile[]): Promise<void>;
  /**
   * Gives a finished file a place in the lake; the original stays where it is (a hard link, else a copy). It is synced
   * after that: `durable` waits for it.
   */
  adopt(path: string, url: string): Promise<void>;
  /** Throws when one of these adopted files could not be synced. Nothing may name them before. */
  durable(urls: readonly string[]): Promise<void>;
  /** Removing a file that is not there is not an error. */
  remove(url: string): Promise<void>;
  /** Every file below the root. */
  list(): Promise<readonly ListedFile[]>;
}

export interface LakeFile {
  readonly url: string;
  readonly bytes: Buffer;
}

export interface ListedFile {
  readonly url: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface LakeOptions {
  /** A directory; it is made when the first file is written. */
  readonly root: string;
  readonly randomHex?: () => string;
}

export function createLake(options: LakeOptions): Lake {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(options.root) && !options.root.startsWith('file://')) {
    const scheme = options.root.slice(0, options.root.indexOf('://') + 3);
    throw new Fault(
      'unsupported',
      say('the lake can be a directory, got {scheme}…; object stores are not supported yet, give a path', { scheme }),
    );
  }
  const root = resolve(options.root.replace(/^file:\/\//, ''));
  const randomHex = options.randomHex ?? (() => randomBytes(4).toString('hex'));
  const pathOf = (url: string): string => pathBelow(root, url);
  const syncing = new Map<string, Promise<void>>();
  return {
    root,
    newTableLocation: (ref) => urlOf(join(root, ref.layer, `${plainName(ref.name)}-${randomHex()}`)),
    urlOf,
    pathOf,
    read: (url) => guarded(url, () => readFile(pathOf(url))),
    writeAll: (files) => writeAll(files.map((file) => ({ path: pathOf(file.url), bytes: file.bytes }))),
    adopt: (path, url) =>
      guarded(url, async () => {
        const changed = await inDirectoryOf(pathOf(url), () => linkOrCopy(path, pathOf(url)));
        const synced = syncAll([pathOf(url), ...changed]).then(() => void syncing.delete(url));
        synced.catch(() => {}); // Told to whoever asks whether it is durable; a file nobody asks for is never named.
        syncing.set(url, synced);
      }),
    durable: async (urls) => void (await Promise.all(urls.map((url) => syncing.get(url)))),
    remove: (url) => {
      syncing.delete(url);
      return guarded(url, () => removeFile(root, pathOf(url)));
    },
    list: () => listBelow(root),
  };
}

function urlOf(path: string): string {
  const plain = path.replaceAll(sep, '/');
  return `file://${plain.startsWith('/') ? '' : '/'}${plain}`;
}

/** Engines on Hadoop write `file:/path` for what others call `file:///path`. */
export function plainUrl(url: string): string {
  return url.replace(/^file:\/(?!\/)/, 'file:///');
}

function pathBelow(root: string, url: string): string {
  const plain = plainUrl(url);
  if (!plain.startsWith('file:///')) {
    throw new Fault(
      'unsupported',
      say('expected a file:/// URL, got {url}; object stores are not supported yet', { url }),
    );
  }
  const path = resolve(sep === '/' ? plain.slice('file://'.length) : plain.slice('file:///'.length));
  if (!path.startsWith(root + sep)) throw new Fault('internal', `expected a file below the lake ${root}, got ${path}`);
  return path;
}

function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 80);
}

/** Files side by side, then the directories that got names, once each. */
async function writeAll(files: readonly { path: string; bytes: Buffer }[]): Promise<void> {
  const changed = await Promise.all(
    files.map((file) => guarded(file.path, () => inDirectoryOf(file.path, () => writeOnce(file.path, file.bytes)))),
  );
  await syncAll(changed.flat());
}

async function syncAll(paths: readonly string[]): Promise<void> {
  await Promise.all([...new Set(paths)].map(syncFile));
}

async function writeOnce(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Answers the directories that got a new name. A sweep may remove the empty directory meanwhile: then once more. */
async function inDirectoryOf(path: string, work: () => Promise<void>): Promise<string[]> {
  const directory = dirname(path);
  const made = await makeDirectory(directory);
  try {
    await work();
    return [directory, ...made];
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) throw error;
    const again = await makeDirectory(directory);
    await work();
    return [directory, ...made, ...again];
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isErrorCode(error, 'EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'EACCES')) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

/** Answers the directories that got a new entry, and so need a sync of their own. */
async function makeDirectory(directory: string): Promise<string[]> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return [];
  const changed: string[] = [];
  for (let at = directory; at.length >= first.length; at = dirname(at)) changed.push(dirname(at));
  return changed;
}

/** Windows cannot open a directory; its file systems keep the journal of names themselves. */
async function syncFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (process.platform === 'win32' && isErrorCode(error, 'EISDIR', 'EPERM', 'EACCES')) return;
    throw lakeFault(path, error);
  }
}

/** Directories that this empties go too; one that got a file meanwhile stays. */
async function removeFile(root: string, path: string): Promise<void> {
  await rm(path, { force: true });
  for (let at = dirname(path); at.startsWith(root + sep); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch (error) {
      if (isErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) return;
      throw error;
    }
  }
}

async function listBelow(root: string): Promise<ListedFile[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return [];
    throw lakeFault(root, error);
  }
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const listed = await Promise.all(files.map(listedFile));
  return listed.filter((file) => file !== null);
}

async function listedFile(path: string): Promise<ListedFile | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { url: urlOf(path), sizeBytes: size, modifiedMs: mtimeMs };
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return null;
    throw lakeFault(path, error);
  }
}

async function guarded<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw lakeFault(place, error);
  }
}
