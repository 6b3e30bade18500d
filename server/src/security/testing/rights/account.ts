import type { Right } from './right.ts';

export const accountRights: readonly Right[] = [
  [/^(GET|HEAD) .*\/invitations$/, 'editor'],
  [/^(POST|PATCH|DELETE) .*\/tokens/, 'viewer'],
  [/^(PATCH|POST|PUT|DELETE) .*\/me(\/|$)/, 'viewer'],
  [/^POST .*\/notifications\/read$/, 'viewer'],
  [/^PATCH .*\/users\//, 'owner'],
];
