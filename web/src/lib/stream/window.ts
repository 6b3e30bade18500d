import type { SnapshotSummary } from '@datacraft/shared';

/** A table of a stream with its commits of the last hour, oldest first, and which of them somebody looks at. */
export interface LookedAt {
  /** `layer.name` */
  readonly table: string;
  readonly commits: readonly SnapshotSummary[];
  readonly index: number;
}

/** Rows of a stream's table: all as a commit left them, or those that came after `since`. */
export interface Window {
  readonly kind: 'all' | 'commit' | 'minutes';
  readonly minutes: number;
  readonly since: string | null;
  /** Null where rows were replaced, so that those that came cannot be counted here. */
  readonly rows: number | null;
}

const SPANS = [1, 5, 15] as const;

/** What can be taken of a commit of the last hour; spans that come to the same as a shorter one are left out. */
export function windowsAt(commits: readonly SnapshotSummary[], index: number): readonly Window[] {
  const commit = commits[index];
  if (commit === undefined) return [];
  const since = (after: number) => ({
    since: commits[after]?.snapshotId ?? null,
    rows: cameAfter(commits.slice(after + 1, index + 1)),
  });
  const found: Window[] = [{ kind: 'all', minutes: 0, since: null, rows: commit.rows }];
  let before = index - 1;
  if (before < 0) return found;
  found.push({ kind: 'commit', minutes: 0, ...since(before) });
  for (const minutes of SPANS) {
    const from = Date.parse(commit.committedAt) - minutes * 60_000;
    const after = commits.findLastIndex(({ committedAt }) => Date.parse(committedAt) < from);
    if (after >= 0 && after < before) found.push({ kind: 'minutes', minutes, ...since((before = after)) });
  }
  return found;
}

function cameAfter(commits: readonly SnapshotSummary[]): number | null {
  if (commits.some(({ deletedRows }) => deletedRows > 0)) return null;
  return commits.reduce((sum, { addedRows }) => sum + addedRows, 0);
}
