import { Fault } from '@datacraft/shared';
import type { Arguments } from './arguments.ts';

/** The one positional argument of a command. */
export function oneFile(args: Arguments, command: string): string {
  const [file, ...more] = args.positionals;
  if (file === undefined || more.length > 0) {
    throw new Fault(
      'bad-request',
      `${command} takes one notebook file, got ${args.positionals.length}; try "datacraft ${command} notebook.md"`,
    );
  }
  return file;
}
