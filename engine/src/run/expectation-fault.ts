import type { CheckReport, Words } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';

/** A staged result that its rules refused: nothing of it is published. Carries what each rule found. */
export class ExpectationFault extends Fault {
  readonly checks: readonly CheckReport[];

  constructor(checks: readonly CheckReport[], message: Words) {
    super('expectation-failed', message);
    this.checks = checks;
  }
}
