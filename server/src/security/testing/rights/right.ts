import type { Role } from '@datacraft/shared';

/** `METHOD /path` as the API describes it, and from which role on it may succeed. */
export type Right = readonly [RegExp, Role];
