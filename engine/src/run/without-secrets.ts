import { Fault, isFault } from '@datacraft/shared';
import type { RemoteAccess } from '../source/source.ts';

/** The error without secrets that the other side repeated: what it says is shown to whoever may see the run. */
export function withoutSecrets(error: unknown, remote: Pick<RemoteAccess, 'hide'> | undefined): unknown {
  if (!remote?.hide || !(error instanceof Error)) return error;
  const message = remote.hide(error.message);
  if (message === error.message) return error;
  return isFault(error) ? new Fault(error.code, message, error.facts) : new Error(message);
}
