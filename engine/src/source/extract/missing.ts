import type { Column } from '@datacraft/shared';
import { quoteName } from '../sql-text.ts';

/** Adds the columns of the table that this part of its rows lacks. */
export function withMissing(select: string, missing: readonly Column[]): string {
  if (missing.length === 0) return select;
  return `select *, ${missing.map(typedNull).join(', ')} from (${select})`;
}

export function typedNull({ name, type }: Column): string {
  return `null::${type} as ${quoteName(name)}`;
}
