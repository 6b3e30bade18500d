import { Fault, isFault, say } from '@datacraft/shared';

export function isErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** What the file system said, in our words. The path stays in the cause: it is a server's, and faults are shown. */
export function lakeFault(place: string, error: unknown): Fault {
  if (isFault(error)) return error;
  const name = place.slice(place.lastIndexOf('/') + 1);
  if (isErrorCode(error, 'ENOSPC', 'EDQUOT')) {
    return new Fault(
      'disk-full',
      'no space left for the warehouse; free some or remove old tables, then run again',
      {},
      { cause: error },
    );
  }
  if (isErrorCode(error, 'ENOENT')) {
    return new Fault(
      'internal',
      say('a file of the warehouse is missing: {name}; restore it from a backup', { name }),
      { file: name },
      { cause: error },
    );
  }
  if (isErrorCode(error, 'EEXIST')) {
    return new Fault(
      'internal',
      say('a file of the warehouse would be written twice: {name}', { name }),
      { file: name },
      { cause: error },
    );
  }
  return new Fault(
    'internal',
    say('the warehouse could not be read or written at {name}', { name }),
    { file: name },
    { cause: error },
  );
}
