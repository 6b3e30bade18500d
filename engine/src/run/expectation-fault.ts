import type { CheckReport } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';

/** A staged result that its rules refused: nothing of it is published. Carries what each rule found. */
export class ExpectationFault extends Fault {
  readonly checks: readonly CheckReport[];

  constructor(checks: readonly CheckReport[], message: string) {
    super('expectation-failed', message);
    this.checks = checks;
  }
}
