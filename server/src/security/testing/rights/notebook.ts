import type { Right } from './right.ts';

export const notebookRights: readonly Right[] = [
  [/^(POST|PATCH|DELETE) .*\/comments(\/|$)/, 'commenter'],
  [/^POST .*\/branches$/, 'commenter'],
  // Rows that a person holds for their own preview.
  [/^(PUT|DELETE) .*\/pins\/\{cellId\}$/, 'viewer'],
];
