/** What this reader of Jinja cannot follow, at an offset of the template; caught where the template's file is known. */
export class JinjaProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
