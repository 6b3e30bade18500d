import type { Output } from './output.ts';
import { exitCodes } from './output.ts';

/** `datacraft backfill …`: named in the contract, so that who calls it hears what to do instead. */
export function backfill(_args: readonly string[], output: Output): Promise<number> {
  output.err(
    'datacraft backfill: not built yet; "datacraft run FILE.md --select cell --full-refresh" makes a table anew',
  );
  return Promise.resolve(exitCodes.usage);
}
