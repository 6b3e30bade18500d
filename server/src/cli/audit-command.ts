import type pg from 'pg';
import { COMMAND_LINE } from '../auth/audit-listing.ts';
import { audit } from '../auth/audit.ts';

/** What a command did: nobody is logged in there, whoever holds the data directory may do all. */
export function auditCommand(
  pool: Pick<pg.Pool, 'query'>,
  action: Parameters<typeof audit>[2],
  target: string,
  facts: Readonly<Record<string, string | number | boolean>> = {},
): Promise<void> {
  return audit(pool, null, action, target, { ...facts, via: COMMAND_LINE });
}
