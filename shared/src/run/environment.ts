import { Fault } from '../fault.ts';
import { say } from '../said/said.ts';

const NAME = /^[a-z][a-z0-9_-]{0,30}$/;
const RESERVED = ['main', 'prod', 'production'];

/** The name of an environment as somebody wrote it. */
export function parseEnvironment(text: string): string {
  if (RESERVED.includes(text))
    throw new Fault('bad-request', say('{name} is what runs without an environment: leave env out', { name: text }));
  if (!NAME.test(text))
    throw new Fault(
      'bad-request',
      say('"{name}" is no name of an environment: write at most 31 small letters, digits, - and _, a letter first', {
        name: text,
      }),
    );
  return text;
}

/** The id of the space that an environment is. */
export function spaceOf(environment: string): string {
  return `env_${environment}`;
}

/** An environment as it is listed. */
export interface EnvironmentSummary {
  readonly name: string;
  readonly by: string | null;
  readonly createdAt: string;
  /** Tables that were written in it. */
  readonly tables: number;
  readonly lastRunAt: string | null;
}

/** A table that was written in an environment. */
export interface EnvironmentTable {
  /** `layer.name` */
  readonly name: string;
  readonly cell: string;
  readonly notebookId: string | null;
  readonly notebookTitle: string;
  readonly rows: number;
  /** Of production; null where it has no such table. */
  readonly productionRows: number | null;
  /** Its fingerprint is that of production: the same rows. */
  readonly isSame: boolean;
  readonly runId: string | null;
  readonly writtenAt: string;
}

/** What a promotion came to. */
export interface Promoted {
  /** `layer.name` of what became production's without a run. */
  readonly promoted: readonly string[];
  /** Cells that the environment has, and that only a run can bring up to date. */
  readonly left: readonly string[];
}
