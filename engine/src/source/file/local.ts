import { glob, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { Fault, say } from '@datacraft/shared';

/** A file found on disk, checked to lie in `root` or in one of `allowed`. */
export interface LocalFile {
  readonly path: string;
  readonly shownAs: string;
  readonly sizeBytes: number;
}

export interface Folder {
  /** Relative paths start here, and may not leave it. */
  readonly root: string;
  /** Folders outside of it that the operator opened (DATACRAFT_ALLOWED_PATHS). */
  readonly allowed: readonly string[];
}

const MATCHES_MAX = 10_000;

/** Finds the file or, for a glob, the files in sorted order. Whatever way leads out of the folder is refused. */
export async function findLocal(asked: string, folder: Folder): Promise<readonly LocalFile[]> {
  if (asked.trim() === '') throw new Fault('source-unreadable', 'path is empty; name a file beside the notebook', {});
  if (asked.includes('\0')) throw new Fault('forbidden', 'a path cannot hold a NUL character', {});
  const literal = resolve(folder.root, asked);
  if (!isGlob(asked) || (await exists(literal))) return [await checkFile(literal, asked, folder)];
  return findMatches(asked, folder);
}

function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

async function findMatches(pattern: string, folder: Folder): Promise<readonly LocalFile[]> {
  const segments = pattern.split('/');
  const wild = segments.findIndex(isGlob);
  const base = resolve(folder.root, segments.slice(0, wild).join('/') || (isAbsolute(pattern) ? '/' : '.'));
  const rest = segments.slice(wild);
  if (rest.includes('..')) throw outside(pattern);
  if (!(await exists(base))) throw nothingMatches(pattern);
  await checkInside(base, pattern, folder);
  const matches: string[] = [];
  for await (const match of glob(rest.join('/'), { cwd: base })) {
    matches.push(match);
    if (matches.length > MATCHES_MAX) {
      throw new Fault(
        'source-unreadable',
        say('{pattern} matches more than {MATCHES_MAX} files; narrow the pattern', { pattern, MATCHES_MAX }),
        {
          file: pattern,
        },
      );
    }
  }
  const files: LocalFile[] = [];
  for (const match of matches.sort()) {
    const path = join(base, match);
    if ((await stat(path)).isDirectory()) continue;
    const shownAs = [...segments.slice(0, wild), match].join('/');
    files.push(await checkFile(path, shownAs, folder));
  }
  if (files.length === 0) throw nothingMatches(pattern);
  return files;
}

async function checkFile(path: string, shownAs: string, folder: Folder): Promise<LocalFile> {
  // Before looking, so that the answer does not tell what exists outside.
  checkLexically(path, shownAs, folder);
  const found = await realOrNull(path);
  if (found === null) {
    throw new Fault(
      'source-unreadable',
      say('{shownAs} does not exist; put the file beside the notebook or mend path:', { shownAs }),
      {
        file: shownAs,
      },
    );
  }
  const place = await checkInside(found, shownAs, folder);
  const info = await stat(found);
  if (info.isDirectory()) {
    throw new Fault(
      'source-unreadable',
      say('{shownAs} is a folder; name a file in it, or all of them with {folder}/*.csv', {
        shownAs,
        folder: shownAs.replace(/\/$/, ''),
      }),
      {
        file: shownAs,
      },
    );
  }
  if (!info.isFile()) {
    throw new Fault(
      'source-unreadable',
      say('{shownAs} is not a regular file (a device, pipe or socket)', { shownAs }),
      {
        file: shownAs,
      },
    );
  }
  // A hard link has no other name to check, so one in the notebook's own folder may be any file of the disk.
  if (info.nlink > 1 && place === 'root') {
    throw new Fault(
      'forbidden',
      say(
        "{shownAs} is hard-linked to another name, which may lie outside the notebook's folder; copy the file, or list its folder in DATACRAFT_ALLOWED_PATHS",
        { shownAs },
      ),
      { file: shownAs },
    );
  }
  return { path: found, shownAs, sizeBytes: info.size };
}

function checkLexically(path: string, shownAs: string, folder: Folder): void {
  if (![folder.root, ...folder.allowed].some((place) => isWithin(path, resolve(place)))) throw outside(shownAs);
}

/** Where the real path lies; links were followed before. */
async function checkInside(path: string, shownAs: string, folder: Folder): Promise<'root' | 'allowed'> {
  const real = (await realOrNull(path)) ?? path;
  for (const place of folder.allowed) {
    const realPlace = await realOrNull(resolve(place));
    if (realPlace !== null && isWithin(real, realPlace)) return 'allowed';
  }
  const realRoot = await realOrNull(folder.root);
  if (realRoot !== null && isWithin(real, realRoot)) return 'root';
  throw outside(shownAs);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function exists(path: string): Promise<boolean> {
  return (await realOrNull(path)) !== null;
}

async function realOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null;
    if (code === 'ELOOP' || code === 'EACCES') {
      throw new Fault(
        'source-unreadable',
        'the file cannot be opened: a link loop or a missing permission',
        {},
        { cause: error },
      );
    }
    throw error;
  }
}

function outside(shownAs: string): Fault {
  return new Fault(
    'forbidden',
    say(
      "{shownAs} lies outside the notebook's folder; put the file beside the notebook, or have the operator list its folder in DATACRAFT_ALLOWED_PATHS",
      { shownAs },
    ),
    { file: shownAs },
  );
}

function nothingMatches(pattern: string): Fault {
  return new Fault(
    'source-unreadable',
    say('no file matches {pattern}; check the folder and the pattern', { pattern }),
    {
      file: pattern,
    },
  );
}
