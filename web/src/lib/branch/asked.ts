import { page } from '$app/state';
import { inBranch } from './in-branch.ts';

/** The branch whose tables and models this page shows, as its address says; empty: main's. */
export function askedBranch(): string {
  return page.url.searchParams.get('branch') ?? '';
}

/** A link that stays in the branch this page shows. */
export function stayIn(path: string): string {
  return inBranch(path, askedBranch());
}
