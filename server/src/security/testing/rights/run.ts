import type { Right } from './right.ts';

export const runRights: readonly Right[] = [
  [/^POST .*\/(runs(\/|$)|notebooks\/\{id\}\/plan$)/, 'runner'],
  [/^POST .*\/(schedule\/(run|pause|resume)|alerts\/\{id\}\/acknowledge)$/, 'runner'],
  [/^(POST|DELETE) .*\/alert-channels(\/|$)/, 'owner'],
  [
    /^POST .*\/(streams\/\{source\}\/events|streams\/\{id\}\/(pause|resume|letters\/replay)|notebooks\/\{id\}\/streams)$/,
    'runner',
  ],
];
