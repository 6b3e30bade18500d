import type { Right } from './right.ts';

export const dataRights: readonly Right[] = [
  [/^POST .*\/(query|query\/plan|query\/download|preview)$/, 'viewer'],
  [/^(POST|PUT|DELETE) .*\/queries(\/|$)/, 'runner'],
  [/^POST .*\/registry\/(compatibility\/.*|subjects\/\{subject\})$/, 'viewer'],
  [/^POST .*\/models\/\{name\}\/(predict|explain)$/, 'viewer'],
  [/^POST \/v1\/\{model\}$/, 'viewer'],
];
