/** A path of the interface or of the API where names mean a branch's tables and models; those of main when it is empty. */
export function inBranch(path: string, branch: string): string {
  if (branch === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}branch=${encodeURIComponent(branch)}`;
}
